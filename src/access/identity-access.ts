import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { Role, Subject } from './subject.ts';

/** Roles whose work reaches beyond the register: they show a second factor before they manage anything. */
export const managingRoles: ReadonlySet<Role> = new Set([
  'officeStaff',
  'vicePrincipal',
  'principal',
  'boardSupervisor',
  'boardAdministrator',
  'systemAdministrator',
]);

/** Whether this person's work asks for a second factor today. The register itself is open without one. */
export function needsSecondFactor(
  subject: Subject,
  today: CalendarDate,
  roles: ReadonlySet<Role> = managingRoles,
): boolean {
  return subject.grants.some(({ role, from, until }) => roles.has(role) && from <= today && today < until);
}
