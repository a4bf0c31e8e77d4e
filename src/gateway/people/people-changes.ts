import {
  canChangeAdministrators,
  canGiveGrants,
  canSeePerson,
  type AdministratorStanding,
} from '../../access/people-access.ts';
import type { DenyReason } from '../../access/decision.ts';
import type { Grant, Subject } from '../../access/subject.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { AccountProblem } from '../identity/account-directory.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import { findGrantProblem, type GrantProblem } from './parse-grant.ts';
import { planGrants } from './plan-grants.ts';
import { listSchoolPlaces } from './school-places.ts';
import { keepStaffInStep } from './staff-entry.ts';

export type GrantsResult =
  | { readonly ok: true; readonly account: Account; readonly changed: readonly Grant[] }
  | { readonly ok: false; readonly code: 'denied'; readonly because: DenyReason }
  | { readonly ok: false; readonly code: 'badGrant'; readonly at: number; readonly field: GrantProblem }
  | { readonly ok: false; readonly code: 'lastBoardAdministrator' | AccountProblem };

/** One change of people at a time: two administrators who end each other's grant at once must not both succeed. */
const QUEUE_KEY = 'people';

/** Runs a change of accounts alone. */
export function changePeople<T>(parts: GatewayParts, work: () => Promise<T>): Promise<T> {
  return parts.streams.queue.run(QUEUE_KEY, work);
}

/**
 * Puts a person's grants to what is wanted, within what the administrator sees, and tells the registers. `wanted` is
 * made from the grants that the person has at that moment.
 */
export async function changeGrants(
  parts: GatewayParts,
  administrator: Subject,
  personId: string,
  wantedOf: (present: Account) => readonly Grant[],
): Promise<GrantsResult> {
  const result = await changePeople(parts, () => decideGrants(parts, administrator, personId, wantedOf));
  if (result.ok) {
    await keepStaffInStep(
      parts,
      personId,
      result.changed.flatMap(({ schoolCode }) => schoolCode ?? []),
    );
  }
  return result;
}

async function decideGrants(
  parts: GatewayParts,
  administrator: Subject,
  personId: string,
  wantedOf: (present: Account) => readonly Grant[],
): Promise<GrantsResult> {
  const accounts = await parts.accounts.listAccounts();
  const account = accounts.find((each) => each.personId === personId);
  const today = calendarDateAt(parts.now());
  const gives = canGiveGrants(administrator, today).allowed;
  if (!account || !gives || !canSeePerson(administrator, subjectOf(account), today).allowed) {
    return { ok: false, code: 'denied', because: 'noGrant' };
  }
  const wanted = wantedOf(account);
  const plan = planGrants(administrator, subjectOf(account), wanted, today);
  if (!plan.ok) return { ok: false, code: 'denied', because: plan.code };
  const wrong = await findWrongGrant(parts, personId, wanted, plan.changed);
  if (wrong) return { ok: false, code: 'badGrant', ...wrong };
  const after = accounts.map((each) => (each === account ? { ...each, grants: plan.grants } : each));
  if (!keepsAdministrators(parts, accounts, after)) return { ok: false, code: 'lastBoardAdministrator' };
  const result = await parts.accounts.rewriteGrants(account, plan.grants);
  return result.ok ? { ...result, changed: plan.changed } : result;
}

/** Only what changes is looked at: a grant of a homeroom that is no more must not be in the way of another. */
export async function findWrongGrant(
  parts: GatewayParts,
  personId: string,
  wanted: readonly Grant[],
  changed: readonly Grant[],
): Promise<{ at: number; field: GrantProblem } | null> {
  const codes = new Set(changed.map(({ schoolCode }) => schoolCode));
  const places = await listSchoolPlaces(parts, (code) => codes.has(code));
  for (const [at, grant] of wanted.entries()) {
    const field = changed.includes(grant) ? findGrantProblem(grant, personId, places) : null;
    if (field) return { at, field };
    if (grant.inPlaceOf !== undefined && changed.includes(grant)) {
      const replaced = await parts.accounts.findByPerson(grant.inPlaceOf);
      if (!replaced?.grants.some(({ schoolCode }) => schoolCode === grant.schoolCode)) {
        return { at, field: 'inPlaceOf' };
      }
    }
  }
  return null;
}

export type LockResult =
  { readonly ok: true } | { readonly ok: false; readonly code: 'lastBoardAdministrator' | AccountProblem };

/** Locks or unlocks; a lock ends every session of the person at once. */
export async function setPersonLocked(
  parts: GatewayParts,
  personId: string,
  locked: boolean,
): Promise<LockResult> {
  return changePeople(parts, async () => {
    const accounts = await parts.accounts.listAccounts();
    const after = accounts.map((each) =>
      each.personId === personId && locked ? { ...each, lockedAt: parts.now() } : each,
    );
    if (!keepsAdministrators(parts, accounts, after)) return { ok: false, code: 'lastBoardAdministrator' };
    const result = await parts.accounts.setLocked(personId, locked);
    if (!result.ok) return result;
    if (locked) await parts.sessions.endAllOf(personId);
    return { ok: true };
  });
}

function keepsAdministrators(
  { now, singleSignOn }: Pick<GatewayParts, 'now' | 'singleSignOn'>,
  before: readonly Account[],
  after: readonly Account[],
): boolean {
  const standingOf = ({ grants, lockedAt, passwordHash }: Account): AdministratorStanding => ({
    grants,
    canSignIn: lockedAt === null && (passwordHash !== null || singleSignOn !== null),
  });
  const today = calendarDateAt(now());
  return canChangeAdministrators(before.map(standingOf), after.map(standingOf), today).allowed;
}
