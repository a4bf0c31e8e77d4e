import * as z from 'zod/mini';
import { canKeepDevice, canKeepDevices } from '../../access/device-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { writeDeviceCookie } from '../devices/device-cookie.ts';
import { describeDevice, describeOwnDevice, summarizeDevice } from '../devices/describe-device.ts';
import { deviceId, deviceReportShape, ownerships, type DeviceRecord } from '../devices/device-record.ts';
import { keepReport } from '../devices/keep-report.ts';
import type { AuditKind } from '../audit/audit.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf } from '../identity/account.ts';
import { needsStepUp } from '../identity/step-up.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 65_536;
const MAX_LABEL_LENGTH = 60;

const namedShape = z.strictObject({ id: deviceId });
const registerShape = z.strictObject({
  label: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_LABEL_LENGTH)),
  ownership: z.enum(ownerships),
});

/** Devices for who looks after them, for their own people, and for themselves. */
export const deviceRoutes: SignedInRoutes = {
  'GET /api/devices': listDevices,
  'GET /api/devices/detail': showDevice,
  'GET /api/devices/own': listOwnDevices,
  'POST /api/devices/register': registerDevice,
  'POST /api/devices/report': takeReport,
  'POST /api/devices/lost': async (parts, request, signedIn) => {
    const found = await findKept(parts, request, signedIn);
    if (!found.ok) return found.answer;
    const device = await parts.devices.markLost(found.device.id, signedIn.account.personId);
    if (!device) return refusal(404, 'unknownDevice');
    const sessions = (await parts.sessions.list()).filter((session) => session.device === device.id);
    for (const session of sessions) await parts.sessions.end(session.id);
    await audit(parts, signedIn, 'deviceLost', device, sessions.length);
    return jsonAnswer(await describeDevice(parts, device));
  },
  'POST /api/devices/found': (parts, request, signedIn) =>
    settle(parts, request, signedIn, 'deviceFound', (id) => parts.devices.markFound(id)),
  'POST /api/devices/retire': (parts, request, signedIn) =>
    settle(parts, request, signedIn, 'deviceRetired', (id) => parts.devices.retire(id)),
};

async function listDevices(
  parts: GatewayParts,
  _request: Request,
  { account, session }: SignedIn,
): Promise<Response> {
  const [subject, today] = [subjectOf(account), calendarDateAt(parts.now())];
  if (!canKeepDevices(subject, today).allowed) return refusal(403, 'denied');
  const kept = (await parts.devices.list()).filter(
    (device) => canKeepDevice(subject, Object.keys(device.schools), today).allowed,
  );
  const devices = await Promise.all(kept.map((device) => summarizeDevice(parts, device)));
  return jsonAnswer({ devices, here: session.device });
}

async function showDevice(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const id = deviceId.safeParse(new URL(request.url).searchParams.get('id'));
  if (!id.success) return refusal(400, 'badRequest');
  const found = await findDevice(parts, signedIn, id.data);
  return found.ok ? jsonAnswer(await describeDevice(parts, found.device)) : found.answer;
}

async function listOwnDevices(
  parts: GatewayParts,
  _request: Request,
  { account, session }: SignedIn,
): Promise<Response> {
  const own = (await parts.devices.list()).filter((device) =>
    Object.hasOwn(device.persons, account.personId),
  );
  return jsonAnswer({
    devices: own.map((device) => describeOwnDevice(device, account.personId, session.device)),
  });
}

/** The device that the request comes from becomes one of the school's, or a known private one. */
async function registerDevice(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const found = await findDevice(parts, signedIn, signedIn.session.device);
  if (!found.ok) return found.answer;
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, registerShape);
  if (!parsed.ok) return parsed.answer;
  if (needsStepUp(signedIn.session, parts.now())) return refusal(403, 'stepUpRequired');
  const registered = await parts.devices.register(found.device.id, signedIn.account.personId, parsed.data);
  if (!registered) return refusal(404, 'unknownDevice');
  await audit(parts, signedIn, 'deviceRegistered', registered.device);
  return jsonAnswer(await describeDevice(parts, registered.device), 200, {
    'Set-Cookie': writeDeviceCookie(registered.secret, signedIn.context.secure),
  });
}

async function takeReport(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, deviceReportShape);
  if (!parsed.ok) return parsed.answer;
  if (!(await keepReport(parts, signedIn, parsed.data))) return refusal(404, 'unknownDevice');
  return jsonAnswer({ ok: true });
}

/** What loosens a device's standing, or ends it: asked of a person who has just proved who they are. */
async function settle(
  parts: GatewayParts,
  request: Request,
  signedIn: SignedIn,
  kind: AuditKind,
  change: (id: string) => Promise<DeviceRecord | null>,
): Promise<Response> {
  const found = await findKept(parts, request, signedIn);
  if (!found.ok) return found.answer;
  if (needsStepUp(signedIn.session, parts.now())) return refusal(403, 'stepUpRequired');
  const device = await change(found.device.id);
  if (!device) return refusal(404, 'unknownDevice');
  await audit(parts, signedIn, kind, device);
  return jsonAnswer(await describeDevice(parts, device));
}

type Found =
  { readonly ok: true; readonly device: DeviceRecord } | { readonly ok: false; readonly answer: Response };

async function findKept(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Found> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, namedShape);
  if (!parsed.ok) return parsed;
  return findDevice(parts, signedIn, parsed.data.id);
}

/** One that does not exist and one of another school are answered alike. */
async function findDevice(parts: GatewayParts, { account }: SignedIn, id: string): Promise<Found> {
  const device = await parts.devices.find(id);
  const schools = Object.keys(device?.schools ?? {});
  const decision = canKeepDevice(subjectOf(account), schools, calendarDateAt(parts.now()));
  if (!decision.allowed) return { ok: false, answer: refusal(403, 'denied') };
  return device ? { ok: true, device } : { ok: false, answer: refusal(404, 'unknownDevice') };
}

async function audit(
  parts: GatewayParts,
  { account, session }: SignedIn,
  kind: AuditKind,
  device: DeviceRecord,
  count?: number,
): Promise<void> {
  const [school] = Object.keys(device.schools);
  await parts.audit.record({
    kind,
    by: account.personId,
    session: session.id,
    device: session.device,
    target: device.id,
    ...(school === undefined ? {} : { school }),
    ...(count === undefined ? {} : { count }),
  });
}
