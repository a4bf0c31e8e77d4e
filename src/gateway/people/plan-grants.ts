import type { DenyReason } from '../../access/decision.ts';
import { canGiveGrant, visibleGrants } from '../../access/people-access.ts';
import type { Grant, Subject } from '../../access/subject.ts';
import type { CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { canonicalJson } from '../../ledger/canonical.ts';

export type GrantPlan =
  | {
      readonly ok: true;
      readonly grants: readonly Grant[];
      readonly changed: readonly Grant[];
    }
  | { readonly ok: false; readonly code: DenyReason; readonly grant: Grant };

/**
 * What an account's grants become when those that the administrator sees are to be `wanted`. A grant elsewhere and one
 * that has ended stay as they are; one that is left out ends today, or never begins.
 */
export function planGrants(
  administrator: Subject,
  target: Subject,
  wanted: readonly Grant[],
  today: CalendarDate,
): GrantPlan {
  const visible = new Set(visibleGrants(administrator, target, today));
  const inHand = target.grants.filter((grant) => visible.has(grant) && grant.until > today);
  const untouched = target.grants.filter((grant) => !inHand.includes(grant));
  const asked = new Map(wanted.map((grant) => [canonicalJson(grant), grant]));
  const kept = new Map(inHand.map((grant) => [canonicalJson(grant), grant]));
  const added = [...asked].filter(([key]) => !kept.has(key)).map(([, grant]) => grant);
  const removed = [...kept].filter(([key]) => !asked.has(key)).map(([, grant]) => grant);
  for (const grant of [...added, ...removed]) {
    const decision = canGiveGrant(administrator, target.personId, grant, today);
    if (!decision.allowed) return { ok: false, code: decision.because, grant };
  }
  // One that was given only today has held too: what was written under it may still be on its way.
  const remains = removed.filter((grant) => grant.from <= today && !added.some(replaces(grant)));
  const ended = remains.map((grant): Grant => ({ ...grant, until: today, revoked: true }));
  const grants = [...untouched, ...ended, ...asked.values()];
  return { ok: true, grants, changed: [...added, ...removed] };
}

/** The same duty from the same day, with another end: one grant, and not two. */
function replaces(before: Grant): (after: Grant) => boolean {
  const dutyOf = ({ until: _, ...duty }: Grant): string => canonicalJson(duty);
  const duty = dutyOf(before);
  return (after) => dutyOf(after) === duty;
}
