import { addDays, type CalendarDate } from '../calendar/calendar-date.ts';

/**
 * 転学の日 in the old school's records: the day before the new school accepts the pupil (別紙1 (1415186)). It is not
 * 学校を去った日, the last day there, up to which 授業日数 counts; the days between count in neither school.
 */
export function transferOutDate(acceptedByNewSchoolOn: CalendarDate): CalendarDate {
  return addDays(acceptedByNewSchoolOn, -1);
}
