import { describe, expect, it } from 'vitest';
import { addDays, calendarDate } from './calendar-date.ts';
import { findNationalHoliday, isNationalHoliday } from './national-holidays.ts';

describe('national holidays', () => {
  it('[CA2] names a holiday, a substitute holiday and a day between two holidays', () => {
    expect(findNationalHoliday(calendarDate('2026-09-21'))?.ja).toBe('敬老の日');
    expect(findNationalHoliday(calendarDate('2026-05-06'))?.ja).toContain('振替休日');
    expect(findNationalHoliday(calendarDate('2026-09-22'))?.ja).toContain('休日');
    expect(findNationalHoliday(calendarDate('2027-01-01'))).toEqual({ ja: '元日', en: "New Year's Day" });
  });

  it('[CA1] keeps to the named day, not to its neighbours', () => {
    const day = calendarDate('2026-11-03');
    expect([addDays(day, -1), day, addDays(day, 1)].map(isNationalHoliday)).toEqual([false, true, false]);
  });

  it('[CA2] holds the holidays of every kept year', () => {
    for (let year = 2024; year <= 2036; year += 1) {
      expect(isNationalHoliday(calendarDate(`${year}-01-01`))).toBe(true);
      expect(isNationalHoliday(calendarDate(`${year}-11-23`))).toBe(true);
      expect(isNationalHoliday(calendarDate(`${year}-04-01`))).toBe(false);
    }
  });

  it('[CA2] refuses a year without a table', () => {
    expect(() => isNationalHoliday(calendarDate('2037-04-01'))).toThrow(RangeError);
    expect(() => findNationalHoliday(calendarDate('2023-12-31'))).toThrow(RangeError);
  });
});
