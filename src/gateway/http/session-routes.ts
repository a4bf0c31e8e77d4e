import * as z from 'zod/mini';
import { parseRegisterDatabase, streamKey } from '../../ledger/stream.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import { HasherBusy } from '../identity/argon2-thread.ts';
import { clearSessionCookie, writeSessionCookie } from '../identity/session-cookie.ts';
import { signIn } from '../identity/sign-in.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readJsonBody } from './read-body.ts';
import type { RequestContext, SignedIn } from './request-context.ts';

const MAX_BODY_BYTES = 8192;

const signInShape = z.strictObject({
  login: z.string().check(z.minLength(1), z.maxLength(200)),
  password: z.string().check(z.minLength(1), z.maxLength(1024)),
  device: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
});

/** `POST /api/session` */
export async function startSession(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (!body.ok) return body.answer;
  const parsed = signInShape.safeParse(body.value);
  if (!parsed.success) return refusal(400, 'badRequest');
  const { login, password, device } = parsed.data;
  const result = await signIn(parts, { login, password, address: context.address }).catch(
    (error: unknown) => {
      if (error instanceof HasherBusy) return null;
      throw error;
    },
  );
  if (!result) return busy();
  if (!result.ok) {
    parts.log.info('signInRefused', { code: result.code });
    if (result.code === 'badCredentials') return refusal(401, 'badCredentials');
    const { retryAfterSeconds } = result;
    const headers = { 'Retry-After': String(retryAfterSeconds) };
    return jsonAnswer({ code: 'lockedOut', retryAfterSeconds }, 429, headers);
  }
  const { account } = result;
  const { token, session } = await parts.sessions.start(account.personId, device);
  parts.log.info('signedIn', { person: account.personId, device, session: session.id.slice(0, 8) });
  return jsonAnswer(await describeSession(parts, account), 200, {
    'Set-Cookie': writeSessionCookie(token, context.secure),
  });
}

function busy(): Response {
  return jsonAnswer({ code: 'busy' }, 503, { 'Retry-After': '5' });
}

/** `GET /api/session` */
export async function readSession(parts: GatewayParts, { account }: SignedIn): Promise<Response> {
  return jsonAnswer(await describeSession(parts, account));
}

/** `DELETE /api/session` */
export async function endSession(
  parts: GatewayParts,
  signedIn: SignedIn | null,
  context: RequestContext,
): Promise<Response> {
  if (signedIn) {
    await parts.sessions.end(signedIn.session.id);
    parts.log.info('signedOut', { person: signedIn.account.personId });
  }
  return jsonAnswer({ ok: true }, 200, { 'Set-Cookie': clearSessionCookie(context.secure) });
}

async function describeSession(parts: GatewayParts, account: Account): Promise<Record<string, unknown>> {
  const readable = await parts.streams.readableBy(subjectOf(account));
  const streams = await Promise.all(
    readable.map(async (stream) => {
      const { schoolCode, schoolYear } = parseRegisterDatabase(stream.db) ?? {
        schoolCode: '',
        schoolYear: 0,
      };
      const { roster } = await (await parts.streams.open(stream)).folds.standing();
      return { key: streamKey(stream), schoolCode, schoolYear, schoolName: roster.school.name };
    }),
  );
  const schoolCodes = [...new Set(streams.map((stream) => stream.schoolCode))];
  const sealing = Object.fromEntries(
    await Promise.all(
      schoolCodes.map(async (code) => [code, (await parts.secrets.sealingKeys(code)).publicKey] as const),
    ),
  );
  const { personId, login, name, grants } = account;
  return {
    person: { id: personId, login, name, grants },
    streams,
    sealing,
    serverNow: parts.now(),
    version: parts.version,
  };
}
