import type { DayTally } from '#domain/attendance/day-tally.ts';
import { registerMessages as m } from '#features/attendance/register/messages.ts';

/** The sums under the day columns. */
export function dayRows(): readonly { id: string; name: string; count: (tally: DayTally) => number }[] {
  return [
    { id: 'present', name: m.dayRowPresent, count: (tally) => tally.presentCount },
    { id: 'absent', name: m.dayRowAbsent, count: (tally) => tally.absentCount },
    {
      id: 'excluded',
      name: m.dayRowExcluded,
      count: (tally) => tally.suspendedCount + tally.bereavementCount + tally.otherExcludedCount,
    },
    { id: 'late', name: m.dayRowLate, count: (tally) => tally.lateCount },
  ];
}
