import { covers } from '../domain/roster/enrolled.ts';
import { findNearestEnrollment } from '../domain/roster/nearest-enrollment.ts';
import type { ClassEnrollment, SchoolRoster } from '../domain/roster/roster.ts';
import type { RosterContext } from './register-access.ts';

/**
 * Where a student belongs on a day, for a right that depends on it: by the enrolment of that day (of several, the
 * latest), outside all of them by the nearest one. A mark made offline is not lost because the office meanwhile
 * entered that the pupil had left the day before; the register names it as a finding instead.
 */
export function rosterContextOf(roster: Pick<SchoolRoster, 'enrollments'>): RosterContext {
  const byStudent = new Map<string, ClassEnrollment[]>();
  for (const enrollment of roster.enrollments) {
    const known = byStudent.get(enrollment.studentId);
    if (known) known.push(enrollment);
    else byStudent.set(enrollment.studentId, [enrollment]);
  }
  return {
    homeroomOf(studentId, date) {
      const enrollments = byStudent.get(studentId) ?? [];
      let found: ClassEnrollment | undefined;
      for (const enrollment of enrollments) {
        if (covers(enrollment, date) && (!found || enrollment.from >= found.from)) found = enrollment;
      }
      return (found ?? findNearestEnrollment(enrollments, date))?.homeroomId;
    },
  };
}
