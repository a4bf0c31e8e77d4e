import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { siteOf, passkeyResponseShape } from '../identity/proof.ts';
import { askForNewPasskey, readNewPasskey } from '../identity/second-factor/passkeys.ts';
import { newTotpSecret, totpAddress } from '../identity/second-factor/totp.ts';
import type { Factor } from '../identity/sessions.ts';
import { FRESH_PROOF_MS, needsStepUp } from '../identity/step-up.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoute, SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 32_768;
const PRODUCT = 'Amenimo';

const ticket = z.string().check(z.minLength(1), z.maxLength(4096));
const nothing = z.strictObject({});
const totpShape = z.strictObject({ ticket, code: z.string().check(z.minLength(1), z.maxLength(64)) });
const passkeyShape = z.strictObject({
  ticket,
  label: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)),
  response: passkeyResponseShape,
});
const removeShape = z.union([
  z.strictObject({ kind: z.literal('totp') }),
  z.strictObject({ kind: z.literal('passkey'), id: z.string().check(z.minLength(1), z.maxLength(2048)) }),
]);

interface Enrolment {
  readonly session: string;
  /** The authenticator app's secret, or the passkey's challenge. */
  readonly secret: string;
}

export const factorRoutes: SignedInRoutes = {
  'GET /api/factors': readFactors,
  'POST /api/factors/totp/begin': withFreshProof(nothing, beginTotp),
  'POST /api/factors/totp': withFreshProof(totpShape, addTotp),
  'POST /api/factors/passkey/begin': withFreshProof(nothing, beginPasskey),
  'POST /api/factors/passkey': withFreshProof(passkeyShape, addPasskey),
  'POST /api/factors/recovery-codes': withFreshProof(nothing, renewCodes),
  'POST /api/factors/remove': withFreshProof(removeShape, removeFactor),
};

interface Asked<Body> {
  readonly parts: GatewayParts;
  readonly request: Request;
  readonly signedIn: SignedIn;
  readonly body: Body;
}

/** Whoever finds an open screen must not be able to add a key of their own or take one away. */
function withFreshProof<Body>(
  shape: z.ZodMiniType<Body>,
  answer: (asked: Asked<Body>) => Promise<Response>,
): SignedInRoute {
  return async (parts, request, signedIn) => {
    const parsed = await readShapedBody(request, MAX_BODY_BYTES, shape);
    if (!parsed.ok) return parsed.answer;
    const { session, account } = signedIn;
    const kinds = await parts.secondFactors.kindsOf(account.personId);
    if (kinds.length > 0 && needsStepUp(session, parts.now())) return refusal(403, 'stepUpRequired');
    const age = parts.now() - session.confirmedAt;
    if (age < 0 || age >= FRESH_PROOF_MS) return refusal(403, 'passwordRequired');
    return answer({ parts, request, signedIn, body: parsed.data });
  };
}

async function readFactors(parts: GatewayParts, request: Request, { account }: SignedIn): Promise<Response> {
  const { totp, passkeys, recovery } = await parts.secondFactors.read(account.personId);
  return jsonAnswer({
    totp: totp && { addedAt: totp.addedAt },
    passkeys: passkeys.map(({ id, label, addedAt, lastUsedAt }) => ({ id, label, addedAt, lastUsedAt })),
    recoveryCodes: recovery && { left: recovery.hashes.length, madeAt: recovery.madeAt },
    passkeysHere: siteOf(parts, request) !== null,
  });
}

async function beginTotp({ parts, signedIn }: Asked<unknown>): Promise<Response> {
  const secret = newTotpSecret();
  const enrolment: Enrolment = { session: signedIn.session.id, secret };
  return jsonAnswer({
    ticket: parts.tickets.issue('totpEnrolment', enrolment),
    secret,
    address: totpAddress(secret, PRODUCT, signedIn.account.login),
  });
}

