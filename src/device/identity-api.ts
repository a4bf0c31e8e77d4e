import * as z from 'zod/mini';
import { askGateway, type ApiResult } from './online-api.ts';

export const secondFactorKinds = ['passkey', 'totp', 'recoveryCode'] as const;
export type SecondFactorKind = (typeof secondFactorKinds)[number];

/** A second factor as it is shown to the gateway. */
export type SecondFactorProof =
  | { readonly kind: 'totp' | 'recoveryCode'; readonly code: string }
  | { readonly kind: 'passkey'; readonly response: unknown };

const stepShape = z.object({
  factors: z.array(z.enum(secondFactorKinds)),
  ticket: z.string(),
  /** What a passkey is asked to sign, as the browser takes it; null where none can be asked for. */
  passkey: z.nullable(z.record(z.string(), z.unknown())),
});
/** What can be shown for a proof, and the ticket that goes with it. */
export type SecondFactorStep = z.infer<typeof stepShape>;

export function parseSecondFactorStep(answer: unknown): SecondFactorStep | null {
  const parsed = stepShape.safeParse(answer);
  return parsed.success ? parsed.data : null;
}

const factorsShape = z.object({
  totp: z.nullable(z.object({ addedAt: z.number() })),
  passkeys: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      addedAt: z.number(),
      lastUsedAt: z.nullable(z.number()),
    }),
  ),
  recoveryCodes: z.nullable(z.object({ left: z.number(), madeAt: z.number() })),
  passkeysHere: z.boolean(),
});
/** A person's own second factors. */
export type OwnFactors = z.infer<typeof factorsShape>;

const sessionsShape = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      device: z.string(),
      browser: z.string(),
      system: z.string(),
      factors: z.array(z.string()),
      createdAt: z.number(),
      lastSeenAt: z.number(),
      current: z.boolean(),
    }),
  ),
});
export type OwnSession = z.infer<typeof sessionsShape>['sessions'][number];

const totpBegunShape = z.object({ ticket: z.string(), secret: z.string(), address: z.string() });
export type TotpBegun = z.infer<typeof totpBegunShape>;
const passkeyBegunShape = z.object({ ticket: z.string(), passkey: z.record(z.string(), z.unknown()) });
const codesShape = z.object({ recoveryCodes: z.nullable(z.array(z.string())) });
const endedShape = z.object({ ended: z.number() });
const confirmedShape = z.object({ confirmedAt: z.number() });

function by<T>(shape: z.ZodMiniType<T>): (answer: unknown) => T | null {
  return (answer) => {
    const parsed = shape.safeParse(answer);
    return parsed.success ? parsed.data : null;
  };
}

/** What can be shown to prove anew who one is. */
export function beginConfirmation(): Promise<ApiResult<SecondFactorStep>> {
  return askGateway('POST', '/api/session/confirm/begin', {}, by(stepShape));
}

export interface Confirmation {
  readonly ticket: string;
  readonly password?: string;
  readonly proof?: SecondFactorProof;
}

export function confirm(confirmation: Confirmation): Promise<ApiResult<unknown>> {
  return askGateway('POST', '/api/session/confirm', confirmation, by(confirmedShape));
}

export function readOwnFactors(): Promise<ApiResult<OwnFactors>> {
  return askGateway('GET', '/api/factors', undefined, by(factorsShape));
}

export function beginTotp(): Promise<ApiResult<TotpBegun>> {
  return askGateway('POST', '/api/factors/totp/begin', {}, by(totpBegunShape));
}

/** Gives recovery codes with the first second factor, else null. */
export function addTotp(ticket: string, code: string): Promise<ApiResult<readonly string[] | null>> {
  return codesOf(askGateway('POST', '/api/factors/totp', { ticket, code }, by(codesShape)));
}

export function beginNewPasskey(): Promise<ApiResult<z.infer<typeof passkeyBegunShape>>> {
  return askGateway('POST', '/api/factors/passkey/begin', {}, by(passkeyBegunShape));
}

export function addPasskey(
  ticket: string,
  label: string,
  response: unknown,
): Promise<ApiResult<readonly string[] | null>> {
  return codesOf(askGateway('POST', '/api/factors/passkey', { ticket, label, response }, by(codesShape)));
}

export function renewRecoveryCodes(): Promise<ApiResult<readonly string[] | null>> {
  return codesOf(askGateway('POST', '/api/factors/recovery-codes', {}, by(codesShape)));
}

export function removeFactor(
  factor: { readonly kind: 'totp' } | { readonly kind: 'passkey'; readonly id: string },
): Promise<ApiResult<unknown>> {
  return askGateway('POST', '/api/factors/remove', factor, by(endedShape));
}

export async function listOwnSessions(): Promise<ApiResult<readonly OwnSession[]>> {
  const result = await askGateway('GET', '/api/sessions', undefined, by(sessionsShape));
  return result.ok ? { ok: true, value: result.value.sessions } : result;
}

export function endSessions(
  which: { readonly id: string } | { readonly others: true },
): Promise<ApiResult<{ ended: number }>> {
  return askGateway('POST', '/api/sessions/end', which, by(endedShape));
}

/** Ends all other sessions. */
export function changePassword(old: string, next: string): Promise<ApiResult<{ ended: number }>> {
  return askGateway('POST', '/api/password', { old, new: next }, by(endedShape));
}

async function codesOf(
  asked: Promise<ApiResult<z.infer<typeof codesShape>>>,
): Promise<ApiResult<readonly string[] | null>> {
  const result = await asked;
  return result.ok ? { ok: true, value: result.value.recoveryCodes } : result;
}
