import holidays2024 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2024.js';
import holidays2025 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2025.js';
import holidays2026 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2026.js';
import holidays2027 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2027.js';
import holidays2028 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2028.js';
import holidays2029 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2029.js';
import holidays2030 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2030.js';
import holidays2031 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2031.js';
import holidays2032 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2032.js';
import holidays2033 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2033.js';
import holidays2034 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2034.js';
import holidays2035 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2035.js';
import holidays2036 from '@holiday-jp/holiday_jp/lib/holidays_every_year/2036.js';
import type { CalendarDate } from './calendar-date.ts';

/** The name of a 国民の祝日, a 振替休日 or a 国民の休日. */
export interface NationalHolidayName {
  readonly ja: string;
  readonly en: string;
}

type HolidayTable = Readonly<Record<string, { readonly name: string; readonly name_en: string }>>;

// One file a year, because the package's main file carries 1970–2050 and its functions read a Date by the
// device's own time zone. The equinoxes of coming years are computed; the official ones appear each February.
const tables: ReadonlyMap<string, HolidayTable> = new Map<string, HolidayTable>([
  ['2024', holidays2024],
  ['2025', holidays2025],
  ['2026', holidays2026],
  ['2027', holidays2027],
  ['2028', holidays2028],
  ['2029', holidays2029],
  ['2030', holidays2030],
  ['2031', holidays2031],
  ['2032', holidays2032],
  ['2033', holidays2033],
  ['2034', holidays2034],
  ['2035', holidays2035],
  ['2036', holidays2036],
]);

/**
 * Names the national holiday (国民の祝日に関する法律3条) of a day, or null on any other day.
 * Throws outside the kept years 2024–2036: a missing table must never read as "no holiday".
 */
export function findNationalHoliday(date: CalendarDate): NationalHolidayName | null {
  const table = tables.get(date.slice(0, 4));
  if (!table) throw new RangeError(`no table of national holidays for ${date}`);
  const holiday = Object.hasOwn(table, date) ? table[date] : undefined;
  return holiday ? { ja: holiday.name, en: holiday.name_en } : null;
}

/** Throws outside the kept years, as `findNationalHoliday` does. */
export function isNationalHoliday(date: CalendarDate): boolean {
  return findNationalHoliday(date) !== null;
}