async function addTotp(asked: Asked<z.infer<typeof totpShape>>): Promise<Response> {
  const { parts, signedIn, body } = asked;
  const opened = parts.tickets.try<Enrolment>('totpEnrolment', body.ticket);
  if (opened?.content.session !== signedIn.session.id) return refusal(409, 'ticketOver');
  const { personId } = signedIn.account;
  const code = body.code.normalize('NFKC').replace(/[\s-]/g, '');
  if (!(await parts.secondFactors.addTotp(personId, opened.content.secret, code)))
    return refusal(409, 'badProof');
  // The same code sent twice at once: only one of the two is told recovery codes.
  if (!parts.tickets.spend(opened)) return refusal(409, 'ticketOver');
  return added(asked, 'totp');
}

async function beginPasskey({ parts, request, signedIn }: Asked<unknown>): Promise<Response> {
  const site = siteOf(parts, request);
  if (!site) return refusal(409, 'noPasskeysHere');
  const { personId, login, name } = signedIn.account;
  const { passkeys } = await parts.secondFactors.read(personId);
  const passkey = await askForNewPasskey(site, PRODUCT, { id: personId, login, name }, passkeys);
  const enrolment: Enrolment = { session: signedIn.session.id, secret: passkey.challenge };
  return jsonAnswer({ ticket: parts.tickets.issue('passkeyEnrolment', enrolment), passkey });
}

async function addPasskey(asked: Asked<z.infer<typeof passkeyShape>>): Promise<Response> {
  const { parts, request, signedIn, body } = asked;
  const opened = parts.tickets.try<Enrolment>('passkeyEnrolment', body.ticket);
  const site = siteOf(parts, request);
  if (!site || opened?.content.session !== signedIn.session.id || !parts.tickets.spend(opened))
    return refusal(409, 'ticketOver');
  const passkey = await readNewPasskey(site, opened.content.secret, body.response);
  const { personId } = signedIn.account;
  if (!passkey || !(await parts.secondFactors.addPasskey(personId, { ...passkey, label: body.label })))
    return refusal(409, 'badProof');
  return added(asked, 'passkey');
}

/** With the first second factor come the recovery codes, shown this once. */
async function added(
  { parts, signedIn: { session, account } }: Asked<unknown>,
  factor: Extract<Factor, 'totp' | 'passkey'>,
): Promise<Response> {
  const { personId } = account;
  await parts.sessions.confirm(session.id, [factor], true);
  await parts.audit.record({
    kind: 'factorAdded',
    by: personId,
    target: personId,
    session: session.id,
    code: factor,
  });
  const { recovery } = await parts.secondFactors.read(personId);
  const recoveryCodes = recovery ? null : await parts.secondFactors.renewRecoveryCodes(personId);
  return jsonAnswer({ recoveryCodes });
}

async function renewCodes({ parts, signedIn: { session, account } }: Asked<unknown>): Promise<Response> {
  const { personId } = account;
  const recoveryCodes = await parts.secondFactors.renewRecoveryCodes(personId);
  if (!recoveryCodes) return refusal(409, 'noSecondFactor');
  await parts.audit.record({
    kind: 'factorAdded',
    by: personId,
    target: personId,
    session: session.id,
    code: 'recoveryCode',
  });
  return jsonAnswer({ recoveryCodes });
}

/** Who takes a lost telephone away wants what was opened with it closed too. */
async function removeFactor({
  parts,
  signedIn: { session, account },
  body,
}: Asked<z.infer<typeof removeShape>>): Promise<Response> {
  const { personId } = account;
  const removed =
    body.kind === 'totp'
      ? await parts.secondFactors.removeTotp(personId)
      : await parts.secondFactors.removePasskey(personId, body.id);
  if (!removed) return refusal(404, 'unknownFactor');
  const count = await parts.sessions.endAllOf(personId, session.id);
  const kinds = await parts.secondFactors.kindsOf(personId);
  if (kinds.length === 0) await parts.sessions.forgetOwnFactors(session.id);
  await parts.audit.record({
    kind: 'factorRemoved',
    by: personId,
    target: personId,
    session: session.id,
    code: body.kind,
    count,
  });
  return jsonAnswer({ kinds, ended: count });
}
