import { calendarDate, type SchoolYear } from '../../domain/calendar/calendar-date.ts';
import type { CalendarItem } from '../../domain/calendar/school-calendar.ts';

/**
 * The calendar a school starts with when a roster brings none: the usual long vacations of a school with three
 * terms. The office changes it; national holidays come from the kept table.
 */
export function defaultCalendar(year: SchoolYear): CalendarItem[] {
  const item = (id: string, title: string, from: string, until: string): CalendarItem => ({
    id,
    type: 'vacation',
    title,
    from: calendarDate(from),
    until: calendarDate(until),
    scope: { kind: 'school' },
  });
  return [
    item('spring-begin', '学年始休業', `${year}-04-01`, `${year}-04-06`),
    item('summer', '夏季休業', `${year}-07-18`, `${year}-09-01`),
    item('winter', '冬季休業', `${year}-12-24`, `${year + 1}-01-07`),
    item('spring-end', '学年末休業', `${year + 1}-03-25`, `${year + 1}-04-01`),
  ];
}
