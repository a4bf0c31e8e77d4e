import type { SecondFactorKind } from '#device/identity-api.ts';
import { proofMessages as m } from '#features/session/proof-messages.ts';

/** A refusal of the gateway or of this form, and what it needs to be said. */
export interface ProofProblem {
  readonly code: string;
  readonly retryAfterSeconds?: number;
}

const badProofs = { totp: 'badTotp', recoveryCode: 'badRecoveryCode', passkey: 'badPasskey' } as const;

const plain = [
  'needCode',
  'needPassword',
  'badPassword',
  'passkeyCancelled',
  'noPasskeysHere',
  'ticketOver',
  'offline',
  'storageFull',
  'appTooOld',
  'signedOut',
  'passwordsDiffer',
  'passwordTooShort',
  'passwordTooLong',
  'passwordTooCommon',
  'passwordHasName',
  'passwordSame',
] as const;

/** What a person reads of it. A code that is not known here is trouble at the school's. */
export function proofSentence(
  { code, retryAfterSeconds = 0 }: ProofProblem,
  kind: SecondFactorKind = 'totp',
): string {
  if (code === 'badProof') return m[badProofs[kind]];
  if (code === 'badCredentials') return m.badPassword;
  if (code === 'lockedOut') return m.lockedOut(Math.max(1, Math.ceil(retryAfterSeconds / 60)));
  const known = plain.find((each) => each === code);
  return known ? m[known] : m.serverTrouble;
}
