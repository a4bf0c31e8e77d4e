import type { ExchangeHead } from '../../sync/protocol.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { SignedIn } from '../http/request-context.ts';
import type { DeviceRecord, DeviceReport } from './device-record.ts';

type Parts = Pick<GatewayParts, 'devices' | 'audit'>;

/** Keeps what a device says it holds. */
export async function keepReport(
  parts: Parts,
  signedIn: SignedIn,
  report: DeviceReport,
): Promise<DeviceRecord | null> {
  const before = (await parts.devices.find(signedIn.session.device))?.report;
  return replaceReport(parts, signedIn, before, report);
}

/** Information of another kind there, or kept in another way, is audited. */
async function replaceReport(
  { devices, audit }: Parts,
  { account, session }: SignedIn,
  before: DeviceReport | null | undefined,
  report: DeviceReport,
): Promise<DeviceRecord | null> {
  const device = await devices.report(session.device, report);
  if (device && natureOf(before) !== natureOf(report)) {
    const [school] = Object.keys(device.schools);
    await audit.record({
      kind: 'deviceReported',
      by: account.personId,
      session: session.id,
      device: session.device,
      target: device.id,
      ...(school === undefined ? {} : { school }),
      count: report.streams.length,
    });
  }
  return device;
}

/**
 * What an answer is about to put on a device's disk counts as held from now on, beside what was there: the device
 * itself says later, and seldom, how much it is and what has gone.
 */
export async function keepHandedOut(
  parts: Parts,
  signedIn: SignedIn,
  { streams }: Pick<ExchangeHead, 'streams'>,
  protection: DeviceReport['protection'],
): Promise<void> {
  const id = signedIn.session.device;
  const handedOut = Object.entries(streams).filter(([, { hold }]) => hold !== 'memory');
  const keys = handedOut.map(([key]) => key);
  if (keys.length === 0 || parts.devices.knowsHandedOut(id, keys)) return;
  const before = (await parts.devices.find(id))?.report;
  const there = new Map((before?.streams ?? []).map((stream) => [stream.key, stream]));
  if (!keys.every((key) => there.has(key))) {
    for (const [key, { count }] of handedOut) there.set(key, { key, count });
    await replaceReport(parts, signedIn, before, {
      streams: [...there.values()],
      protection: before?.protection ?? protection,
      encrypted: before?.encrypted ?? true,
      waiting: before?.waiting ?? 0,
    });
  }
  parts.devices.noteHandedOut(id, keys);
}

/** What of a report is news: which information lies there and how it is kept, not how much of it. */
function natureOf(report: DeviceReport | null | undefined): string {
  if (!report) return '';
  const { streams, protection, encrypted } = report;
  return JSON.stringify([streams.map(({ key }) => key).sort(), protection, encrypted]);
}
