import type { Subject } from '../../access/subject.ts';
import { canWriteEntry, type RosterContext } from '../../access/register-access.ts';
import { rosterContextOf } from '../../access/roster-context.ts';
import type { AttendanceLookup } from '../../domain/attendance/attendance.ts';
import type { AttendanceSources } from '../../domain/attendance/sources.ts';
import type { MarkTable } from '../../domain/attendance/marks.ts';
import { monthOf, type CalendarDate, type SchoolYear } from '../../domain/calendar/calendar-date.ts';
import type { SchoolCalendar } from '../../domain/calendar/school-calendar.ts';
import { readSchoolDays, type SchoolDayReader } from '../../domain/calendar/school-day-reader.ts';
import type { SchoolRoster } from '../../domain/roster/roster.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { Period } from '../../ledger/entry-id.ts';
import type { Fold, Write } from '../../ledger/fold.ts';
import { attendanceKey } from '../../ledger/kinds.ts';
import { attendanceOf, readCalendar, readRoster } from '../../ledger/register-view.ts';
import type { Stream } from '../../ledger/stream.ts';

/** An entry that the school sent back; its author is told, the register is as if it had never been. */
export interface RefusedEntry {
  readonly entry: Entry;
  readonly code: string;
}

/** What is needed to answer for a register, whatever the question. */
export interface RegisterSource extends AttendanceSources {
  readonly stream: Stream;
  readonly schoolYear: SchoolYear;
  readonly schoolDays: SchoolDayReader;
  readonly subject: Subject;
  readonly today: CalendarDate;
  readonly refused: readonly RefusedEntry[];
  /** Entries that the school does not have yet. */
  readonly waiting: readonly Entry[];
  headsOf(studentId: string, date: CalendarDate): readonly Write[];
  homeroomOf: RosterContext['homeroomOf'];
}

/** What stands for the whole year, read once and kept until an entry changes it. */
export interface Standing {
  readonly roster: SchoolRoster;
  readonly calendar: SchoolCalendar;
  readonly schoolDays: SchoolDayReader;
  readonly homeroomOf: RosterContext['homeroomOf'];
}

export function readStanding(fold: Fold, schoolYear: SchoolYear): Standing {
  const roster = readRoster(fold, schoolYear);
  const calendar = readCalendar(fold, schoolYear);
  return {
    roster,
    calendar,
    schoolDays: readSchoolDays(calendar, roster.homerooms),
    ...rosterContextOf(roster),
  };
}

/** The attendance of a register whose months fold apart. */
export function attendanceAcross(foldOf: (period: Period) => Fold): AttendanceLookup {
  const lookups = new Map<Period, AttendanceLookup>();
  return (studentId, date) => {
    const month = monthOf(date);
    let lookup = lookups.get(month);
    if (!lookup) {
      lookup = attendanceOf(foldOf(month));
      lookups.set(month, lookup);
    }
    return lookup(studentId, date);
  };
}

export function makeSource(
  input: Pick<RegisterSource, 'stream' | 'schoolYear' | 'subject' | 'today' | 'refused' | 'waiting'> & {
    standing: Standing;
    marks: MarkTable;
    foldOf: (period: Period) => Fold;
  },
): RegisterSource {
  const { standing, foldOf, ...rest } = input;
  return {
    ...rest,
    ...standing,
    attendance: attendanceAcross(foldOf),
    headsOf: (studentId, date) => foldOf(monthOf(date)).headsOf(attendanceKey(studentId, date)),
  };
}

/** Whether this person may mark these pupils' day. */
export function canMark(source: RegisterSource, studentIds: readonly string[], date: CalendarDate): boolean {
  const body = {
    v: 1,
    kind: 'attendance',
    salt: '',
    on: date,
    madeAt: 0,
    by: source.subject.personId,
    device: '',
    cells: studentIds.map((id) => ({ key: attendanceKey(id, date), value: null, over: [] })),
  };
  return canWriteEntry(source.subject, source.stream, body, source, source.today).allowed;
}
