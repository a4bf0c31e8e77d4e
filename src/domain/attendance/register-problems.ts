import { addDays, type CalendarDate } from '../calendar/calendar-date.ts';
import { isSchoolDay } from '../calendar/day-kind.ts';
import type { SchoolDayReader } from '../calendar/school-day-reader.ts';
import { findNearestEnrollment } from '../roster/nearest-enrollment.ts';
import type { ClassEnrollment } from '../roster/roster.ts';
import type { PupilDay } from './pupil-day.ts';
import type { RegisterCheck, RegisterCheckCode } from './register-checks.ts';
import type { ResolvedDay } from './provisional.ts';
import type { AttendanceSources } from './sources.ts';

export type DayProblemCode =
  /** A due day nobody has marked. */
  | 'unmarkedDay'
  /** A due day whose values disagree. */
  | 'conflict'
  /** A due day with a code the mark table does not hold. */
  | 'unreadableMark'
  /** A mark on a day without school, or other than 出席停止・忌引等 while the homeroom was closed. */
  | 'markOnNonSchoolDay'
  /** A mark on a day on which the student belonged to no homeroom. */
  | 'markOutsideEnrollment'
  /** 学校を去った日 is not a school day; it must be one (school-records 2a). */
  | 'lastDayNotSchoolDay';

export type RegisterProblem =
  | { readonly code: DayProblemCode; readonly studentId: string; readonly date: CalendarDate }
  | { readonly code: 'checkFailed'; readonly check: RegisterCheckCode };

/** Whether a month with this problem must not be closed; the others ask for a look and change no count. */
export function blocksClosing(problem: RegisterProblem): boolean {
  switch (problem.code) {
    case 'unmarkedDay':
    case 'conflict':
    case 'unreadableMark':
    case 'checkFailed':
      return true;
    case 'markOnNonSchoolDay':
    case 'markOutsideEnrollment':
    case 'lastDayNotSchoolDay':
      return false;
  }
}

/** The problems of one pupil's days of membership, in order of their dates. */
export function findDayProblems(studentId: string, days: readonly PupilDay[]): RegisterProblem[] {
  return days.flatMap((day) => {
    const code = day.enrolled ? dayProblemOf(day) : null;
    return code ? [{ code, studentId, date: day.date }] : [];
  });
}

export function findFailedChecks(checks: readonly RegisterCheck[]): RegisterProblem[] {
  return checks.filter((check) => !check.holds).map(({ code }) => ({ code: 'checkFailed', check: code }));
}

/**
 * Marks of students on dates when they belong to no homeroom, reported by the homeroom nearest before (else after)
 * that day, whether or not the student is on its page of the month.
 */
export function findMarksOutsideEnrollment(
  sources: AttendanceSources,
  homeroomId: string,
  dates: readonly CalendarDate[],
): RegisterProblem[] {
  const candidates = new Map<string, ClassEnrollment[]>();
  for (const { studentId, homeroomId: own } of sources.roster.enrollments) {
    if (own === homeroomId) candidates.set(studentId, []);
  }
  for (const enrollment of sources.roster.enrollments) candidates.get(enrollment.studentId)?.push(enrollment);

  const problems: RegisterProblem[] = [];
  for (const [studentId, enrollments] of candidates) {
    for (const date of dates) {
      if (findNearestEnrollment(enrollments, date)?.homeroomId !== homeroomId) continue;
      const heads = sources.attendance(studentId, date)?.heads ?? [];
      if (heads.some((write) => write.mark !== null))
        problems.push({ code: 'markOutsideEnrollment', studentId, date });
    }
  }
  return problems;
}

/** `enrollments` are a student's in one homeroom; last days outside `dates` belong to another month. */
export function findLastDaysWithoutSchool(
  sources: AttendanceSources,
  schoolDays: SchoolDayReader,
  enrollments: readonly ClassEnrollment[],
  dates: readonly CalendarDate[],
): RegisterProblem[] {
  return enrollments.flatMap(({ studentId, homeroomId, endedBy, until }): RegisterProblem[] => {
    const student = sources.roster.students.get(studentId);
    const date = addDays(until, -1);
    if (!student || (endedBy !== 'transferOut' && endedBy !== 'withdrawal') || !dates.includes(date))
      return [];
    const { kind } = schoolDays.dayFor(homeroomId, student.gradeLevel, date);
    return isSchoolDay(kind) ? [] : [{ code: 'lastDayNotSchoolDay', studentId, date }];
  });
}

function dayProblemOf({ kind, isDue, resolved }: PupilDay): DayProblemCode | null {
  if (kind === 'homeroomClosure') return isUnexpectedAtClosure(resolved) ? 'markOnNonSchoolDay' : null;
  if (!isSchoolDay(kind)) return resolved.state === 'unmarked' ? null : 'markOnNonSchoolDay';
  if (!isDue) return null;
  switch (resolved.state) {
    case 'unmarked':
      return 'unmarkedDay';
    case 'unreadable':
      return 'unreadableMark';
    case 'conflict':
      return 'conflict';
    case 'single':
      return null;
  }
}

// A nurse marks the days of an illness in advance: 出席停止 that runs into a closure is no mistake.
function isUnexpectedAtClosure(resolved: ResolvedDay): boolean {
  if (resolved.state === 'unmarked') return false;
  return resolved.state !== 'single' || resolved.mark.counts.as !== 'excluded';
}
