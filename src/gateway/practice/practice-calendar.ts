import { calendarDate, type SchoolYear } from '../../domain/calendar/calendar-date.ts';
import type { CalendarItem, CalendarScope } from '../../domain/calendar/school-calendar.ts';
import type { GradeLevel } from '../../domain/roster/roster.ts';
import { defaultCalendar } from '../import/default-calendar.ts';

/** A homeroom of the school the calendar is for. */
interface CalendarHomeroom {
  readonly sourcedId: string;
  readonly gradeLevels: readonly GradeLevel[];
  readonly specialNeeds: boolean;
}

/**
 * A school's year as a practice city needs it: vacations, the day of the prefecture, a sports day on a Saturday with
 * its day off, and an influenza wave in November that closes a homeroom and a whole grade level.
 * `place` is the school's place in the city's list, so that not every school has the same.
 */
export function practiceCalendar(
  year: SchoolYear,
  place: number,
  homerooms: readonly CalendarHomeroom[],
): CalendarItem[] {
  const item = (
    id: string,
    type: CalendarItem['type'],
    title: string,
    from: string,
    until: string,
    scope: CalendarScope = { kind: 'school' },
  ): CalendarItem => ({ id, type, title, from: calendarDate(from), until: calendarDate(until), scope });
  const items = [
    ...defaultCalendar(year),
    item('prefecture-day', 'holiday', '県民の日', `${year}-06-15`, `${year}-06-16`),
    item('sports-day', 'schoolDay', '運動会', `${year}-05-30`, `${year}-05-31`),
    item('sports-day-event', 'event', '運動会', `${year}-05-30`, `${year}-05-31`),
    item('sports-day-off', 'holiday', '運動会振替休業日', `${year}-06-01`, `${year}-06-02`),
  ];
  const ordinary = homerooms.filter((homeroom) => !homeroom.specialNeeds);
  const closed = ordinary[(place * 5 + 3) % Math.max(ordinary.length, 1)];
  if (closed && place % 2 === 0) {
    items.push(
      item('flu-homeroom', 'closure', 'インフルエンザ 学級閉鎖', `${year}-11-11`, `${year}-11-14`, {
        kind: 'homeroom',
        homeroomId: closed.sourcedId,
      }),
    );
  }
  const gradeLevel = ordinary[(place * 7 + 1) % Math.max(ordinary.length, 1)]?.gradeLevels[0];
  if (gradeLevel && place % 3 === 1) {
    items.push(
      item('flu-grade-level', 'closure', 'インフルエンザ 学年閉鎖', `${year}-11-17`, `${year}-11-19`, {
        kind: 'gradeLevel',
        gradeLevel,
      }),
    );
  }
  return items;
}
