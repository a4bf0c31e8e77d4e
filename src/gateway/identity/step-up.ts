import type { Factor, Session } from './sessions.ts';

/** How long a proof counts as fresh. */
export const FRESH_PROOF_MS = 300_000;

const secondFactors: ReadonlySet<Factor> = new Set([
  'totp',
  'passkey',
  'recoveryCode',
  'federatedSecondFactor',
]);

/** Whether the person has shown more than a password in this session. */
export function hasSecondFactor(session: Session): boolean {
  return session.factors.some((factor) => secondFactors.has(factor));
}

/** Whether a person must prove anew who they are before an export, a permit or a change of rights. */
export function needsStepUp(session: Session, now: number): boolean {
  const age = now - session.confirmedAt;
  return !hasSecondFactor(session) || age >= FRESH_PROOF_MS || age < 0;
}
