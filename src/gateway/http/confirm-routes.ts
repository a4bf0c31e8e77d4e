import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { judgeProof, proofShape, siteOf } from '../identity/proof.ts';
import { askForOwnPasskey } from '../identity/second-factor/passkeys.ts';
import { kindsOf } from '../identity/second-factor/person-factors.ts';
import type { Factor } from '../identity/sessions.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { describeSession } from './describe-session.ts';
import { judgePassword } from './judge-password.ts';
import { lockedOutAnswer } from './locked-out-answer.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 16_384;

const password = z.string().check(z.minLength(1), z.maxLength(1024));
const beginShape = z.strictObject({});
const passwordShape = z.strictObject({ password });
const confirmShape = z.strictObject({
  ticket: z.string().check(z.minLength(1), z.maxLength(4096)),
  password: z.optional(password),
  proof: z.optional(proofShape),
});

interface Asked {
  readonly session: string;
  readonly challenge: string | null;
}

export const confirmRoutes: SignedInRoutes = {
  'POST /api/session/confirm/begin': beginConfirmation,
  'POST /api/session/confirm': confirm,
  'POST /api/session/password': showPassword,
};

/** What this person can show to prove it again. */
async function beginConfirmation(
  parts: GatewayParts,
  request: Request,
  { session, account }: SignedIn,
): Promise<Response> {
  const body = await readShapedBody(request, MAX_BODY_BYTES, beginShape);
  if (!body.ok) return body.answer;
  const factors = await parts.secondFactors.read(account.personId);
  const site = siteOf(parts, request);
  const passkey = await askForOwnPasskey(site, factors.passkeys);
  const asked: Asked = { session: session.id, challenge: passkey?.challenge ?? null };
  return jsonAnswer({
    factors: kindsOf(factors).filter((kind) => kind !== 'passkey' || passkey !== null),
    ticket: parts.tickets.issue('confirm', asked),
    passkey,
  });
}

/**
 * A fresh proof: a passkey by itself, a code beside the password, and the password alone for whom there is nothing
 * else to ask.
 */
async function confirm(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, confirmShape);
  if (!parsed.ok) return parsed.answer;
  const { session, account, context } = signedIn;
  const { password, proof } = parsed.data;
  const kinds = await parts.secondFactors.kindsOf(account.personId);
  const given: Factor[] = [];
  if (proof?.kind !== 'passkey' && password === undefined) return refusal(400, 'badRequest');
  if (kinds.length > 0 && !proof) return refusal(400, 'badRequest');
  const opened = parts.tickets.try<Asked>('confirm', parsed.data.ticket);
  if (opened?.content.session !== session.id) return refusal(403, 'ticketOver');
  if (password !== undefined) {
    const { login } = account;
    const judged = await judgePassword(parts, { login, password, address: context.address });
    if (!judged.ok) return refuse(parts, signedIn, judged.code, judged.answer);
    given.push('password');
  }
  if (proof) {
    const asked = {
      personId: account.personId,
      address: context.address,
      site: siteOf(parts, request),
      challenge: opened.content.challenge,
    };
    const judged = await judgeProof(parts, asked, proof);
    if (!judged.ok) {
      const answer =
        judged.code === 'lockedOut' ? lockedOutAnswer(judged.retryAfterSeconds) : refusal(403, judged.code);
      return refuse(parts, signedIn, judged.code, answer);
    }
    given.push(judged.factor);
  }
  if (!parts.tickets.spend(opened)) return refusal(403, 'ticketOver');
  const confirmed = await parts.sessions.confirm(session.id, given, true);
  if (!confirmed) return refusal(401, 'signedOut');
  await notePassed(parts, signedIn, given);
  return jsonAnswer({ factors: confirmed.factors, confirmedAt: confirmed.confirmedAt });
}

/** Whether the password is right, in a session that began without it: the device's records are locked by it. */
async function showPassword(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, passwordShape);
  if (!parsed.ok) return parsed.answer;
  const { session, account, context } = signedIn;
  const judged = await judgePassword(parts, {
    login: account.login,
    password: parsed.data.password,
    address: context.address,
  });
  if (!judged.ok) return refuse(parts, signedIn, judged.code, judged.answer);
  const confirmed = await parts.sessions.confirm(session.id, ['password'], false);
  if (!confirmed) return refusal(401, 'signedOut');
  await notePassed(parts, signedIn, ['password']);
  return jsonAnswer(await describeSession(parts, account, confirmed));
}

function notePassed(
  { audit }: GatewayParts,
  { session, account }: SignedIn,
  given: readonly Factor[],
): Promise<void> {
  return audit.record({
    kind: 'stepUpPassed',
    by: account.personId,
    device: session.device,
    session: session.id,
    code: given.join('+'),
  });
}

async function refuse(
  { audit }: GatewayParts,
  { session, account }: SignedIn,
  code: string,
  answer: Response,
): Promise<Response> {
  await audit.record({
    kind: 'stepUpRefused',
    by: account.personId,
    device: session.device,
    session: session.id,
    code,
  });
  // 401 says that the session is over, which it is not.
  return answer.status === 401 ? refusal(403, code) : answer;
}
