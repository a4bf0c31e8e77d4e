import { canReadBoardCounts } from '../../access/register-access.ts';
import { defaultMarks } from '../../domain/attendance/default-marks.ts';
import { schoolDayTally } from '../../domain/attendance/school-day-tally.ts';
import {
  calendarDateAt,
  monthOf,
  parseCalendarDate,
  schoolYearOf,
  type CalendarDate,
} from '../../domain/calendar/calendar-date.ts';
import { attendanceOf } from '../../ledger/register-view.ts';
import { parseRegisterDatabase } from '../../ledger/stream.ts';
import type { OpenStream } from '../exchange/open-stream.ts';
import { subjectOf } from '../identity/account.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import type { SignedIn } from './request-context.ts';

/** One school's day: counts only. */
interface SchoolCounts {
  /** Homerooms that have to take the roll today, and those that have. */
  homerooms: number;
  taken: number;
  enrolled: number;
  present: number;
  absent: number;
  suspended: number;
  /** 忌引, 非常変災 and closures of part of a grade level. */
  otherExcluded: number;
  late: number;
  earlyDeparture: number;
  unmarked: number;
}

/** `GET /api/board/today?date=`: today by school for the board, without a name. */
export async function readBoardDay(
  parts: GatewayParts,
  request: Request,
  { account }: SignedIn,
): Promise<Response> {
  const today = calendarDateAt(parts.now());
  if (!canReadBoardCounts(subjectOf(account), today).allowed) return refusal(403, 'denied');
  const asked = new URL(request.url).searchParams.get('date');
  const date = asked === null ? today : parseCalendarDate(asked);
  if (!date) return refusal(400, 'badDate');
  const schools: ({ code: string; name: string } & SchoolCounts)[] = [];
  for (const stream of await parts.streams.list()) {
    if (parseRegisterDatabase(stream.db)?.schoolYear !== schoolYearOf(date)) continue;
    schools.push(await countSchool(await parts.streams.open(stream), date));
  }
  return jsonAnswer({ date, schools, total: sumOf(schools) });
}

async function countSchool(
  opened: OpenStream,
  date: CalendarDate,
): Promise<{ code: string; name: string } & SchoolCounts> {
  const { roster, calendar } = await opened.folds.standing();
  const attendance = attendanceOf(await opened.folds.foldOf(monthOf(date)));
  const tally = schoolDayTally({ roster, calendar, marks: defaultMarks, attendance, date });
  return {
    code: roster.school.code || opened.schoolCode,
    name: roster.school.name,
    homerooms: tally.rollDueHomeroomCount,
    taken: tally.rollTakenHomeroomCount,
    enrolled: tally.enrolledCount,
    present: tally.presentCount,
    absent: tally.absentCount,
    suspended: tally.suspendedCount,
    otherExcluded: tally.bereavementCount + tally.otherExcludedCount,
    late: tally.lateCount,
    earlyDeparture: tally.earlyDepartureCount,
    unmarked: tally.unmarkedCount,
  };
}

function sumOf(schools: readonly SchoolCounts[]): SchoolCounts {
  const sum: SchoolCounts = {
    homerooms: 0,
    taken: 0,
    enrolled: 0,
    present: 0,
    absent: 0,
    suspended: 0,
    otherExcluded: 0,
    late: 0,
    earlyDeparture: 0,
    unmarked: 0,
  };
  for (const school of schools) {
    for (const name of Object.keys(sum) as (keyof SchoolCounts)[]) sum[name] += school[name];
  }
  return sum;
}
