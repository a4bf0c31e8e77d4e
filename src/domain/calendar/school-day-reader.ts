import type { GradeLevel, Homeroom } from '../roster/roster.ts';
import type { CalendarDate } from './calendar-date.ts';
import { decideDay, type SchoolDay } from './day-kind.ts';
import type { SchoolCalendar } from './school-calendar.ts';

/** A calendar made ready for many questions: each day is decided once. */
export interface SchoolDayReader {
  /** The day as it counts for the pupils of a grade level in a homeroom. */
  dayFor(homeroomId: string, gradeLevel: GradeLevel, date: CalendarDate): SchoolDay;
  /**
   * The day as the head of a homeroom's column. Where the grade levels of a homeroom differ, school for some of
   * them comes before a closure of the homeroom, and that before a day without school.
   */
  columnFor(homeroomId: string, date: CalendarDate): SchoolDay;
}

export function readSchoolDays(
  calendar: SchoolCalendar,
  homerooms: ReadonlyMap<string, Homeroom>,
): SchoolDayReader {
  const decided = new Map<string, SchoolDay>();

  function dayFor(homeroomId: string, gradeLevel: GradeLevel, date: CalendarDate): SchoolDay {
    const key = `${date} ${gradeLevel} ${homeroomId}`;
    let day = decided.get(key);
    if (!day) {
      day = decideDay(calendar, homerooms, homeroomId, gradeLevel, date);
      decided.set(key, day);
    }
    return day;
  }

  function columnFor(homeroomId: string, date: CalendarDate): SchoolDay {
    const homeroom = homerooms.get(homeroomId);
    if (!homeroom) throw new RangeError(`unknown homeroom: ${homeroomId}`);
    const days = homeroom.gradeLevels.map((gradeLevel) => dayFor(homeroomId, gradeLevel, date));
    const column =
      days.find((day) => day.kind === 'schoolDay') ??
      days.find((day) => day.kind === 'homeroomClosure') ??
      days[0];
    if (!column) throw new RangeError(`homeroom without a grade level: ${homeroomId}`);
    return column;
  }

  return { dayFor, columnFor };
}
