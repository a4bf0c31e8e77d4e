import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { clearSessionCookie } from '../identity/session-cookie.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { describeSession } from './describe-session.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { RequestContext, SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 1024;

const endShape = z.union([
  z.strictObject({ id: z.string().check(z.regex(/^[0-9a-f]{40}$/)) }),
  z.strictObject({ others: z.literal(true) }),
]);

export const sessionRoutes: SignedInRoutes = {
  'GET /api/session': async (parts, _request, { account, session }) =>
    jsonAnswer(await describeSession(parts, account, session)),
  'GET /api/sessions': listSessions,
  'POST /api/sessions/end': endOthers,
};

/** `DELETE /api/session` */
export async function endSession(
  parts: GatewayParts,
  signedIn: SignedIn | null,
  context: RequestContext,
): Promise<Response> {
  if (signedIn) {
    const { session, account } = signedIn;
    await parts.sessions.end(session.id);
    parts.log.info('signedOut', { person: account.personId });
    await parts.audit.record({
      kind: 'signedOut',
      by: account.personId,
      device: session.device,
      session: session.id,
    });
  }
  return jsonAnswer({ ok: true }, 200, { 'Set-Cookie': clearSessionCookie(context.secure) });
}

/** The person's own, this one and others. */
async function listSessions(
  parts: GatewayParts,
  _request: Request,
  { session, account }: SignedIn,
): Promise<Response> {
  const sessions = await parts.sessions.listOf(account.personId);
  return jsonAnswer({
    sessions: sessions.map(({ id, device, browser, system, factors, createdAt, lastSeenAt }) => ({
      ...{ id, device, browser, system, factors, createdAt, lastSeenAt },
      current: id === session.id,
    })),
  });
}

/** Ends one session of the person's own, or all but this one. Of another person's it knows nothing. */
async function endOthers(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, endShape);
  if (!parsed.ok) return parsed.answer;
  const { session, account } = signedIn;
  const by = account.personId;
  if ('others' in parsed.data) {
    const count = await parts.sessions.endAllOf(by, session.id);
    await parts.audit.record({ kind: 'sessionEnded', by, session: session.id, code: 'others', count });
    return jsonAnswer({ ended: count });
  }
  const { id } = parsed.data;
  // Not found by its id: looking at a session keeps it alive, and it may be another person's.
  const own = await parts.sessions.listOf(by);
  if (!own.some((each) => each.id === id)) return refusal(404, 'unknownSession');
  await parts.sessions.end(id);
  await parts.audit.record({ kind: 'sessionEnded', by, session: session.id, target: id, count: 1 });
  return jsonAnswer({ ended: 1 });
}
