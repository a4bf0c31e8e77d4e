import type { Role } from '#access/subject.ts';
import { boardRoles } from '#access/subject.ts';
import type { Person } from '#device/views.ts';

const overviewRoles: ReadonlySet<Role> = new Set([
  'schoolNurse',
  'officeStaff',
  'vicePrincipal',
  'principal',
]);

/** Board staff hold no register on a device: they see counts. */
export function isBoardPerson(person: Person): boolean {
  return person.stream === null && person.roles.some((role) => boardRoles.has(role));
}

/** Each address where somebody's day begins. */
export const homePaths = ['/roll-call', '/school', '/board'] as const;

/** Where a person's day begins. */
export function homePathOf(person: Person): (typeof homePaths)[number] {
  if (isBoardPerson(person)) return '/board';
  if (person.ownHomeroomIds.length > 0) return '/roll-call';
  return '/school';
}

/** Whether a person looks at the whole school first. */
export function looksAtSchoolFirst(person: Person): boolean {
  return person.ownHomeroomIds.length === 0 || person.roles.some((role) => overviewRoles.has(role));
}
