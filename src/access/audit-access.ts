import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { allow, deny, type Decision } from './decision.ts';
import { isValidOn } from './register-access.ts';
import type { Role, Subject } from './subject.ts';

/** Who reads the whole access log. */
export const wholeAuditReaders: ReadonlySet<Role> = new Set(['boardAdministrator', 'systemAdministrator']);
/** Who reads what concerns the own school. */
export const schoolAuditReaders: ReadonlySet<Role> = new Set(['principal']);

/** How far somebody sees into the access log. */
export type AuditReach =
  { readonly everything: true } | { readonly everything: false; readonly schools: ReadonlySet<string> };

/** null: not at all. */
export function auditReachOf(subject: Subject, today: CalendarDate): AuditReach | null {
  const valid = subject.grants.filter((grant) => isValidOn(grant, today));
  if (valid.some(({ role }) => wholeAuditReaders.has(role))) return { everything: true };
  const schools = valid.flatMap(({ role, schoolCode }) =>
    schoolAuditReaders.has(role) && schoolCode !== null ? [schoolCode] : [],
  );
  return schools.length > 0 ? { everything: false, schools: new Set(schools) } : null;
}

export function canReadAudit(subject: Subject, today: CalendarDate): Decision {
  const reach = auditReachOf(subject, today);
  if (!reach) {
    const ended = subject.grants.filter(
      ({ role }) => wholeAuditReaders.has(role) || schoolAuditReaders.has(role),
    );
    return deny(ended.length > 0 ? 'expired' : 'noGrant');
  }
  return allow(reach.everything ? 'boardManagement' : 'schoolManagement');
}

/** `concerned`: the schools that an event concerns. */
export function reachesEvent(reach: AuditReach, concerned: Iterable<string>): boolean {
  if (reach.everything) return true;
  for (const school of concerned) if (reach.schools.has(school)) return true;
  return false;
}

/** Whether the reader may look for this person in the log: one who is or was at a school in reach. */
export function reachesPerson(reach: AuditReach, person: Subject): boolean {
  return reachesEvent(
    reach,
    person.grants.flatMap(({ schoolCode }) => (schoolCode === null ? [] : [schoolCode])),
  );
}
