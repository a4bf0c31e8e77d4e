import { describe, expect, it } from 'vitest';
import { calendarDate } from '../calendar/calendar-date.ts';
import { rowOf, sampleClosure, sampleRegister, type SamplePage } from './testing/sample-register.ts';
import { sampleCell, sampleItem, sampleWrite } from './testing/sample-school.ts';

const d = calendarDate;
const totalsOf = (page: SamplePage, studentId: string) => rowOf(sampleRegister(page), studentId).totals;

describe('the counts of a month', () => {
  it('[AT1] leave out a closure of the whole school or grade level', () => {
    const items = [
      sampleItem('closure', d('2026-06-01'), d('2026-06-01')),
      sampleItem('closure', d('2026-06-02'), d('2026-06-03'), { kind: 'gradeLevel', gradeLevel: 'P1' }),
    ];
    expect(totalsOf({ items, otherwise: null }, 'a')).toMatchObject({
      schoolDayCount: 19,
      excludedDayCount: 0,
    });
    expect(totalsOf({ items, otherwise: null, homeroomId: '2-1' }, 'p').schoolDayCount).toBe(21);
  });

  it('[AT2] exclude suspension, bereavement and disaster', () => {
    const cells = {
      'a 2026-06-01': 'suspendedInfection',
      'a 2026-06-02': 'suspendedMisconduct',
      'a 2026-06-03': 'bereavement',
      'a 2026-06-04': 'disaster',
    };
    expect(totalsOf({ cells }, 'a')).toMatchObject({
      schoolDayCount: 22,
      excludedDayCount: 4,
      requiredDayCount: 18,
      absentDayCount: 0,
      presentDayCount: 18,
    });
  });

  it('[AT3] late counts as attendance, and so does early departure, both on one day (day-one case 5)', () => {
    const cells = {
      'a 2026-06-01': 'late',
      'a 2026-06-02': 'earlyDeparture',
      'a 2026-06-03': 'lateAndEarly',
    };
    expect(totalsOf({ cells }, 'a')).toMatchObject({
      presentDayCount: 22,
      lateCount: 2,
      earlyDepartureCount: 2,
    });
    const one = totalsOf({ cells: { 'a 2026-06-01': 'lateAndEarly' }, through: d('2026-06-01') }, 'a');
    expect([one.presentDayCount, one.lateCount, one.earlyDepartureCount]).toEqual([1, 1, 1]);
  });

  it('[AT5] sum absence by illness and for other reasons', () => {
    const cells = { 'a 2026-06-01': 'sick', 'a 2026-06-02': 'sick', 'a 2026-06-03': 'other' };
    expect(totalsOf({ cells }, 'a')).toMatchObject({
      absentDayCount: 3,
      illnessDayCount: 2,
      otherAbsentDayCount: 1,
      presentDayCount: 19,
    });
  });

  it('[AT6] never count a day nobody marked as presence', () => {
    expect(totalsOf({ otherwise: null, cells: { 'a 2026-06-01': 'present' } }, 'a')).toMatchObject({
      requiredDayCount: 22,
      presentDayCount: 1,
      unmarkedDayCount: 21,
    });
  });

  it('[AT8] give a pupil of one closed homeroom of several an excluded day, marked or not (day-one case 2)', () => {
    const items = [sampleClosure('1-1', '2026-06-10', '2026-06-12')];
    expect(totalsOf({ items }, 'a')).toMatchObject({ schoolDayCount: 22, excludedDayCount: 3 });
    expect(totalsOf({ items, otherwise: null }, 'a').excludedDayCount).toBe(3);
    expect(totalsOf({ items, homeroomId: '1-2' }, 'c')).toMatchObject({
      schoolDayCount: 22,
      excludedDayCount: 0,
    });
  });

  it('[AT1] take the days of the only homeroom of a grade level from 授業日数 (day-one case 2)', () => {
    const items = [sampleClosure('2-1', '2026-06-10', '2026-06-12')];
    expect(totalsOf({ items, homeroomId: '2-1' }, 'p')).toMatchObject({
      schoolDayCount: 19,
      excludedDayCount: 0,
    });
  });

  it('[AT13] follow each pupil of a special-needs homeroom by their own grade level', () => {
    const items = [
      sampleClosure('2-1', '2026-06-10'),
      sampleClosure('sn', '2026-06-11'),
      sampleClosure('1-1', '2026-06-12'),
    ];
    const register = sampleRegister({ items, homeroomId: 'sn' });
    expect(rowOf(register, 's1').totals).toMatchObject({ schoolDayCount: 22, excludedDayCount: 1 });
    expect(rowOf(register, 's2').totals).toMatchObject({ schoolDayCount: 21, excludedDayCount: 1 });
    expect(register.rows).toHaveLength(2);
    expect(register.days[9]?.kind).toBe('schoolDay');
    expect(register.checks.every((check) => check.holds)).toBe(true);
  });

  it('[AT10] stop at the last day to count, and still show what is marked later', () => {
    const register = sampleRegister({ through: d('2026-06-05'), cells: { 'a 2026-06-08': 'bereavement' } });
    const { totals, days, remarks } = rowOf(register, 'a');
    expect(remarks).toEqual([]);
    expect(totals).toMatchObject({ schoolDayCount: 5, presentDayCount: 5, excludedDayCount: 0 });
    expect(days[7]).toMatchObject({
      isDue: false,
      resolved: { state: 'single', mark: { code: 'bereavement' } },
    });
    expect(register.days.filter((day) => day.isDue)).toHaveLength(5);
    expect(register.problems).toEqual([]);
  });

  it('[AT10] await no mark after the last day to count', () => {
    const page = {
      through: d('2026-06-01'),
      cells: { 'a 2026-06-01': 'present', 'b 2026-06-01': 'present' },
    };
    expect(sampleRegister({ ...page, otherwise: null }).problems).toEqual([]);
  });

  it('[AT11] credit a day of study elsewhere and list it', () => {
    const cells = {
      'a 2026-06-01': sampleCell(sampleWrite('credited', 'e1', { note: '教育支援センター' })),
    };
    const row = rowOf(sampleRegister({ cells }), 'a');
    expect(row.totals).toMatchObject({ presentDayCount: 22, creditedDayCount: 1 });
    expect(row.remarks).toEqual([{ kind: 'credited', date: '2026-06-01', note: '教育支援センター' }]);
  });

  it('[AT20] count a conflict by its provisional value, and name it', () => {
    const cells = { 'a 2026-06-01': sampleCell(sampleWrite('sick', 'e1'), sampleWrite('bereavement', 'e2')) };
    const register = sampleRegister({ cells });
    expect(rowOf(register, 'a').totals).toMatchObject({
      excludedDayCount: 1,
      absentDayCount: 0,
      conflictDayCount: 1,
    });
    expect(register.problems).toEqual([{ code: 'conflict', studentId: 'a', date: '2026-06-01' }]);
  });

  it('[AT24] count an unreadable mark as unmarked, and name it', () => {
    const register = sampleRegister({ cells: { 'a 2026-06-01': 'future' } });
    expect(rowOf(register, 'a').totals).toMatchObject({ presentDayCount: 21, unmarkedDayCount: 1 });
    expect(register.problems).toEqual([{ code: 'unreadableMark', studentId: 'a', date: '2026-06-01' }]);
  });
});
