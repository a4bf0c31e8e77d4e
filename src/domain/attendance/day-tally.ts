import type { CalendarDate } from '../calendar/calendar-date.ts';
import { isSchoolDay } from '../calendar/day-kind.ts';
import { readSchoolDays, type SchoolDayReader } from '../calendar/school-day-reader.ts';
import { enrolledOn } from '../roster/enrolled.ts';
import type { MarkCount } from './marks.ts';
import { resolveDay } from './provisional.ts';
import type { AttendanceSources } from './sources.ts';

/**
 * How many pupils, of one homeroom or of several, are where on a day. Of every tally,
 * `dueCount = presentCount + absentCount + suspendedCount + bereavementCount + otherExcludedCount + unmarkedCount`.
 */
export interface DayCounts {
  readonly enrolledCount: number;
  /** Pupils for whom the day is a 授業日. */
  readonly dueCount: number;
  /** 出席: late, early departure and 出席扱い included. */
  readonly presentCount: number;
  readonly absentCount: number;
  /** 出席停止, by infection or misconduct. */
  readonly suspendedCount: number;
  readonly bereavementCount: number;
  /** 非常変災等, and closure of part of a grade level. */
  readonly otherExcludedCount: number;
  readonly lateCount: number;
  readonly earlyDepartureCount: number;
  /** Pupils without a readable mark. */
  readonly unmarkedCount: number;
  /** Pupils whose marks disagree; each is counted by the provisional value. */
  readonly conflictCount: number;
}

export interface DayTally extends DayCounts {
  /** Somebody has to take the roll: for one pupil at least it is a school day that is not closed. */
  readonly rollDue: boolean;
  /** The roll is due, and every pupil it is due for has a mark that is not taken back. */
  readonly rollTaken: boolean;
}

export interface DayTallyInput extends AttendanceSources {
  readonly homeroomId: string;
  readonly date: CalendarDate;
  /** The calendar made ready, where many days are asked for; made for this one day otherwise. */
  readonly schoolDays?: SchoolDayReader;
}

/** Counts a homeroom's day. It walks by pupils of the day, apart from `totalsOf`, so that each checks the other. */
export function dayTally(input: DayTallyInput): DayTally {
  const { roster, homeroomId, date, marks } = input;
  const schoolDays = input.schoolDays ?? readSchoolDays(input.calendar, roster.homerooms);
  const counts = noCounts();
  let awaited = 0;
  let taken = 0;

  for (const { student } of enrolledOn(roster, homeroomId, date)) {
    counts.enrolledCount += 1;
    const { kind } = schoolDays.dayFor(homeroomId, student.gradeLevel, date);
    if (!isSchoolDay(kind)) continue;
    counts.dueCount += 1;
    if (kind === 'homeroomClosure') {
      counts.otherExcludedCount += 1;
      continue;
    }
    awaited += 1;
    const cell = input.attendance(student.id, date);
    if (cell?.heads.some((write) => write.mark !== null)) taken += 1;
    const resolved = resolveDay(cell, marks);
    if (resolved.state === 'unmarked' || resolved.state === 'unreadable') {
      counts.unmarkedCount += 1;
      continue;
    }
    if (resolved.state === 'conflict') counts.conflictCount += 1;
    for (const field of fieldsOf(resolved.mark.counts)) counts[field] += 1;
  }
  return { ...counts, rollDue: awaited > 0, rollTaken: awaited > 0 && taken === awaited };
}

export function noCounts(): { -readonly [Name in keyof DayCounts]: number } {
  return {
    enrolledCount: 0,
    dueCount: 0,
    presentCount: 0,
    absentCount: 0,
    suspendedCount: 0,
    bereavementCount: 0,
    otherExcludedCount: 0,
    lateCount: 0,
    earlyDepartureCount: 0,
    unmarkedCount: 0,
    conflictCount: 0,
  };
}

/** Where a pupil with this mark is counted, besides among those enrolled and due. */
export function fieldsOf(counts: MarkCount): (keyof DayCounts)[] {
  const fields = [fieldOf(counts)];
  if (counts.as === 'present' && counts.late) fields.push('lateCount');
  if (counts.as === 'present' && counts.earlyDeparture) fields.push('earlyDepartureCount');
  return fields;
}

function fieldOf(counts: MarkCount): keyof DayCounts {
  switch (counts.as) {
    case 'present':
      return 'presentCount';
    case 'absent':
      return 'absentCount';
    case 'excluded':
      if (counts.reason === 'infectiousDisease' || counts.reason === 'misconduct') return 'suspendedCount';
      return counts.reason === 'bereavement' ? 'bereavementCount' : 'otherExcludedCount';
  }
}
