import type { CalendarDate } from '../calendar/calendar-date.ts';
import type { ClassEnrollment, SchoolRoster, Student } from './roster.ts';

/** A student with the 学級所属 that places them. */
export interface EnrolledStudent {
  readonly student: Student;
  readonly enrollment: ClassEnrollment;
}

/** A student's stay in one homeroom during some interval; `enrollments` are ordered by their first day. */
export interface HomeroomStay {
  readonly student: Student;
  /** 出席番号 of the latest of the enrolments. */
  readonly rosterNumber: number | null;
  readonly enrollments: readonly ClassEnrollment[];
}

/** Whether the half-open interval [from, until) of an enrolment holds the day. */
export function covers(enrollment: ClassEnrollment, date: CalendarDate): boolean {
  return enrollment.from <= date && date < enrollment.until;
}

/**
 * The students of a homeroom on a day, in order of 出席番号 (those without one last, by kana). Each student appears
 * once; enrolments of unknown students are left to `findRosterProblems`.
 */
export function enrolledOn(roster: SchoolRoster, homeroomId: string, date: CalendarDate): EnrolledStudent[] {
  const byStudent = new Map<string, EnrolledStudent>();
  for (const enrollment of roster.enrollments) {
    if (enrollment.homeroomId !== homeroomId || !covers(enrollment, date)) continue;
    const student = roster.students.get(enrollment.studentId);
    if (!student) continue;
    const known = byStudent.get(student.id);
    if (!known || isLater(enrollment, known.enrollment)) byStudent.set(student.id, { student, enrollment });
  }
  return [...byStudent.values()].sort((a, b) =>
    compareSeats(a.student, a.enrollment.rosterNumber, b.student, b.enrollment.rosterNumber),
  );
}

/** The students of a homeroom on any day of the half-open interval [from, until), ordered as `enrolledOn` does. */
export function enrolledDuring(
  roster: SchoolRoster,
  homeroomId: string,
  from: CalendarDate,
  until: CalendarDate,
): HomeroomStay[] {
  const byStudent = new Map<string, ClassEnrollment[]>();
  for (const enrollment of roster.enrollments) {
    if (enrollment.homeroomId !== homeroomId || enrollment.from >= enrollment.until) continue;
    if (enrollment.from >= until || enrollment.until <= from) continue;
    const known = byStudent.get(enrollment.studentId);
    if (known) known.push(enrollment);
    else byStudent.set(enrollment.studentId, [enrollment]);
  }
  const stays: HomeroomStay[] = [];
  for (const [studentId, enrollments] of byStudent) {
    const student = roster.students.get(studentId);
    if (!student) continue;
    enrollments.sort((a, b) => (isLater(a, b) ? 1 : -1));
    stays.push({ student, rosterNumber: enrollments.at(-1)?.rosterNumber ?? null, enrollments });
  }
  return stays.sort((a, b) => compareSeats(a.student, a.rosterNumber, b.student, b.rosterNumber));
}

function isLater(a: ClassEnrollment, b: ClassEnrollment): boolean {
  return a.from === b.from ? a.id > b.id : a.from > b.from;
}

function compareSeats(a: Student, aNumber: number | null, b: Student, bNumber: number | null): number {
  if (aNumber !== bNumber) return (aNumber ?? Infinity) - (bNumber ?? Infinity);
  return (
    compareText(a.kanaFamilyName, b.kanaFamilyName) ||
    compareText(a.kanaGivenName, b.kanaGivenName) ||
    compareText(a.id, b.id)
  );
}

// By code unit, which orders kana as the syllabary does and is the same on every device; localeCompare is not.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
