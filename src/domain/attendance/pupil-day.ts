import type { CalendarDate } from '../calendar/calendar-date.ts';
import { isSchoolDay, type DayKind } from '../calendar/day-kind.ts';
import type { SchoolDayReader } from '../calendar/school-day-reader.ts';
import { covers } from '../roster/enrolled.ts';
import type { ClassEnrollment, Student } from '../roster/roster.ts';
import type { AttendanceWrite } from './attendance.ts';
import { resolveDay, type ResolvedDay } from './provisional.ts';
import type { AttendanceSources } from './sources.ts';

/** One pupil's day in the register. */
export interface PupilDay {
  readonly date: CalendarDate;
  /** Whether the pupil belongs to the homeroom on this day. */
  readonly enrolled: boolean;
  /** The day as it counts for the pupil's own 学年; `homeroomClosure` is 出席停止・忌引等 whatever is marked. */
  readonly kind: DayKind;
  /** Counts: the pupil belongs here, it is a 授業日, and it is not after the last day to count. */
  readonly isDue: boolean;
  readonly resolved: ResolvedDay;
  /** Values that were replaced, to be shown struck through, oldest first. */
  readonly replaced: readonly AttendanceWrite[];
}

/**
 * Reads a pupil's days. `enrollments` are those that count, ordered by their first day; where they overlap the
 * earliest places the pupil. Days outside them take the kind of `homeroomId`.
 */
export function readPupilDays(
  sources: AttendanceSources,
  schoolDays: SchoolDayReader,
  student: Student,
  enrollments: readonly ClassEnrollment[],
  homeroomId: string,
  dates: readonly CalendarDate[],
  through: CalendarDate | undefined,
): PupilDay[] {
  return dates.map((date) => {
    const enrollment = enrollments.find((each) => covers(each, date));
    const { kind } = schoolDays.dayFor(enrollment?.homeroomId ?? homeroomId, student.gradeLevel, date);
    const cell = sources.attendance(student.id, date);
    return {
      date,
      enrolled: enrollment !== undefined,
      kind,
      isDue: enrollment !== undefined && isSchoolDay(kind) && (through === undefined || date <= through),
      resolved: resolveDay(cell, sources.marks),
      replaced: cell?.replaced ?? [],
    };
  });
}
