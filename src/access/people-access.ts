import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { allow, deny, type AllowReason, type Decision } from './decision.ts';
import type { Reach } from './register-access.ts';
import { boardRoles, isValidOn, roles, type Grant, type Role, type Subject } from './subject.ts';

/** What one may do with somebody's account beside changing grants. */
export type AccountAction = 'lock' | 'password' | 'factors';

interface Administration {
  readonly reach: Exclude<Reach, 'homeroom'>;
  /** Roles that it gives and ends. */
  readonly gives: ReadonlySet<Role>;
  readonly because: AllowReason;
}

const schoolRoles = roles.filter((role) => !boardRoles.has(role));
const without = (from: readonly Role[], ...left: readonly Role[]): ReadonlySet<Role> =>
  new Set(from.filter((role) => !left.includes(role)));

/** Who looks after people. What is not in this table is denied. */
export const administrations: { readonly [R in Role]?: Administration } = {
  vicePrincipal: {
    reach: 'school',
    gives: without(schoolRoles, 'principal', 'vicePrincipal'),
    because: 'schoolManagement',
  },
  principal: { reach: 'school', gives: without(schoolRoles, 'principal'), because: 'schoolManagement' },
  boardAdministrator: {
    reach: 'everySchool',
    gives: without(roles, 'systemAdministrator'),
    because: 'boardManagement',
  },
  systemAdministrator: { reach: 'everySchool', gives: new Set(), because: 'technicalCare' },
};

function* administrationsOf(
  subject: Subject,
  today: CalendarDate,
): Generator<{ readonly of: Administration; readonly schoolCode: string | null }> {
  for (const { role, schoolCode, ...span } of subject.grants) {
    const of = administrations[role];
    if (of && isValidOn({ role, schoolCode, ...span }, today)) yield { of, schoolCode };
  }
}

const isTechnical = (administration: Administration): boolean => administration.gives.size === 0;

/** Whether this person looks after the people of a school; null: those of the board. */
export function canManagePeopleAt(
  subject: Subject,
  schoolCode: string | null,
  today: CalendarDate,
): Decision {
  for (const { of, schoolCode: own } of administrationsOf(subject, today)) {
    if (of.reach === 'everySchool' || (schoolCode !== null && own === schoolCode)) return allow(of.because);
  }
  return deny('noGrant');
}

/** Whether this person looks after anybody at all. */
export function canListPeople(subject: Subject, today: CalendarDate): Decision {
  for (const { of } of administrationsOf(subject, today)) return allow(of.because);
  return deny('noGrant');
}

/** Whether this person gives and ends grants at all. */
export function canGiveGrants(subject: Subject, today: CalendarDate): Decision {
  for (const { of } of administrationsOf(subject, today)) if (!isTechnical(of)) return allow(of.because);
  return deny('noGrant');
}

/** Those of somebody's grants that this person may see: the own school's, or all of them. */
export function visibleGrants(subject: Subject, target: Subject, today: CalendarDate): readonly Grant[] {
  return target.grants.filter((grant) => canManagePeopleAt(subject, grant.schoolCode, today).allowed);
}

/** Whoever has or had a duty at the own school; for the board and for technical care, everybody. */
export function canSeePerson(subject: Subject, target: Subject, today: CalendarDate): Decision {
  const everybody = canManagePeopleAt(subject, null, today);
  if (everybody.allowed) return everybody;
  return visibleGrants(subject, target, today).length > 0 ? allow('schoolManagement') : deny('noGrant');
}

/** Whether this person may give this grant, or end it: a right that is not in reach is nobody's to hand on. */
export function canGiveGrant(
  subject: Subject,
  personId: string,
  grant: Pick<Grant, 'role' | 'schoolCode'>,
  today: CalendarDate,
): Decision {
  if (personId === subject.personId) return deny('ownAccount');
  if (boardRoles.has(grant.role) !== (grant.schoolCode === null)) return deny('beyondOwnRights');
  let closest: Decision = deny('noGrant');
  for (const { of, schoolCode } of administrationsOf(subject, today)) {
    if (of.reach !== 'everySchool' && schoolCode !== grant.schoolCode) continue;
    if (of.gives.has(grant.role)) return allow(of.because);
    closest = deny('beyondOwnRights');
  }
  return closest;
}

/** Whether an account may be made with these grants. Technical care makes accounts without any. */
export function canCreatePerson(
  subject: Subject,
  personId: string,
  grants: readonly Grant[],
  today: CalendarDate,
): Decision {
  if (grants.length === 0) return canManagePeopleAt(subject, null, today);
  for (const grant of grants) {
    const decision = canGiveGrant(subject, personId, grant, today);
    if (!decision.allowed) return decision;
  }
  return allow('schoolManagement');
}

/**
 * Whether this person may lock, unlock, or hand out new credentials for an account. Credentials are the account
 * itself, so they are given only by who could give each of its grants that has not ended. Technical care locks and
 * gives passwords, but never both factors, and no password of a board administrator.
 */
export function canChangeAccount(
  subject: Subject,
  target: Subject,
  action: AccountAction,
  today: CalendarDate,
): Decision {
  if (target.personId === subject.personId) return deny('ownAccount');
  const seen = canSeePerson(subject, target, today);
  if (!seen.allowed) return seen;
  const live = target.grants.filter((grant) => today < grant.until);
  const own = [...administrationsOf(subject, today)].map(({ of }) => of);
  const administers = live.some((grant) => grant.role === 'boardAdministrator');
  if (own.some(isTechnical) && (action === 'lock' || (action === 'password' && !administers))) {
    return allow('technicalCare');
  }
  if (own.every(isTechnical)) return deny('beyondOwnRights');
  const givable = live.every((grant) => canGiveGrant(subject, target.personId, grant, today).allowed);
  return givable ? seen : deny('beyondOwnRights');
}

/** What the rule about the last administrator must know of an account. */
export interface AdministratorStanding {
  readonly grants: readonly Grant[];
  /** Not locked, and has a password or another way in. */
  readonly canSignIn: boolean;
}

/** Until when the board has an administrator who can sign in, without a day between; `today` where there is none. */
export function administeredUntil(
  accounts: Iterable<AdministratorStanding>,
  today: CalendarDate,
): CalendarDate {
  const spans: Grant[] = [];
  for (const { grants, canSignIn } of accounts) {
    if (canSignIn) spans.push(...grants.filter(({ role }) => role === 'boardAdministrator'));
  }
  spans.sort((a, b) => (a.from < b.from ? -1 : 1));
  let until = today;
  for (const span of spans) if (span.from <= until && span.until > until) until = span.until;
  return until;
}

/** A change may not leave the board without an administrator sooner than it would be without the change. */
export function canChangeAdministrators(
  before: Iterable<AdministratorStanding>,
  after: Iterable<AdministratorStanding>,
  today: CalendarDate,
): Decision {
  return administeredUntil(after, today) >= administeredUntil(before, today)
    ? allow('boardManagement')
    : deny('lastBoardAdministrator');
}
