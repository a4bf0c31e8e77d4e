import type { SchoolCalendar } from '../calendar/school-calendar.ts';
import type { SchoolRoster } from '../roster/roster.ts';
import type { AttendanceLookup } from './attendance.ts';
import type { MarkTable } from './marks.ts';

/** All that a count of attendance is made from: one school, one school year. */
export interface AttendanceSources {
  readonly roster: SchoolRoster;
  readonly calendar: SchoolCalendar;
  readonly marks: MarkTable;
  readonly attendance: AttendanceLookup;
}
