import type { GradeLevel } from '../roster/roster.ts';
import type { CalendarDate, SchoolYear } from './calendar-date.ts';

/** Whom a day of the calendar concerns. */
export type CalendarScope =
  | { readonly kind: 'school' }
  | { readonly kind: 'gradeLevel'; readonly gradeLevel: GradeLevel }
  | { readonly kind: 'homeroom'; readonly homeroomId: string };

/**
 * An item of a school's calendar over the half-open interval [from, until).
 *
 * - `vacation` 長期休業 and `holiday` 休業日 (設立記念日, 県民の日): no school, for the whole school.
 * - `schoolDay` 授業日: school on a day that would have none (working Saturday).
 * - `closure` 臨時休業: by 学校保健安全法20条; its effect on the counts depends on its scope.
 * - `event` 行事: no effect on counts.
 */
export interface CalendarItem {
  readonly id: string;
  readonly type: 'vacation' | 'holiday' | 'schoolDay' | 'closure' | 'event';
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  readonly scope: CalendarScope;
  readonly title: string;
}

/** A school's calendar of one school year: national holidays are added from the kept table, not listed here. */
export interface SchoolCalendar {
  readonly schoolYear: SchoolYear;
  readonly items: readonly CalendarItem[];
}
