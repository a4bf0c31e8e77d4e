import { deviceId } from '../devices/device-record.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { readCookie } from '../identity/read-cookie.ts';
import { writeSessionCookie } from '../identity/session-cookie.ts';
import { SSO_CALLBACK_PATH, SsoRefused, SsoUnavailable } from '../identity/single-sign-on/sso-provider.ts';
import { SSO_TICKET_MS } from '../identity/single-sign-on/sso-ticket.ts';
import { jsonAnswer, refusal } from './answers.ts';
import type { RequestContext } from './request-context.ts';
import type { PublicRoutes } from './route-table.ts';

const TICKET_COOKIE = 'amenimo-sso';

/** What the app reads in its own address after the way through the provider. */
type Outcome = 'done' | 'refused' | 'unavailable' | 'noAccount';

export const singleSignOnRoutes: PublicRoutes = {
  'GET /api/single-sign-on': async ({ singleSignOn }) =>
    jsonAnswer({ name: singleSignOn === null ? null : singleSignOn.name }),
  'GET /api/single-sign-on/start': start,
  [`GET ${SSO_CALLBACK_PATH}`]: finish,
};

async function start(parts: GatewayParts, request: Request, context: RequestContext): Promise<Response> {
  const { singleSignOn, log } = parts;
  if (!singleSignOn) return refusal(404, 'notFound');
  const device = deviceId.safeParse(new URL(request.url).searchParams.get('device'));
  if (!device.success) return refusal(400, 'badRequest');
  const checks = singleSignOn.provider.newChecks();
  try {
    const address = await singleSignOn.provider.addressFor(checks);
    const ticket = singleSignOn.tickets.seal({ ...checks, device: device.data });
    return redirect(address.href, [ticketCookie(ticket, SSO_TICKET_MS / 1000, context)]);
  } catch (error) {
    if (!(error instanceof SsoUnavailable)) throw error;
    log.warn('singleSignOnUnavailable', { code: error.message });
    return backToApp('unavailable', []);
  }
}

async function finish(parts: GatewayParts, request: Request, context: RequestContext): Promise<Response> {
  const { singleSignOn, sessions, audit, repeatedEvents, log } = parts;
  if (!singleSignOn) return refusal(404, 'notFound');
  const spent = ticketCookie('', 0, context);
  const ticket = singleSignOn.tickets.redeem(readCookie(request.headers.get('cookie'), TICKET_COOKIE));
  if (!ticket) return backToApp('refused', [spent]);
  try {
    const query = new URL(request.url).searchParams;
    const identity = await singleSignOn.provider.identify(query, ticket);
    const result = await singleSignOn.signIn(identity);
    if (!result.ok) {
      await repeatedEvents.record({
        kind: 'signInRefused',
        by: null,
        device: ticket.device,
        code: result.code,
      });
      return backToApp('noAccount', [spent]);
    }
    const { personId } = result.account;
    const factors = result.secondFactor
      ? (['singleSignOn', 'federatedSecondFactor'] as const)
      : (['singleSignOn'] as const);
    const { token, session } = await sessions.start(personId, ticket.device, factors);
    log.info('signedIn', { person: personId, device: ticket.device, session: session.id.slice(0, 8) });
    await audit.record({
      kind: 'signedIn',
      by: personId,
      device: ticket.device,
      session: session.id,
      code: 'singleSignOn',
    });
    return backToApp('done', [spent, writeSessionCookie(token, context.secure)]);
  } catch (error) {
    if (error instanceof SsoUnavailable) {
      log.warn('singleSignOnUnavailable', { code: error.message });
      return backToApp('unavailable', [spent]);
    }
    if (!(error instanceof SsoRefused)) throw error;
    log.info('signInRefused', { code: error.message });
    await repeatedEvents.record({
      kind: 'signInRefused',
      by: null,
      device: ticket.device,
      code: 'provider',
    });
    return backToApp('refused', [spent]);
  }
}

/** The only two places a browser is ever sent to: the provider's own address, and the app's first screen. */
function backToApp(outcome: Outcome, cookies: readonly string[]): Response {
  return redirect(`/?signIn=${outcome}`, cookies);
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ Location: location, 'Cache-Control': 'no-store' });
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** Lax: the way back from the provider is a navigation that begins at another site. */
function ticketCookie(value: string, maxAgeSeconds: number, { secure }: RequestContext): string {
  return `${TICKET_COOKIE}=${value}; Path=${SSO_CALLBACK_PATH}; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`;
}
