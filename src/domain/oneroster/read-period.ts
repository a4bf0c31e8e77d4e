import { addDays } from '../calendar/calendar-date.ts';
import type { CalendarDate } from '../calendar/calendar-date.ts';
import type { SchoolYearPeriod } from './read-school-year.ts';
import type { RowReader } from './row-reader.ts';

export interface Period {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

const cache = new Map<CalendarDate, CalendarDate>();

/** Almost all rows of a package end on the same day. */
function dayAfter(date: CalendarDate): CalendarDate {
  const known = cache.get(date);
  if (known) return known;
  const next = addDays(date, 1);
  if (cache.size < 1000) cache.set(date, next);
  return next;
}

/** `beginDate` and `endDate` (inclusive) as [from, until); an empty one is the school year's. */
export function readPeriod(
  row: RowReader,
  year: SchoolYearPeriod,
  outside: 'dateOutsideSchoolYear' | 'roleDateOutsideSchoolYear',
): Period {
  const [begin, end] = [row.date('beginDate').date, row.date('endDate').date];
  const period = { from: begin ?? year.from, until: end ? dayAfter(end) : year.until };
  if (begin && end && end < begin) row.issue('endBeforeBegin', 'endDate', { begin }, end);
  if (begin && (begin < year.from || begin >= year.until)) row.issue(outside, 'beginDate', {}, begin);
  if (end && (end < year.from || end >= year.until)) row.issue(outside, 'endDate', {}, end);
  return period;
}

export function overlap(a: Period, b: Period): boolean {
  return a.from < b.until && b.from < a.until;
}
