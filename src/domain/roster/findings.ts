import { schoolYearStart, type CalendarDate } from '../calendar/calendar-date.ts';
import type { ClassEnrollment, SchoolRoster } from './roster.ts';

export type RosterFindingCode =
  /** An enrolment of a student the roster does not hold. */
  | 'unknownStudent'
  | 'unknownHomeroom'
  /** `until` is not after `from`: the enrolment holds no day. */
  | 'emptyInterval'
  /** The interval leaves the roster's school year. */
  | 'outsideSchoolYear'
  /** The homeroom is not one of the student's 学年. */
  | 'gradeLevelMismatch'
  | 'missingRosterNumber'
  /** The interval ends before the school year does, and nothing says why. */
  | 'endWithoutReason'
  /** The interval lasts to the end of the year, and yet a reason for leaving is given. */
  | 'reasonWithoutEnd'
  /** Two enrolments of a student hold the same day. */
  | 'overlappingEnrollments'
  /** Two students of a homeroom have one 出席番号 on the same day. */
  | 'duplicateRosterNumber';

export interface RosterFinding {
  readonly code: RosterFindingCode;
  /** The enrolments concerned, one or two, in order of their ids. */
  readonly enrollmentIds: readonly string[];
  readonly studentIds: readonly string[];
  readonly homeroomId: string;
  /** The first day on which it is so. */
  readonly date: CalendarDate;
}

/** What is wrong with a roster, by code; nothing found is an empty list. It decides nothing and repairs nothing. */
export function findRosterProblems(roster: SchoolRoster): RosterFinding[] {
  const enrollments = [...roster.enrollments].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    ...enrollments.flatMap((enrollment) => findingsOf(enrollment, roster)),
    ...findSharedDays(
      'overlappingEnrollments',
      groupBy(enrollments, (enrollment) => enrollment.studentId),
    ),
    ...findSharedDays(
      'duplicateRosterNumber',
      groupBy(
        enrollments.filter((enrollment) => enrollment.rosterNumber !== null),
        (enrollment) => `${enrollment.rosterNumber} ${enrollment.homeroomId}`,
      ),
      (a, b) => a.studentId !== b.studentId,
    ),
  ];
}

function findingsOf(enrollment: ClassEnrollment, roster: SchoolRoster): RosterFinding[] {
  const student = roster.students.get(enrollment.studentId);
  const homeroom = roster.homerooms.get(enrollment.homeroomId);
  const yearEnd = schoolYearStart(roster.schoolYear + 1);
  const codes: RosterFindingCode[] = [];
  if (!student) codes.push('unknownStudent');
  if (!homeroom) codes.push('unknownHomeroom');
  if (enrollment.from >= enrollment.until) codes.push('emptyInterval');
  if (enrollment.from < schoolYearStart(roster.schoolYear) || enrollment.until > yearEnd)
    codes.push('outsideSchoolYear');
  if (student && homeroom && !homeroom.gradeLevels.includes(student.gradeLevel))
    codes.push('gradeLevelMismatch');
  if (enrollment.rosterNumber === null) codes.push('missingRosterNumber');
  if (enrollment.until < yearEnd && enrollment.endedBy === null) codes.push('endWithoutReason');
  if (enrollment.until >= yearEnd && enrollment.endedBy !== null) codes.push('reasonWithoutEnd');
  return codes.map((code) => findingAbout(code, [enrollment], enrollment.from));
}

function findSharedDays(
  code: RosterFindingCode,
  groups: Iterable<readonly ClassEnrollment[]>,
  concerns: (a: ClassEnrollment, b: ClassEnrollment) => boolean = () => true,
): RosterFinding[] {
  const findings: RosterFinding[] = [];
  for (const group of groups) {
    group.forEach((a, index) => {
      for (const b of group.slice(index + 1)) {
        const from = a.from > b.from ? a.from : b.from;
        const until = a.until < b.until ? a.until : b.until;
        if (from < until && concerns(a, b)) findings.push(findingAbout(code, [a, b], from));
      }
    });
  }
  return findings;
}

function findingAbout(
  code: RosterFindingCode,
  enrollments: readonly [ClassEnrollment, ...ClassEnrollment[]],
  date: CalendarDate,
): RosterFinding {
  return {
    code,
    enrollmentIds: enrollments.map((enrollment) => enrollment.id),
    studentIds: [...new Set(enrollments.map((enrollment) => enrollment.studentId))],
    homeroomId: enrollments[0].homeroomId,
    date,
  };
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups.values();
}
