import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { parseLogin, type Account } from '../identity/account.ts';
import { readBrowserLabel } from '../identity/browser-label.ts';
import { networkOf } from '../identity/network-of.ts';
import { judgeProof, passkeyResponseShape, proofShape, siteOf } from '../identity/proof.ts';
import { askForOwnPasskey, askForPasskey } from '../identity/second-factor/passkeys.ts';
import { kindsOf } from '../identity/second-factor/person-factors.ts';
import { writeSessionCookie } from '../identity/session-cookie.ts';
import type { Factor } from '../identity/sessions.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { describeSession } from './describe-session.ts';
import { findLostAnswer } from './device-guard.ts';
import { judgePassword } from './judge-password.ts';
import { lockedOutAnswer } from './locked-out-answer.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { RequestContext } from './request-context.ts';
import type { PublicRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 16_384;
const MAX_PASSWORD_BODY_BYTES = 8192;

const device = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
const ticket = z.string().check(z.minLength(1), z.maxLength(4096));

const signInShape = z.strictObject({
  login: z.string().check(z.minLength(1), z.maxLength(200)),
  password: z.string().check(z.minLength(1), z.maxLength(1024)),
  device,
});
const secondShape = z.strictObject({ ticket, device, proof: proofShape });
const passkeyBeginShape = z.strictObject({ device });
const passkeyShape = z.strictObject({ ticket, device, response: passkeyResponseShape });

/** What a ticket binds the second step to. */
interface Bound {
  readonly device: string;
  readonly network: string;
  readonly challenge: string | null;
}
interface PasswordShown extends Bound {
  readonly personId: string;
  /** A changed password or a locked account ends what was begun before. */
  readonly changedAt: number;
}

export const signInRoutes: PublicRoutes = {
  'POST /api/session': startSession,
  'POST /api/session/second-factor': showSecondFactor,
  'POST /api/session/passkey/begin': beginPasskey,
  'POST /api/session/passkey': showPasskey,
};

async function startSession(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_PASSWORD_BODY_BYTES, signInShape);
  if (!parsed.ok) return parsed.answer;
  const { login, password, device } = parsed.data;
  const lost = await findLostAnswer(parts, device);
  if (lost) return lost;
  const judged = await judgePassword(parts, { login, password, address: context.address });
  if (!judged.ok) {
    parts.log.info('signInRefused', { code: judged.code });
    if (judged.code !== 'busy') await noteRefusal(parts, login, device, judged.code);
    return judged.answer;
  }
  const { account } = judged;
  const factors = await parts.secondFactors.read(account.personId);
  const kinds = kindsOf(factors);
  if (kinds.length === 0) {
    await parts.factorTries.succeed(account.personId, context.address, false);
    return beginSession(parts, request, context, { account, device, given: ['password'] });
  }
  const site = siteOf(parts, request);
  const passkey = await askForOwnPasskey(site, factors.passkeys);
  const bound: PasswordShown = {
    personId: account.personId,
    changedAt: account.changedAt,
    device,
    network: networkOf(context.address),
    challenge: passkey?.challenge ?? null,
  };
  return refusal(401, 'secondFactorRequired', {
    factors: kinds.filter((kind) => kind !== 'passkey' || passkey !== null),
    ticket: parts.tickets.issue('secondFactor', bound),
    passkey,
  });
}

/** After a right password: `POST /api/session/second-factor`. */
async function showSecondFactor(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, secondShape);
  if (!parsed.ok) return parsed.answer;
  const { device, proof } = parsed.data;
  const opened = parts.tickets.try<PasswordShown>('secondFactor', parsed.data.ticket);
  if (!opened || !isBoundTo(opened.content, device, context)) return refusal(401, 'ticketOver');
  const { personId, changedAt, challenge } = opened.content;
  const account = await parts.accounts.findByPerson(personId);
  if (!account || account.lockedAt !== null || account.changedAt !== changedAt)
    return refusal(401, 'ticketOver');
  const asked = { personId, address: context.address, site: siteOf(parts, request), challenge };
  const judged = await judgeProof(parts, asked, proof);
  if (!judged.ok) {
    parts.log.info('signInRefused', { code: judged.code });
    const { code } = judged;
    await parts.repeatedEvents.record({ kind: 'signInRefused', by: null, device, target: personId, code });
    return code === 'lockedOut' ? lockedOutAnswer(judged.retryAfterSeconds) : refusal(401, code);
  }
  if (!parts.tickets.spend(opened)) return refusal(401, 'ticketOver');
  return beginSession(parts, request, context, { account, device, given: ['password', judged.factor] });
}

