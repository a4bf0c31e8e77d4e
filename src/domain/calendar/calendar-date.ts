/**
 * A day as a school writes it, `yyyy-mm-dd`, in Japan's calendar and time zone. It has no time and no zone:
 * two of them compare as strings.
 */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

/** A calendar month, `yyyy-mm`. */
export type CalendarMonth = string & { readonly __brand: 'CalendarMonth' };

/** 年度: the year in which the school year begins on 1 April. */
export type SchoolYear = number;

const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_PATTERN = /^(\d{4})-(0[1-9]|1[0-2])$/;
const DAY_MS = 86_400_000;
const JST_OFFSET_MS = 9 * 3_600_000;

function utcOf(date: CalendarDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}

function fromUtc(ms: number): CalendarDate {
  return new Date(ms).toISOString().slice(0, 10) as CalendarDate;
}

/** Gives the date, or null where the text is not an existing day written `yyyy-mm-dd`. */
export function parseCalendarDate(text: unknown): CalendarDate | null {
  if (typeof text !== 'string' || !DATE_PATTERN.test(text)) return null;
  const date = text as CalendarDate;
  const ms = utcOf(date);
  return Number.isFinite(ms) && fromUtc(ms) === date ? date : null;
}

/** For literals and values already checked; throws on anything that is not a date. */
export function calendarDate(text: string): CalendarDate {
  const date = parseCalendarDate(text);
  if (!date) throw new RangeError(`not a calendar date: ${text}`);
  return date;
}

export function parseCalendarMonth(text: unknown): CalendarMonth | null {
  return typeof text === 'string' && MONTH_PATTERN.test(text) ? (text as CalendarMonth) : null;
}

export function calendarMonth(text: string): CalendarMonth {
  const month = parseCalendarMonth(text);
  if (!month) throw new RangeError(`not a calendar month: ${text}`);
  return month;
}

export function monthOf(date: CalendarDate): CalendarMonth {
  return date.slice(0, 7) as CalendarMonth;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromUtc(utcOf(date) + days * DAY_MS);
}

export function addMonths(month: CalendarMonth, months: number): CalendarMonth {
  const ms = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + months, 1);
  return fromUtc(ms).slice(0, 7) as CalendarMonth;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((utcOf(to) - utcOf(from)) / DAY_MS);
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(date: CalendarDate): number {
  return new Date(utcOf(date)).getUTCDay();
}

export function datesOfMonth(month: CalendarMonth): CalendarDate[] {
  const first = `${month}-01` as CalendarDate;
  return datesBetween(first, `${addMonths(month, 1)}-01` as CalendarDate);
}

/** The dates of the half-open interval [from, until). */
export function datesBetween(from: CalendarDate, until: CalendarDate): CalendarDate[] {
  const dates: CalendarDate[] = [];
  for (let date = from; date < until; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** The school year (年度, 1 April – 31 March) that a date lies in. */
export function schoolYearOf(date: CalendarDate): SchoolYear {
  const year = Number(date.slice(0, 4));
  return date.slice(5) >= '04-01' ? year : year - 1;
}

/** First day of a school year; the last one is the day before the next year's first. */
export function schoolYearStart(year: SchoolYear): CalendarDate {
  return `${year}-04-01` as CalendarDate;
}

export function monthsOfSchoolYear(year: SchoolYear): CalendarMonth[] {
  return Array.from({ length: 12 }, (_, i) => addMonths(`${year}-04` as CalendarMonth, i));
}

/** The school's day at an instant (epoch milliseconds): Japan has one zone and no summer time. */
export function calendarDateAt(epochMs: number): CalendarDate {
  return fromUtc(epochMs + JST_OFFSET_MS);
}
