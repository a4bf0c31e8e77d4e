import type { CalendarDate } from '../calendar/calendar-date.ts';

/** One value somebody gave one pupil's day, as the register keeps it. */
export interface AttendanceWrite {
  /** The entry that carried it. */
  readonly entryId: string;
  /** Mark code; null where the writer took a mark back (the day is unmarked again). */
  readonly mark: string | null;
  readonly note?: string;
  /** Staff member and the instant by the writer's clock (epoch milliseconds). */
  readonly by: string;
  readonly madeAt: number;
  /** When the school's server received it; null while it waits on a device. */
  readonly receivedAt: number | null;
}

/**
 * What the ledger knows of one pupil's day. `heads` are the values nobody has replaced: none, one, or several in
 * disagreement. `replaced` are all the others, struck through, oldest first.
 */
export interface AttendanceCell {
  readonly heads: readonly AttendanceWrite[];
  readonly replaced: readonly AttendanceWrite[];
}

/** The attendance of a school, however it is stored. */
export type AttendanceLookup = (studentId: string, date: CalendarDate) => AttendanceCell | undefined;
