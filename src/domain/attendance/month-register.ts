import {
  addDays,
  datesOfMonth,
  weekdayOf,
  type CalendarDate,
  type CalendarMonth,
} from '../calendar/calendar-date.ts';
import { isSchoolDay, type SchoolDay } from '../calendar/day-kind.ts';
import { readSchoolDays } from '../calendar/school-day-reader.ts';
import { enrolledDuring } from '../roster/enrolled.ts';
import type { Homeroom, Student } from '../roster/roster.ts';
import { dayTally, type DayTally } from './day-tally.ts';
import { readPupilDays, type PupilDay } from './pupil-day.ts';
import { checkRegister, type RegisterCheck } from './register-checks.ts';
import {
  findDayProblems,
  findFailedChecks,
  findLastDaysWithoutSchool,
  findMarksOutsideEnrollment,
  type RegisterProblem,
} from './register-problems.ts';
import { remarksOf, type Remark } from './remarks.ts';
import type { AttendanceSources } from './sources.ts';
import { sumTotals, totalsOf, type AttendanceTotals } from './totals.ts';

/** A column of the register; its kind is that of the homeroom, a pupil's own may differ (special needs). */
export interface RegisterDay extends SchoolDay {
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  /** A 授業日 of the homeroom that is not after the last day to count. */
  readonly isDue: boolean;
  readonly tally: DayTally;
}

export interface RegisterRow {
  readonly student: Student;
  readonly rosterNumber: number | null;
  /** One for each of the register's days, in their order. */
  readonly days: readonly PupilDay[];
  readonly totals: AttendanceTotals;
  readonly remarks: readonly Remark[];
}

/** A page of the 出席簿 (学校教育法施行規則25条): one homeroom, one month. */
export interface MonthRegister {
  readonly homeroom: Homeroom;
  readonly month: CalendarMonth;
  readonly days: readonly RegisterDay[];
  readonly rows: readonly RegisterRow[];
  readonly totals: AttendanceTotals;
  readonly checks: readonly RegisterCheck[];
  readonly problems: readonly RegisterProblem[];
}

export interface MonthRegisterInput extends AttendanceSources {
  readonly homeroomId: string;
  readonly month: CalendarMonth;
  /** The last day to count, inclusive; later days are not due yet. All days count where it is left out. */
  readonly through?: CalendarDate | undefined;
}

/** Makes the page. Throws where the roster does not hold the homeroom. */
export function monthRegister(input: MonthRegisterInput): MonthRegister {
  const { roster, homeroomId, month, through } = input;
  const homeroom = roster.homerooms.get(homeroomId);
  if (!homeroom) throw new RangeError(`unknown homeroom: ${homeroomId}`);

  const schoolDays = readSchoolDays(input.calendar, roster.homerooms);
  const dates = datesOfMonth(month);
  const [first = `${month}-01` as CalendarDate] = dates;
  const stays = enrolledDuring(roster, homeroomId, first, addDays(first, dates.length));

  const rows = stays.map(({ student, rosterNumber, enrollments }): RegisterRow => {
    const days = readPupilDays(input, schoolDays, student, enrollments, homeroomId, dates, through);
    return {
      student,
      rosterNumber,
      days,
      totals: totalsOf(days),
      remarks: remarksOf(days, enrollments),
    };
  });

  const ownRoster = {
    ...roster,
    enrollments: roster.enrollments.filter((each) => each.homeroomId === homeroomId),
  };
  const days = dates.map((date): RegisterDay => {
    const column = schoolDays.columnFor(homeroomId, date);
    return {
      ...column,
      weekday: weekdayOf(date),
      isDue: isSchoolDay(column.kind) && isCounted(date, through),
      tally: dayTally({ ...input, roster: ownRoster, date, schoolDays }),
    };
  });

  const counted = days.filter((day) => isCounted(day.date, through));
  const checks = checkRegister(
    rows.map((row) => row.totals),
    counted.map((day) => day.tally),
  );
  return {
    homeroom,
    month,
    days,
    rows,
    totals: sumTotals(rows.map((row) => row.totals)),
    checks,
    problems: [
      ...rows.flatMap((row) => findDayProblems(row.student.id, row.days)),
      ...findMarksOutsideEnrollment(input, homeroomId, dates),
      ...stays.flatMap((stay) => findLastDaysWithoutSchool(input, schoolDays, stay.enrollments, dates)),
      ...findFailedChecks(checks),
    ],
  };
}

function isCounted(date: CalendarDate, through: CalendarDate | undefined): boolean {
  return through === undefined || date <= through;
}
