import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { GradeLevel } from '../domain/roster/roster.ts';

/** What a person is at a school or at the board. A role grants; a duty only assigns. */
export const roles = [
  'homeroomTeacher',
  'assistantHomeroomTeacher',
  'subjectTeacher',
  'gradeLevelLead',
  'academicAffairs',
  'schoolNurse',
  'officeStaff',
  'vicePrincipal',
  'principal',
  'boardSupervisor',
  'boardAdministrator',
  'systemAdministrator',
] as const;
export type Role = (typeof roles)[number];

/** One role at one place during the half-open interval [from, until). */
export interface Grant {
  readonly role: Role;
  /** MEXT school code; null for a role at the board. */
  readonly schoolCode: string | null;
  /** For homeroomTeacher and assistantHomeroomTeacher. */
  readonly homeroomId?: string;
  /** For subjectTeacher: the taught class. */
  readonly classId?: string;
  /** For gradeLevelLead (学年主任). */
  readonly gradeLevel?: GradeLevel;
  /** 代替: whose work this grant does meanwhile. It names a reason and changes no right. */
  readonly inPlaceOf?: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  /** Taken away before its time: what was written under it gets no grace. */
  readonly revoked?: true;
}

/** Who asks. Called subject because a `principal` is a 校長 here. */
export interface Subject {
  readonly personId: string;
  readonly grants: readonly Grant[];
}

export const boardRoles: ReadonlySet<Role> = new Set([
  'boardSupervisor',
  'boardAdministrator',
  'systemAdministrator',
]);

export function isValidOn(grant: Grant, today: CalendarDate): boolean {
  return grant.from <= today && today < grant.until;
}
