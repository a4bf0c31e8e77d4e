import { describe, expect, it } from 'vitest';
import { noCounts } from './day-tally.ts';
import { checkRegister } from './register-checks.ts';
import { totalsOf } from './totals.ts';

const row = {
  ...totalsOf([]),
  schoolDayCount: 20,
  excludedDayCount: 2,
  requiredDayCount: 18,
  absentDayCount: 3,
  presentDayCount: 15,
  lateCount: 1,
};
const column = {
  ...noCounts(),
  dueCount: 40,
  suspendedCount: 1,
  bereavementCount: 2,
  otherExcludedCount: 1,
  absentCount: 6,
  presentCount: 30,
  lateCount: 2,
};
const failing = (...args: Parameters<typeof checkRegister>) =>
  checkRegister(...args).flatMap(({ code, holds }) => (holds ? [] : [code]));

describe('the monthly check', () => {
  it('[AT31] holds when rows and day columns agree', () => {
    expect(failing([row, row], [column])).toEqual([]);
  });

  it('[AT31] fails in each part in which they differ', () => {
    expect(failing([row, row], [{ ...column, absentCount: 5 }])).toEqual(['absent', 'present']);
    expect(failing([row, row], [{ ...column, dueCount: 41 }])).toEqual(['schoolDays', 'required', 'present']);
    expect(failing([row, row], [{ ...column, suspendedCount: 2, bereavementCount: 1 }])).toEqual([]);
    expect(failing([row, { ...row, lateCount: 0 }], [column])).toEqual(['late']);
  });

  it('[AT31] fails for a row out of balance, even where the sums agree', () => {
    const rows = [
      { ...row, presentDayCount: 14 },
      { ...row, presentDayCount: 16 },
    ];
    expect(failing(rows, [column])).toEqual(['rowBalance']);
  });
});
