import * as z from 'zod/mini';

const passkeyShape = z.object({
  /** The credential's id, base64url. */
  id: z.string(),
  publicKey: z.string(),
  counter: z.int(),
  /** The name it was made under; it answers to no other. */
  rpId: z.string(),
  transports: z.array(z.string()),
  /** What its owner calls it. */
  label: z.string(),
  addedAt: z.int(),
  lastUsedAt: z.nullable(z.int()),
});

export const personFactorsShape = z.object({
  totp: z.nullable(z.object({ secret: z.string(), addedAt: z.int(), lastStep: z.int() })),
  passkeys: z.array(passkeyShape),
  recovery: z.nullable(z.object({ hashes: z.array(z.string()), madeAt: z.int() })),
});

/** A registered passkey; its private half never leaves the authenticator. */
export type Passkey = z.infer<typeof passkeyShape>;

/** What one person has besides a password. `totp.secret` is sealed, recovery codes are hashes. */
export type PersonFactors = z.infer<typeof personFactorsShape>;

export const NO_FACTORS: PersonFactors = { totp: null, passkeys: [], recovery: null };

/** The ways that a second factor can be asked for. */
export type SecondFactorKind = 'totp' | 'passkey' | 'recoveryCode';

/** What can be asked of this person now, the usual first; empty where there is no second factor. */
export function kindsOf({ totp, passkeys, recovery }: PersonFactors): SecondFactorKind[] {
  if (!totp && passkeys.length === 0) return [];
  return [
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(totp ? (['totp'] as const) : []),
    ...(recovery && recovery.hashes.length > 0 ? (['recoveryCode'] as const) : []),
  ];
}
