import { describe, expect, it } from 'vitest';
import { calendarDate, datesBetween, schoolYearStart, type CalendarDate } from '../calendar/calendar-date.ts';
import { decideDay } from '../calendar/day-kind.ts';
import { transferOutDate } from '../roster/transfer-dates.ts';
import type { ClassEnrollment } from '../roster/roster.ts';
import { defaultMarks } from './default-marks.ts';
import {
  sampleAttendance,
  sampleCalendar,
  sampleEnrollment,
  sampleHomeroom,
  sampleItem,
  sampleRoster,
  sampleStudent,
} from './testing/sample-school.ts';
import { yearTotals, type YearTotalsInput } from './year-totals.ts';

const d = calendarDate;
const homerooms = [sampleHomeroom('1-1', ['P1']), sampleHomeroom('1-2', ['P1'])];

function yearOf(year: number, enrollments: ClassEnrollment[], changes: Partial<YearTotalsInput> = {}) {
  const [found] = yearTotals({
    roster: sampleRoster(homerooms, [sampleStudent('a', 'P1')], enrollments, year),
    calendar: sampleCalendar([], year),
    marks: defaultMarks,
    attendance: sampleAttendance({}, 'present'),
    studentIds: ['a'],
    from: schoolYearStart(year),
    until: schoolYearStart(year + 1),
    ...changes,
  });
  if (!found) throw new Error('nobody found');
  return found;
}

describe('the totals of a year', () => {
  it('[AT4] 200 school days less 3 suspended and 2 bereaved are 195, less 4 absent 191 (day-one case 1)', () => {
    const year = datesBetween(d('2026-04-01'), d('2027-04-01'));
    const open = year.filter((date) => {
      const day = decideDay(sampleCalendar(), new Map(), '1-1', 'P1', date);
      return day.kind === 'schoolDay';
    });
    const vacation = sampleItem('vacation', open[200] as CalendarDate, d('2027-03-31'));
    const marks = [
      ...['suspendedInfection', 'suspendedInfection', 'suspendedInfection', 'bereavement', 'bereavement'],
      ...['sick', 'sick', 'sick', 'other', 'late', 'late', 'late', 'late', 'late'],
    ];
    const cells = Object.fromEntries(marks.map((mark, index) => [`a ${open[index]}`, mark]));
    const { totals, remarks } = yearOf(2026, [sampleEnrollment('a', '1-1', 1)], {
      calendar: sampleCalendar([vacation]),
      attendance: sampleAttendance(cells, 'present'),
    });
    expect(totals).toMatchObject({
      schoolDayCount: 200,
      excludedDayCount: 5,
      requiredDayCount: 195,
      absentDayCount: 4,
      presentDayCount: 191,
      lateCount: 5,
      unmarkedDayCount: 0,
    });
    expect(remarks).toHaveLength(2);
  });

  it('[AT9] counts to 学校を去った日 and from the day of acceptance (day-one case 3)', () => {
    const september = { from: d('2025-09-01'), until: d('2025-10-01') };
    const from = d('2025-04-01');
    const until = d('2026-04-01');
    const leaving = sampleEnrollment('a', '1-1', 1, { from, until: d('2025-09-13'), endedBy: 'transferOut' });
    const old = yearOf(2025, [leaving], september);
    expect(old.totals.schoolDayCount).toBe(10);
    expect(old.remarks).toEqual([{ kind: 'ended', by: 'transferOut', date: '2025-09-12' }]);

    const accepted = (day: string) =>
      yearOf(
        2025,
        [sampleEnrollment('a', '1-1', 1, { from: d(day), until, beganBy: 'transferIn' })],
        september,
      );
    const whole = yearOf(2025, [sampleEnrollment('a', '1-1', 1, { from, until })], september);
    expect(whole.totals.schoolDayCount).toBe(20);
    expect(transferOutDate(d('2025-09-16'))).toBe('2025-09-15');
    expect(accepted('2025-09-16').totals.schoolDayCount).toBe(10);
    // Accepted two days later: 16 and 17 September count in neither school.
    expect(transferOutDate(d('2025-09-18'))).toBe('2025-09-17');
    expect(accepted('2025-09-18').totals.schoolDayCount).toBe(8);
  });

  it('[AT12] goes through every homeroom of the pupil', () => {
    const change = d('2026-06-10');
    const enrollments = [
      sampleEnrollment('a', '1-2', 1, { from: change, beganBy: 'homeroomChange' }),
      sampleEnrollment('a', '1-1', 1, { until: change, endedBy: 'homeroomChange' }),
    ];
    const closure = (homeroomId: string, day: string) =>
      sampleItem('closure', d(day), d(day), { kind: 'homeroom', homeroomId });
    const { totals, remarks } = yearOf(2026, enrollments, {
      from: d('2026-06-01'),
      until: d('2026-07-01'),
      calendar: sampleCalendar([closure('1-1', '2026-06-09'), closure('1-1', '2026-06-11')]),
    });
    expect(totals).toMatchObject({ schoolDayCount: 22, excludedDayCount: 1, presentDayCount: 21 });
    expect(remarks.map((remark) => remark.kind)).toEqual(['ended', 'began', 'excluded']);
  });

  it('[AT12] counts a day of overlapping enrolments once', () => {
    const twice = [sampleEnrollment('a', '1-1', 1), sampleEnrollment('a', '1-2', 1)];
    const june = { from: d('2026-06-01'), until: d('2026-07-01') };
    expect(yearOf(2026, twice, june).totals.schoolDayCount).toBe(22);
  });

  it('[AT10] stops at the cut-off of a card printed before the term ends', () => {
    const { totals } = yearOf(2026, [sampleEnrollment('a', '1-1', 1)], {
      from: d('2026-06-01'),
      through: d('2026-06-05'),
    });
    expect(totals).toMatchObject({ schoolDayCount: 5, presentDayCount: 5 });
  });

  it('[AT12] refuses a student the roster does not hold', () => {
    expect(() => yearOf(2026, [], { studentIds: ['nobody'] })).toThrow(RangeError);
  });
});
