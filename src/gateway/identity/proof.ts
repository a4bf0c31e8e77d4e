import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { findPasskeySite, type PasskeySite } from './second-factor/passkeys.ts';
import type { SecondFactorKind } from './second-factor/person-factors.ts';

const code = z.string().check(z.minLength(1), z.maxLength(64));
const base64url = z.string().check(z.minLength(1), z.maxLength(2048), z.regex(/^[A-Za-z0-9_-]+$/));

/** What a browser gives back of a passkey; the library looks at the rest. */
export const passkeyResponseShape = z.looseObject({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.record(z.string().check(z.maxLength(64)), z.unknown()),
  clientExtensionResults: z._default(z.record(z.string(), z.unknown()), {}),
});

/** A second factor as it is shown. */
export const proofShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('totp'), code }),
  z.strictObject({ kind: z.literal('recoveryCode'), code }),
  z.strictObject({ kind: z.literal('passkey'), response: passkeyResponseShape }),
]);
export type Proof = z.infer<typeof proofShape>;

export type ProofResult =
  | { readonly ok: true; readonly factor: SecondFactorKind }
  | { readonly ok: false; readonly code: 'badProof' }
  | { readonly ok: false; readonly code: 'lockedOut'; readonly retryAfterSeconds: number };

interface Asked {
  readonly personId: string;
  readonly address: string;
  readonly site: PasskeySite | null;
  /** What the passkey was asked to sign; null where none was asked for. */
  readonly challenge: string | null;
}

/** Judges a second factor. Codes can be guessed and are slowed down; a passkey cannot. */
export async function judgeProof(
  { secondFactors, factorTries }: Pick<GatewayParts, 'secondFactors' | 'factorTries'>,
  { personId, address, site, challenge }: Asked,
  proof: Proof,
): Promise<ProofResult> {
  if (proof.kind === 'passkey') {
    const right =
      site !== null &&
      challenge !== null &&
      (await secondFactors.usePasskey(personId, site, challenge, proof.response));
    if (!right) return { ok: false, code: 'badProof' };
    await factorTries.succeed(personId, address, false);
    return { ok: true, factor: 'passkey' };
  }
  const retryAfterSeconds = await factorTries.begin(personId, address);
  if (retryAfterSeconds > 0) return { ok: false, code: 'lockedOut', retryAfterSeconds };
  const right =
    proof.kind === 'totp'
      ? await secondFactors.useTotp(personId, proof.code.normalize('NFKC').replace(/[\s-]/g, ''))
      : await secondFactors.useRecoveryCode(personId, proof.code);
  if (!right) return { ok: false, code: 'badProof' };
  await factorTries.succeed(personId, address, true);
  return { ok: true, factor: proof.kind };
}

/** Where this browser sees the app: the configured address, else the one that it asked. */
export function siteOf({ publicUrl }: Pick<GatewayParts, 'publicUrl'>, request: Request): PasskeySite | null {
  return findPasskeySite(publicUrl ?? new URL(request.url).origin);
}
