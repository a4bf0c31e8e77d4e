import * as z from 'zod/mini';
import { deviceId, wipeReportShape } from '../devices/device-record.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { clearSessionCookie } from '../identity/session-cookie.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { findLostAnswer } from './device-guard.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { RequestContext } from './request-context.ts';
import type { PublicRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 8192;

const contactShape = z.strictObject({ device: deviceId });
const wipedShape = z.strictObject({
  device: deviceId,
  ticket: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  wiped: wipeReportShape,
});

/** For a device that nobody is signed in at: it asks whether it is lost, and says that it has emptied itself. */
export const lostDeviceRoutes: PublicRoutes = {
  'POST /api/devices/contact': answerContact,
  'POST /api/devices/wiped': takeWipeReport,
};

/** One that the gateway has never seen and one that is well are answered alike. */
async function answerContact(parts: GatewayParts, request: Request): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, contactShape);
  if (!parsed.ok) return parsed.answer;
  return (await findLostAnswer(parts, parsed.data.device)) ?? jsonAnswer({ ok: true });
}

/** Only here the browser is told to clear everything: before, rows might not have been handed in. */
async function takeWipeReport(
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, wipedShape);
  if (!parsed.ok) return parsed.answer;
  const { device: id, ticket, wiped } = parsed.data;
  const device = await parts.devices.findByTicket(id, ticket);
  if (!device) return refusal(403, 'denied');
  if (!device.wiped) {
    await parts.devices.markWiped(id, wiped);
    await parts.audit.record({
      kind: 'deviceWiped',
      by: null,
      device: id,
      target: id,
      count: wiped.databases,
    });
    parts.log.info('deviceWiped', { device: id, databases: wiped.databases, notHandedIn: wiped.notHandedIn });
  }
  return jsonAnswer({ ok: true }, 200, {
    'Set-Cookie': clearSessionCookie(context.secure),
    'Clear-Site-Data': '"cache", "cookies", "storage"',
  });
}
