import { decideDay, isSchoolDay } from '../../domain/calendar/day-kind.ts';
import { datesBetween, schoolYearStart, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { SchoolCalendar } from '../../domain/calendar/school-calendar.ts';
import type { Homeroom, SchoolRoster } from '../../domain/roster/roster.ts';
import { makeEntry, type Cell } from '../../ledger/entry.ts';
import { attendanceKey } from '../../ledger/kinds.ts';
import { registerStream } from '../../ledger/stream.ts';
import type { TimedEntry } from '../import/keep-entries.ts';
import { pupilYear, type PupilDay } from './pupil-year.ts';
import { SeededRandom } from './seeded-random.ts';

const PRACTICE_DEVICE = 'practice';
const MINUTE_MS = 60_000;
/** Midnight in Japan, as an instant. */
const midnight = (date: CalendarDate): number => Date.parse(`${date}T00:00:00+09:00`);

export interface PracticeAttendanceOptions {
  readonly seed: string;
  readonly roster: SchoolRoster;
  readonly calendar: SchoolCalendar;
  /** The first day that is not filled in. */
  readonly until: CalendarDate;
  /** The last filled day is left open in this homeroom with one disagreement of teacher and nurse. */
  readonly showcaseHomeroomId?: string;
}

/** Months of roll-calls of one school, with corrections and a nurse's marks, in the order they were received. */
export function practiceAttendance(options: PracticeAttendanceOptions): TimedEntry[] {
  const entries: TimedEntry[] = [];
  for (const homeroom of options.roster.homerooms.values())
    entries.push(...homeroomEntries(homeroom, options));
  return entries.sort((a, b) => a.receivedAt - b.receivedAt || (a.entry._id < b.entry._id ? -1 : 1));
}

function staffWith(roster: SchoolRoster, role: string, homeroomId?: string): string | undefined {
  for (const member of roster.staff.values()) {
    const holds = member.duties.some(
      (duty) =>
        duty.role === role &&
        (homeroomId === undefined || ('homeroomId' in duty && duty.homeroomId === homeroomId)),
    );
    if (holds) return member.id;
  }
  return undefined;
}

function schoolDays(homeroom: Homeroom, options: PracticeAttendanceOptions): CalendarDate[] {
  const { roster, calendar, until } = options;
  const gradeLevel = homeroom.gradeLevels[0];
  if (!gradeLevel) return [];
  const end = until < schoolYearStart(roster.schoolYear + 1) ? until : schoolYearStart(roster.schoolYear + 1);
  return datesBetween(schoolYearStart(roster.schoolYear), end).filter((date) => {
    const { kind } = decideDay(calendar, roster.homerooms, homeroom.id, gradeLevel, date);
    return isSchoolDay(kind) && kind !== 'homeroomClosure';
  });
}

function* homeroomEntries(homeroom: Homeroom, options: PracticeAttendanceOptions): Generator<TimedEntry> {
  const { roster, seed } = options;
  const teacher = staffWith(roster, 'homeroomTeacher', homeroom.id);
  const nurse = staffWith(roster, 'schoolNurse');
  if (!teacher) return;
  const stream = registerStream(roster.school.code, roster.schoolYear);
  const random = new SeededRandom(`${seed}:${homeroom.id}`);
  const days = schoolDays(homeroom, options);
  const pupils = roster.enrollments
    .filter((enrollment) => enrollment.homeroomId === homeroom.id)
    .map((enrollment) => ({
      enrollment,
      year: pupilYear(new SeededRandom(`${seed}:${enrollment.studentId}`), days),
    }));
  const write = (date: CalendarDate, by: string, madeAt: number, cells: Cell[]): TimedEntry => {
    const body = {
      v: 1,
      kind: 'attendance',
      salt: random.salt(),
      on: date,
      madeAt,
      by,
      device: PRACTICE_DEVICE,
      cells,
    };
    return { entry: makeEntry(stream, body), receivedAt: madeAt + random.between(1, 90) * 1000 };
  };
  for (const date of days) {
    const rollCallAt = midnight(date) + random.between(8 * 60 + 20, 8 * 60 + 40) * MINUTE_MS;
    const present = pupils.filter(({ enrollment }) => enrollment.from <= date && date < enrollment.until);
    const seen = new Map(present.map(({ enrollment, year }) => [enrollment.studentId, year.get(date)]));
    const isShowcase = homeroom.id === options.showcaseHomeroomId && date === days.at(-1);
    const rollCall = write(
      date,
      teacher,
      rollCallAt,
      [...seen].map(([studentId, day]) => ({
        key: attendanceKey(studentId, date),
        value: valueOf(teacherSees(day)),
        over: [],
      })),
    );
    if (rollCall.entry.cells.length === 0) continue;
    yield rollCall;
    yield* laterMarks(date, rollCall, seen);
    if (isShowcase && nurse) yield disagreement(date, nurse, seen);
  }

  /** 出席停止 is the nurse's to confirm: the teacher writes 病 and the nurse corrects it in the course of the day. */
  function* laterMarks(
    date: CalendarDate,
    rollCall: TimedEntry,
    seen: ReadonlyMap<string, PupilDay | undefined>,
  ): Generator<TimedEntry> {
    for (const [studentId, day] of seen) {
      if (!day) continue;
      const at = rollCall.entry.madeAt + random.between(20, 300) * MINUTE_MS;
      const correct = (by: string, value: PupilDay): TimedEntry =>
        write(date, by, at, [
          { key: attendanceKey(studentId, date), value: valueOf(value), over: [rollCall.entry._id] },
        ]);
      if (day.mark === 'suspendedInfection' && nurse) yield correct(nurse, day);
      else if (day.mark === 'late' && teacher) yield correct(teacher, day);
    }
  }

  function disagreement(
    date: CalendarDate,
    by: string,
    seen: ReadonlyMap<string, PupilDay | undefined>,
  ): TimedEntry {
    const [studentId] = [...seen].find(([, day]) => day === undefined) ?? [...seen][0] ?? [''];
    return write(date, by, midnight(date) + 8 * 60 * MINUTE_MS, [
      {
        key: attendanceKey(studentId, date),
        value: { mark: 'suspendedInfection', note: 'インフルエンザ' },
        over: [],
      },
    ]);
  }
}

/** At 8:30 a teacher sees an absence where later a lateness or a 出席停止 is written. */
function teacherSees(day: PupilDay | undefined): PupilDay {
  if (!day) return { mark: 'present' };
  if (day.mark === 'suspendedInfection' || day.mark === 'late') return { mark: 'sick' };
  return day;
}

function valueOf(day: PupilDay): { mark: string; note?: string } {
  return day.note === undefined ? { mark: day.mark } : { mark: day.mark, note: day.note };
}
