import { addDays, type CalendarDate } from '../calendar/calendar-date.ts';
import type { ClassEnrollment } from '../roster/roster.ts';
import type { AttendanceWrite } from './attendance.ts';
import type { MarkCount } from './marks.ts';
import type { PupilDay } from './pupil-day.ts';

/** Why a day is among 出席停止・忌引等; `partialClosure` 学年の一部の臨時休業 is marked by nobody. */
export type ExclusionReason = NonNullable<MarkCount['reason']> | 'partialClosure' | 'unspecified';

/** A line of 備考, as data. Whoever prints it decides which reasons the reader may see. */
export type Remark =
  | {
      readonly kind: 'excluded';
      readonly reason: ExclusionReason;
      readonly dayCount: number;
      /** The notes of those days, each once. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'credited'; readonly date: CalendarDate; readonly note: string | null }
  | {
      readonly kind: 'began';
      readonly by: Exclude<ClassEnrollment['beganBy'], 'yearStart'>;
      /** The day of acceptance, the first that counts. */
      readonly date: CalendarDate;
    }
  | {
      readonly kind: 'ended';
      readonly by: NonNullable<ClassEnrollment['endedBy']>;
      /** 学校を去った日, the last that counts. */
      readonly date: CalendarDate;
    };

/** The 備考 of a pupil's days, transfers first; `enrollments` begin or end on one of them, or are left out. */
export function remarksOf(days: readonly PupilDay[], enrollments: readonly ClassEnrollment[]): Remark[] {
  return [...transferRemarks(days, enrollments), ...excludedRemarks(days), ...creditedRemarks(days)];
}

function transferRemarks(days: readonly PupilDay[], enrollments: readonly ClassEnrollment[]): Remark[] {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  if (first === undefined || last === undefined) return [];
  const isWithin = (date: CalendarDate) => first <= date && date <= last;
  return enrollments.flatMap((enrollment) => {
    const { from, beganBy, endedBy } = enrollment;
    const lastDay = addDays(enrollment.until, -1);
    const remarks: Remark[] = [];
    if (beganBy !== 'yearStart' && isWithin(from)) remarks.push({ kind: 'began', by: beganBy, date: from });
    if (endedBy !== null && isWithin(lastDay)) remarks.push({ kind: 'ended', by: endedBy, date: lastDay });
    return remarks;
  });
}

function excludedRemarks(days: readonly PupilDay[]): Remark[] {
  const byReason = new Map<ExclusionReason, { dayCount: number; notes: Set<string> }>();
  for (const day of days) {
    if (!day.isDue) continue;
    const reason = exclusionReasonOf(day);
    if (reason === null) continue;
    const group = byReason.get(reason) ?? { dayCount: 0, notes: new Set<string>() };
    byReason.set(reason, group);
    group.dayCount += 1;
    const note = reason === 'partialClosure' ? undefined : shownWrite(day)?.note;
    if (note) group.notes.add(note);
  }
  return [...byReason].map(([reason, { dayCount, notes }]) => ({
    kind: 'excluded',
    reason,
    dayCount,
    notes: [...notes],
  }));
}

function creditedRemarks(days: readonly PupilDay[]): Remark[] {
  return days
    .filter((day) => day.isDue && day.kind !== 'homeroomClosure' && countOf(day)?.credited)
    .map((day) => ({ kind: 'credited', date: day.date, note: shownWrite(day)?.note ?? null }));
}

function exclusionReasonOf(day: PupilDay): ExclusionReason | null {
  if (day.kind === 'homeroomClosure') return 'partialClosure';
  const counts = countOf(day);
  return counts?.as === 'excluded' ? (counts.reason ?? 'unspecified') : null;
}

function countOf({ resolved }: PupilDay): MarkCount | undefined {
  return resolved.state === 'single' || resolved.state === 'conflict' ? resolved.mark.counts : undefined;
}

function shownWrite({ resolved }: PupilDay): AttendanceWrite | undefined {
  if (resolved.state === 'single') return resolved.write;
  return resolved.state === 'conflict' ? resolved.provisional : undefined;
}
