import type { DayCounts } from './day-tally.ts';
import { sumTotals, type AttendanceTotals } from './totals.ts';

/** What the sum over rows and the sum over day columns must agree in. */
export type RegisterCheckCode =
  | 'schoolDays'
  | 'excluded'
  /** Σ 出席しなければならない日数 = Σ pupils (授業日数 − 出席停止・忌引等). */
  | 'required'
  | 'absent'
  /** Σ 出席日数 = Σ 出席しなければならない日数 − Σ 欠席日数 − Σ unmarked. */
  | 'present'
  | 'late'
  | 'earlyDeparture'
  | 'unmarked'
  | 'conflicts'
  /** Rows whose required − absent − unmarked is their present; `byDays` is the number of rows. */
  | 'rowBalance';

export interface RegisterCheck {
  readonly code: RegisterCheckCode;
  readonly byRows: number;
  readonly byDays: number;
  readonly holds: boolean;
}

/** The monthly check of a class: `columns` are the tallies of the days that count, made apart from the rows. */
export function checkRegister(
  rows: readonly AttendanceTotals[],
  columns: readonly DayCounts[],
): RegisterCheck[] {
  const byRows = sumTotals(rows);
  const sum = (countOf: (column: DayCounts) => number) =>
    columns.reduce((total, column) => total + countOf(column), 0);
  const excluded = (column: DayCounts) =>
    column.suspendedCount + column.bereavementCount + column.otherExcludedCount;
  const required = (column: DayCounts) => column.dueCount - excluded(column);
  const balanced = rows.filter(
    (row) => row.requiredDayCount - row.absentDayCount - row.unmarkedDayCount === row.presentDayCount,
  );

  return [
    checkOf(
      'schoolDays',
      byRows.schoolDayCount,
      sum((column) => column.dueCount),
    ),
    checkOf('excluded', byRows.excludedDayCount, sum(excluded)),
    checkOf('required', byRows.requiredDayCount, sum(required)),
    checkOf(
      'absent',
      byRows.absentDayCount,
      sum((column) => column.absentCount),
    ),
    checkOf(
      'present',
      byRows.presentDayCount,
      sum((column) => required(column) - column.absentCount - column.unmarkedCount),
    ),
    checkOf(
      'late',
      byRows.lateCount,
      sum((column) => column.lateCount),
    ),
    checkOf(
      'earlyDeparture',
      byRows.earlyDepartureCount,
      sum((column) => column.earlyDepartureCount),
    ),
    checkOf(
      'unmarked',
      byRows.unmarkedDayCount,
      sum((column) => column.unmarkedCount),
    ),
    checkOf(
      'conflicts',
      byRows.conflictDayCount,
      sum((column) => column.conflictCount),
    ),
    checkOf('rowBalance', balanced.length, rows.length),
  ];
}

function checkOf(code: RegisterCheckCode, byRows: number, byDays: number): RegisterCheck {
  return { code, byRows, byDays, holds: byRows === byDays };
}
