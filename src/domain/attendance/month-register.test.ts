import { describe, expect, it } from 'vitest';
import { calendarDate, calendarMonth } from '../calendar/calendar-date.ts';
import { rowOf, sampleClosure, sampleRegister, yearLong } from './testing/sample-register.ts';
import { sampleCell, sampleEnrollment, sampleItem, sampleWrite } from './testing/sample-school.ts';

const d = calendarDate;

describe('the page of a month', () => {
  it('[AT30] lists who came and left, with the facts', () => {
    const enrollments = [
      ...yearLong.filter((each) => each.studentId !== 'b' && each.studentId !== 'c'),
      sampleEnrollment('b', '1-1', 2, { until: d('2026-06-13'), endedBy: 'transferOut' }),
      sampleEnrollment('c', '1-1', 3, { from: d('2026-06-16'), beganBy: 'transferIn' }),
    ];
    const register = sampleRegister({ enrollments });
    expect(register.rows.map((row) => row.student.id)).toEqual(['a', 'b', 'c']);
    expect(rowOf(register, 'b').remarks).toEqual([{ kind: 'ended', by: 'transferOut', date: '2026-06-12' }]);
    expect(rowOf(register, 'c').remarks).toEqual([{ kind: 'began', by: 'transferIn', date: '2026-06-16' }]);
    const july = sampleRegister({ enrollments, month: calendarMonth('2026-07') });
    expect(july.rows.map((row) => row.remarks)).toEqual([[], []]);
  });

  it('[AT30] gives weekday, kind and title of every day', () => {
    const register = sampleRegister({
      month: calendarMonth('2026-07'),
      items: [sampleItem('vacation', d('2026-07-21'), d('2026-08-31'))],
    });
    expect(register.days).toHaveLength(31);
    expect(register.days[19]).toMatchObject({
      date: '2026-07-20',
      weekday: 1,
      kind: 'nationalHoliday',
      title: '海の日',
      isDue: false,
    });
    expect(register.days[20]).toMatchObject({ kind: 'vacation', title: 'vacation 2026-07-21' });
  });

  it('[AT30] shows a month without school, as August', () => {
    const items = [sampleItem('vacation', d('2026-07-21'), d('2026-08-31'))];
    const register = sampleRegister({ items, month: calendarMonth('2026-08'), otherwise: null });
    expect(register.totals.schoolDayCount).toBe(0);
    expect(register.problems).toEqual([]);
  });

  it('[AT36] lists the reasons of excluded days with their notes', () => {
    const flu = (entryId: string) =>
      sampleCell(sampleWrite('suspendedInfection', entryId, { note: 'インフルエンザ' }));
    const cells = { 'a 2026-06-01': flu('e1'), 'a 2026-06-02': flu('e2'), 'a 2026-06-03': 'bereavement' };
    expect(
      rowOf(sampleRegister({ cells, items: [sampleClosure('1-1', '2026-06-10')] }), 'a').remarks,
    ).toEqual([
      { kind: 'excluded', reason: 'infectiousDisease', dayCount: 2, notes: ['インフルエンザ'] },
      { kind: 'excluded', reason: 'bereavement', dayCount: 1, notes: [] },
      { kind: 'excluded', reason: 'partialClosure', dayCount: 1, notes: [] },
    ]);
  });

  it('[AT31] sums the class, by rows and by day columns', () => {
    const register = sampleRegister({ cells: { 'a 2026-06-01': 'sick', 'b 2026-06-02': 'lateAndEarly' } });
    expect(register.totals).toMatchObject({ schoolDayCount: 44, absentDayCount: 1, presentDayCount: 43 });
    expect(register.days[0]?.tally).toMatchObject({ presentCount: 1, absentCount: 1 });
    expect(register.checks.filter((check) => !check.holds)).toEqual([]);
    expect(register.checks.find((check) => check.code === 'present')).toMatchObject({
      byRows: 43,
      byDays: 43,
    });
  });

  it('[AT31] names a check that fails: here the store answered differently within one page', () => {
    let asked = 0;
    const register = sampleRegister({
      attendance: (id, date) =>
        sampleCell(sampleWrite(id === 'a' && date === '2026-06-01' && (asked += 1) > 1 ? 'sick' : 'present')),
      items: [sampleItem('vacation', d('2026-06-02'), d('2026-06-30'))],
    });
    const failed = register.problems.flatMap((each) => (each.code === 'checkFailed' ? [each.check] : []));
    expect(failed).toEqual(['absent', 'present']);
  });

  it('[AT30] refuses a homeroom the roster does not hold', () => {
    expect(() => sampleRegister({ homeroomId: '9-9' })).toThrow(RangeError);
  });
});
