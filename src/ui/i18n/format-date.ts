import type { Locale } from '#ui/i18n/locale.svelte.ts';

/**
 * A calendar date 'yyyy-mm-dd' has no time zone: it is read as UTC and written as UTC, so that no device's
 * clock can turn the 20th into the 19th. Instants are shown in Japan's time wherever the device stands.
 */
const japan = 'Asia/Tokyo';

const weekdays = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const fullMonths = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const eraParts = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  era: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const japanParts = new Intl.DateTimeFormat('en-CA', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: japan,
});

interface DateParts {
  date: Date;
  year: number;
  month: number;
  day: number;
  weekday: number;
}

/** Throws a RangeError on anything but an existing 'yyyy-mm-dd': a date is parsed where it enters, not here. */
function partsOf(calendarDate: string): DateParts {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(calendarDate);
  const date = new Date(match ? `${calendarDate}T00:00:00Z` : Number.NaN);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== calendarDate) {
    throw new RangeError(`not a calendar date: ${calendarDate}`);
  }
  return {
    date,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
}

/** 令和8年; the first year of an era is 元年. */
function eraYear(date: Date): string {
  const parts = eraParts.formatToParts(date);
  const era = parts.find((part) => part.type === 'era')?.value ?? '';
  const year = parts.find((part) => part.type === 'year')?.value ?? '';
  return `${era}${year === '1' ? '元' : year}年`;
}

/** 令和8年 · 2026, for the era in force on that date. */
export function formatEraYear(calendarDate: string, locale: Locale): string {
  const { date, year } = partsOf(calendarDate);
  return locale === 'ja' ? eraYear(date) : String(year);
}

/** 令和8年11月 · November 2026. Takes a date or 'yyyy-mm'. */
export function formatMonth(calendarMonth: string, locale: Locale): string {
  const { date, year, month } = partsOf(calendarMonth.length === 7 ? `${calendarMonth}-01` : calendarMonth);
  return locale === 'ja' ? `${eraYear(date)}${month}月` : `${fullMonths[month - 1]} ${year}`;
}

/**
 * - `full` 令和8年11月20日(金) · Fri, 20 Nov 2026
 * - `long` 令和8年11月20日 · 20 November 2026
 * - `day` 11月20日(金) · Fri, 20 Nov
 * - `short` 11/20(金) · Fri 20 Nov: for narrow places
 */
export function formatDate(
  calendarDate: string,
  locale: Locale,
  style: 'full' | 'long' | 'day' | 'short' = 'full',
): string {
  const { date, year, month, day, weekday } = partsOf(calendarDate);
  const dayName = weekdays[locale][weekday];
  if (locale === 'ja') {
    if (style === 'short') return `${month}/${day}(${dayName})`;
    if (style === 'day') return `${month}月${day}日(${dayName})`;
    const long = `${eraYear(date)}${month}月${day}日`;
    return style === 'long' ? long : `${long}(${dayName})`;
  }
  if (style === 'short') return `${dayName} ${day} ${months[month - 1]}`;
  if (style === 'day') return `${dayName}, ${day} ${months[month - 1]}`;
  if (style === 'long') return `${day} ${fullMonths[month - 1]} ${year}`;
  return `${dayName}, ${day} ${months[month - 1]} ${year}`;
}

/** 金 · Fri */
export function formatWeekday(calendarDate: string, locale: Locale): string {
  return weekdays[locale][partsOf(calendarDate).weekday] ?? '';
}

/** 'yyyy-mm-dd' and 'H:mm' in Japan of an instant (ISO string or epoch milliseconds). */
function inJapan(instant: string | number): { date: string; time: string } {
  const found = new Map(japanParts.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
  return {
    date: `${found.get('year')}-${found.get('month')}-${found.get('day')}`,
    time: `${Number(found.get('hour'))}:${found.get('minute')}`,
  };
}

/** 8:20: the clock in Japan, 24 hours, the same in both languages. */
export function formatTime(instant: string | number): string {
  return inJapan(instant).time;
}

/** 11月20日(金) 8:20 · Fri, 20 Nov 8:20 */
export function formatDateTime(
  instant: string | number,
  locale: Locale,
  style: 'full' | 'long' | 'day' | 'short' = 'day',
): string {
  const { date, time } = inJapan(instant);
  return `${formatDate(date, locale, style)} ${time}`;
}

const agoFormats = {
  ja: new Intl.RelativeTimeFormat('ja', { numeric: 'auto' }),
  en: new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
};

/** 3 分前 · 3 minutes ago; both instants in epoch milliseconds. Within a minute: 今 · now. */
export function formatAgo(instant: number, now: number, locale: Locale): string {
  const seconds = Math.round((instant - now) / 1000);
  const format = agoFormats[locale];
  if (Math.abs(seconds) < 60) return format.format(0, 'second');
  if (Math.abs(seconds) < 3600) return format.format(Math.trunc(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return format.format(Math.trunc(seconds / 3600), 'hour');
  return format.format(Math.trunc(seconds / 86_400), 'day');
}