/** A passkey alone is two factors: `POST /api/session/passkey/begin` asks for any of this site's. */
async function beginPasskey(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, passkeyBeginShape);
  if (!parsed.ok) return parsed.answer;
  const site = siteOf(parts, request);
  if (!site) return refusal(409, 'noPasskeysHere');
  const passkey = await askForPasskey(site, []);
  const bound: Bound = {
    device: parsed.data.device,
    network: networkOf(context.address),
    challenge: passkey.challenge,
  };
  return jsonAnswer({ ticket: parts.tickets.issue('passkeySignIn', bound), passkey });
}

async function showPasskey(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, passkeyShape);
  if (!parsed.ok) return parsed.answer;
  const { device, response } = parsed.data;
  const opened = parts.tickets.try<Bound>('passkeySignIn', parsed.data.ticket);
  if (!opened || !isBoundTo(opened.content, device, context)) return refusal(401, 'ticketOver');
  const account = await parts.accounts.findByPerson(personOfResponse(response.response));
  const asked = {
    personId: account?.personId ?? '',
    address: context.address,
    site: siteOf(parts, request),
    challenge: opened.content.challenge,
  };
  const usable = account !== null && account.lockedAt === null;
  const judged = usable ? await judgeProof(parts, asked, { kind: 'passkey', response }) : null;
  if (!usable || !judged?.ok) {
    parts.log.info('signInRefused', { code: 'badProof' });
    await parts.repeatedEvents.record({ kind: 'signInRefused', by: null, device, code: 'badProof' });
    return refusal(401, 'badProof');
  }
  if (!parts.tickets.spend(opened)) return refusal(401, 'ticketOver');
  return beginSession(parts, request, context, { account, device, given: ['passkey'] });
}

/** Names the person where the login is one; the login itself, which may be a mistyped password, is written nowhere. */
async function noteRefusal(parts: GatewayParts, login: string, device: string, code: string): Promise<void> {
  const known = parseLogin(login);
  const account = known === null ? null : await parts.accounts.findByLogin(known);
  const target = account ? { target: account.personId } : {};
  await parts.repeatedEvents.record({ kind: 'signInRefused', by: null, device, ...target, code });
}

async function beginSession(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
  { account, device, given }: { account: Account; device: string; given: readonly Factor[] },
): Promise<Response> {
  const lost = await findLostAnswer(parts, device);
  if (lost) return lost;
  const label = readBrowserLabel(request.headers.get('user-agent'));
  const { token, session } = await parts.sessions.start(account.personId, device, given, label);
  parts.log.info('signedIn', { person: account.personId, device, session: session.id.slice(0, 8) });
  await parts.audit.record({
    kind: 'signedIn',
    by: account.personId,
    device,
    session: session.id,
    code: given.join('+'),
  });
  return jsonAnswer(await describeSession(parts, account, session), 200, {
    'Set-Cookie': writeSessionCookie(token, context.secure),
  });
}

function isBoundTo(bound: Bound, device: string, { address }: RequestContext): boolean {
  return bound.device === device && bound.network === networkOf(address);
}

/** A passkey that was made here names its person; what is not the name of one finds nobody. */
function personOfResponse(response: Readonly<Record<string, unknown>>): string {
  const { userHandle } = response;
  return typeof userHandle === 'string' && userHandle.length <= 128
    ? Buffer.from(userHandle, 'base64url').toString('utf8')
    : '';
}
