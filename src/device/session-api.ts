import * as z from 'zod/mini';
import { roles } from '../access/subject.ts';
import { parseCalendarDate } from '../domain/calendar/calendar-date.ts';
import { gradeLevels } from '../domain/roster/roster.ts';
import { parseSecondFactorStep, type SecondFactorProof, type SecondFactorStep } from './identity-api.ts';
import { usePasskey } from './passkey-ceremony.ts';

const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));

const sessionShape = z.object({
  person: z.object({
    id: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
    login: z.string(),
    name: z.string(),
    grants: z.array(
      z.object({
        role: z.enum(roles),
        schoolCode: z.nullable(z.string()),
        homeroomId: z.optional(z.string()),
        classId: z.optional(z.string()),
        gradeLevel: z.optional(z.enum(gradeLevels)),
        inPlaceOf: z.optional(z.string()),
        from: date,
        until: date,
      }),
    ),
  }),
  streams: z.array(z.object({ key: z.string(), schoolCode: z.string(), schoolName: z.string() })),
  sealing: z.record(z.string(), z.object({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string() })),
  /** How the person proved who they are, in this session. */
  factors: z._default(z.array(z.string()), ['password']),
  /** `required`: nothing is open until one is shown; `wanted`: there is none, and what this person manages asks for one. */
  secondFactor: z._default(z.enum(['present', 'required', 'wanted', 'none']), 'none'),
  /** The password was made by somebody else: nothing is open but choosing an own one. */
  passwordChangeDue: z._default(z.boolean(), false),
  /** False where the person signs in by the board's provider alone. */
  hasPassword: z._default(z.boolean(), true),
  serverNow: z.number(),
});

/** What the gateway says of a signed-in person. */
export type SessionAnswer = z.infer<typeof sessionShape>;

export type SessionResult =
  | { readonly ok: true; readonly session: SessionAnswer }
  | {
      readonly ok: false;
      readonly code: 'badCredentials' | 'badProof' | 'ticketOver' | 'lockedOut' | PlainCode;
      readonly retryAfterSeconds?: number;
    }
  /** The password was right. */
  | { readonly ok: false; readonly code: 'secondFactorRequired'; readonly step: SecondFactorStep };

type PlainCode = 'offline' | 'serverTrouble' | 'appTooOld' | 'passkeyCancelled' | 'noPasskeysHere';

const TIMEOUT_MS = 20_000;

async function call(
  method: 'POST' | 'GET' | 'DELETE',
  body?: unknown,
  path: `/api/session${string}` = '/api/session',
): Promise<Response | null> {
  try {
    return await fetch(path, {
      method,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    return null;
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

async function readSession(response: Response | null): Promise<SessionResult> {
  if (!response) return { ok: false, code: 'offline' };
  const body = await jsonOf(response);
  // A captive portal answers with a page of its own: that is no network, not a broken server.
  if (typeof body !== 'object' || body === null)
    return { ok: false, code: response.status >= 500 ? 'serverTrouble' : 'offline' };
  const session = sessionShape.safeParse(body);
  if (response.status === 200 && session.success) return { ok: true, session: session.data };
  const { code, retryAfterSeconds } = body as { code?: unknown; retryAfterSeconds?: unknown };
  const step = code === 'secondFactorRequired' ? parseSecondFactorStep(body) : null;
  if (step) return { ok: false, code: 'secondFactorRequired', step };
  if (code === 'badProof' || code === 'ticketOver' || code === 'badCredentials' || code === 'noPasskeysHere')
    return { ok: false, code };
  if (response.status === 401) return { ok: false, code: 'badCredentials' };
  if (response.status === 426) return { ok: false, code: 'appTooOld' };
  if (response.status === 429 && code === 'lockedOut')
    return {
      ok: false,
      code: 'lockedOut',
      ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
    };
  return { ok: false, code: 'serverTrouble' };
}

export async function beginSession(login: string, password: string, device: string): Promise<SessionResult> {
  return readSession(await call('POST', { login, password, device }));
}

/** After a right password: the second factor. */
export async function continueSession(
  ticket: string,
  proof: SecondFactorProof,
  device: string,
): Promise<SessionResult> {
  return readSession(await call('POST', { ticket, device, proof }, '/api/session/second-factor'));
}

/** A passkey alone; the browser asks the person for it. */
export async function beginSessionWithPasskey(device: string): Promise<SessionResult> {
  const begun = await call('POST', { device }, '/api/session/passkey/begin');
  const asked = begun && (await jsonOf(begun.clone()));
  const { ticket, passkey } = (asked ?? {}) as { ticket?: unknown; passkey?: unknown };
  if (!begun?.ok || typeof ticket !== 'string') return readSession(begun);
  const answer = await usePasskey(passkey);
  if (!answer.ok) return { ok: false, code: 'passkeyCancelled' };
  return readSession(
    await call('POST', { ticket, device, response: answer.response }, '/api/session/passkey'),
  );
}

/** In a session that began without it: whether the password is right. */
export async function showPassword(password: string): Promise<SessionResult> {
  return readSession(await call('POST', { password }, '/api/session/password'));
}

/** Whose session the gateway knows; `badCredentials` where there is none. */
export async function askSession(): Promise<SessionResult> {
  return readSession(await call('GET'));
}

export async function endSession(): Promise<void> {
  await call('DELETE');
}
