import type { CalendarDate } from '../calendar/calendar-date.ts';
import type { ClassEnrollment } from './roster.ts';

/**
 * The enrolment that answers for a student on a day outside all of them: the last one ended by then, else the
 * first to come. Undefined where the list is empty or one of the enrolments holds the day.
 */
export function findNearestEnrollment(
  enrollments: readonly ClassEnrollment[],
  date: CalendarDate,
): ClassEnrollment | undefined {
  let ended: ClassEnrollment | undefined;
  let coming: ClassEnrollment | undefined;
  for (const enrollment of enrollments) {
    if (enrollment.until <= date) {
      if (!ended || enrollment.until > ended.until) ended = enrollment;
    } else if (enrollment.from > date) {
      if (!coming || enrollment.from < coming.from) coming = enrollment;
    } else {
      return undefined;
    }
  }
  return ended ?? coming;
}
