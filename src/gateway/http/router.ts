import { randomBytes } from 'node:crypto';
import { isSameOrigin } from '../identity/origin-check.ts';
import { readSessionCookie } from '../identity/session-cookie.ts';
import { describeError } from '../log.ts';
import { StoreUnavailable } from '../store/document-store.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { auditRoutes } from './audit-routes.ts';
import { readBoardDay } from './board-route.ts';
import { noteDenial } from './note-denial.ts';
import { passDevice } from './device-guard.ts';
import { deviceRoutes } from './device-routes.ts';
import { answerErasure } from './erasure-route.ts';
import { openEvents } from './events-route.ts';
import { answerExchange } from './exchange-route.ts';
import { answerHandIn } from './hand-in-route.ts';
import { answerHealth } from './health-route.ts';
import { lostDeviceRoutes } from './lost-device-routes.ts';
import { officialRoutes } from './official-routes.ts';
import { permitRoutes } from './permit-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import type { RequestContext, SignedIn } from './request-context.ts';
import type { PublicRoutes, SignedInRoute, SignedInRoutes } from './route-table.ts';
import { confirmRoutes } from './confirm-routes.ts';
import { factorRoutes } from './factor-routes.ts';
import { changePassword } from './password-route.ts';
import { endSession, sessionRoutes } from './session-routes.ts';
import { lacksSecondFactor, openBeforeSecondFactor } from './second-factor-gate.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { trayRoutes } from './tray-routes.ts';
import { singleSignOnRoutes } from './single-sign-on-routes.ts';

/** Open to anybody; everything that is in neither table does not exist. */
const publicRoutes: PublicRoutes = {
  ...lostDeviceRoutes,
  ...singleSignOnRoutes,
  'GET /healthz': answerHealth,
  'POST /api/handin': async (parts, request, context) =>
    answerHandIn(parts, request, await findSignedIn(parts, request, context)),
  ...signInRoutes,
  'DELETE /api/session': async (parts, request, context) =>
    endSession(parts, await findSignedIn(parts, request, context), context),
};

const signedInRoutes: SignedInRoutes = {
  ...auditRoutes,
  ...peopleRoutes,
  ...deviceRoutes,
  ...trayRoutes,
  ...officialRoutes,
  ...permitRoutes,
  ...policyRoutes,
  ...sessionRoutes,
  ...confirmRoutes,
  ...factorRoutes,
  'POST /api/password': changePassword,
  'POST /api/exchange': answerExchange,
  'GET /api/events': (parts, request, signedIn) => openEvents(parts, request, signedIn),
  'GET /api/board/today': readBoardDay,
  'POST /api/erasure': answerErasure,
};

/** All that is open to whom somebody else gave a password. */
const openBeforeChange: ReadonlySet<string> = new Set(['GET /api/session', 'POST /api/password']);

/** Whether a path is the gateway's to answer, and not the app's. */
export function isGatewayPath(path: string): boolean {
  return /^\/(?:api|couch)(?:\/|$)/.test(path) || path === '/healthz';
}

/** Every route there is, as `METHOD /path`. */
export function routeNames(): readonly string[] {
  return [...Object.keys(publicRoutes), ...Object.keys(signedInRoutes)];
}

/** Answers every request to a gateway path; never throws. */
export async function route(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const url = new URL(request.url);
  try {
    return await dispatch(parts, request, url, context);
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      parts.log.warn('storeUnavailable', { path: routeName(url.pathname) });
      return jsonAnswer({ code: 'storeUnavailable' }, 503, { 'Retry-After': '5' });
    }
    const incident = randomBytes(6).toString('hex');
    parts.log.error('incident', { incident, path: routeName(url.pathname), ...describeError(error) });
    return refusal(500, 'internal', { incident });
  }
}

async function dispatch(
  parts: GatewayParts,
  request: Request,
  url: URL,
  context: RequestContext,
): Promise<Response> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const name = `${method} ${url.pathname}`;
  const publicRoute = Object.hasOwn(publicRoutes, name) ? publicRoutes[name] : undefined;
  const signedInRoute = Object.hasOwn(signedInRoutes, name) ? signedInRoutes[name] : undefined;
  if (!publicRoute && !signedInRoute) return refusal(404, 'notFound');
  const host = request.headers.get('host') ?? url.host;
  if (method !== 'GET' && !isSameOrigin(request.headers, host)) return refusal(403, 'wrongOrigin');
  if (publicRoute) return publicRoute(parts, request, context);
  const signedIn = await findSignedIn(parts, request, context);
  if (!signedIn) return refusal(401, 'signedOut');
  const notHere = await passDevice(parts, request, signedIn);
  if (notHere) return notHere;
  if (signedIn.account.passwordChangeDue && !openBeforeChange.has(name))
    return refusal(403, 'passwordChangeRequired');
  // 401, as of an ended session: a device that exchanges has to sign in anew, and is led on from there.
  if (
    !openBeforeSecondFactor.has(name) &&
    (await lacksSecondFactor(parts, signedIn.account, signedIn.session))
  )
    return refusal(401, 'secondFactorSetUpRequired');
  const answer = await (signedInRoute as SignedInRoute)(parts, request, signedIn);
  await noteDenial(parts, name, signedIn, answer);
  return answer;
}

async function findSignedIn(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<SignedIn | null> {
  const session = await parts.sessions.find(readSessionCookie(request.headers.get('cookie')));
  const account = session && (await parts.accounts.findByPerson(session.personId));
  return account && account.lockedAt === null ? { session, account, context } : null;
}

/** Only the routes' own names are logged: a path that somebody made up may hold anything. */
function routeName(path: string): string {
  return routeNames().some((name) => name.endsWith(` ${path}`)) ? path : 'unknown';
}
