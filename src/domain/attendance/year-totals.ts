import { datesBetween, type CalendarDate } from '../calendar/calendar-date.ts';
import { readSchoolDays } from '../calendar/school-day-reader.ts';
import type { ClassEnrollment } from '../roster/roster.ts';
import { readPupilDays } from './pupil-day.ts';
import { remarksOf, type Remark } from './remarks.ts';
import type { AttendanceSources } from './sources.ts';
import { totalsOf, type AttendanceTotals } from './totals.ts';

/** 出欠の記録 of a pupil over a term or a year. */
export interface PupilTotals {
  readonly studentId: string;
  readonly totals: AttendanceTotals;
  readonly remarks: readonly Remark[];
}

export interface YearTotalsInput extends AttendanceSources {
  readonly studentIds: readonly string[];
  /** The half-open interval [from, until): a year, a term, or months of them. */
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  /** The last day to count, inclusive, as for a report card printed before the term ends. */
  readonly through?: CalendarDate | undefined;
}

/**
 * Totals of each student in the school, whichever homerooms they belonged to, in the order asked for. Throws where
 * the roster does not hold a student.
 */
export function yearTotals(input: YearTotalsInput): PupilTotals[] {
  const { roster, from, until, through } = input;
  const schoolDays = readSchoolDays(input.calendar, roster.homerooms);
  const dates = datesBetween(from, until);
  const byStudent = enrollmentsByStudent(roster.enrollments, from, until);

  return input.studentIds.map((studentId) => {
    const student = roster.students.get(studentId);
    if (!student) throw new RangeError(`unknown student: ${studentId}`);
    const enrollments = byStudent.get(studentId) ?? [];
    const homeroomId = enrollments[0]?.homeroomId ?? '';
    const days = readPupilDays(input, schoolDays, student, enrollments, homeroomId, dates, through);
    return { studentId, totals: totalsOf(days), remarks: remarksOf(days, enrollments) };
  });
}

function enrollmentsByStudent(
  enrollments: readonly ClassEnrollment[],
  from: CalendarDate,
  until: CalendarDate,
): Map<string, ClassEnrollment[]> {
  const byStudent = new Map<string, ClassEnrollment[]>();
  for (const enrollment of enrollments) {
    if (enrollment.from >= until || enrollment.until <= from) continue;
    const known = byStudent.get(enrollment.studentId);
    if (known) known.push(enrollment);
    else byStudent.set(enrollment.studentId, [enrollment]);
  }
  for (const own of byStudent.values()) {
    own.sort((a, b) => (a.from < b.from || (a.from === b.from && a.id < b.id) ? -1 : 1));
  }
  return byStudent;
}
