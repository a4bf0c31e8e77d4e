import type { AttendanceTotals } from '#domain/attendance/totals.ts';
import { registerMessages as m } from '#features/attendance/register/messages.ts';

/** 出欠の記録, in the order of the paper form. */
export function totalColumns(): readonly { field: keyof AttendanceTotals; name: string; strong?: true }[] {
  return [
    { field: 'schoolDayCount', name: m.schoolDays },
    { field: 'excludedDayCount', name: m.excludedDays },
    { field: 'requiredDayCount', name: m.requiredDays, strong: true },
    { field: 'illnessDayCount', name: m.illnessDays },
    { field: 'otherAbsentDayCount', name: m.otherAbsentDays },
    { field: 'presentDayCount', name: m.presentDays, strong: true },
    { field: 'lateCount', name: m.late },
    { field: 'earlyDepartureCount', name: m.early },
  ];
}
