import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  calendarDate,
  calendarDateAt,
  calendarMonth,
  datesOfMonth,
  daysBetween,
  monthsOfSchoolYear,
  parseCalendarDate,
  parseCalendarMonth,
  schoolYearOf,
  weekdayOf,
} from './calendar-date.ts';

describe('calendar dates', () => {
  it('[CA1] reads existing days only', () => {
    expect(parseCalendarDate('2028-02-29')).toBe('2028-02-29');
    for (const text of ['2027-02-29', '2026-13-01', '2026-00-10', '2026-4-1', '', null, 20260401])
      expect(parseCalendarDate(text)).toBeNull();
    expect(parseCalendarMonth('2026-12')).toBe('2026-12');
    expect(parseCalendarMonth('2026-13')).toBeNull();
  });

  it('[CA1] reckons in days and months without a time zone', () => {
    expect(addDays(calendarDate('2026-12-31'), 1)).toBe('2027-01-01');
    expect(addDays(calendarDate('2028-03-01'), -1)).toBe('2028-02-29');
    expect(daysBetween(calendarDate('2026-04-01'), calendarDate('2027-04-01'))).toBe(365);
    expect(addMonths(calendarMonth('2026-12'), 1)).toBe('2027-01');
    expect(datesOfMonth(calendarMonth('2028-02'))).toHaveLength(29);
    expect(weekdayOf(calendarDate('2026-04-01'))).toBe(3);
  });

  it('[CA1] takes the day of an instant in Japan', () => {
    expect(calendarDateAt(Date.UTC(2026, 3, 1, 14, 59))).toBe('2026-04-01');
    expect(calendarDateAt(Date.UTC(2026, 3, 1, 15, 0))).toBe('2026-04-02');
  });

  it('[CA3] begins the school year on 1 April', () => {
    expect(schoolYearOf(calendarDate('2027-03-31'))).toBe(2026);
    expect(schoolYearOf(calendarDate('2027-04-01'))).toBe(2027);
    const months = monthsOfSchoolYear(2026);
    expect([months[0], months.at(-1), months.length]).toEqual(['2026-04', '2027-03', 12]);
  });
});
