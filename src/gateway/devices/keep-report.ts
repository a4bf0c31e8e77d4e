import type { ExchangeHead } from '../../sync/protocol.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { SignedIn } from '../http/request-context.ts';
import type { DeviceRecord, DeviceReport } from './device-record.ts';

type Parts = Pick<GatewayParts, 'devices' | 'audit'>;

/** Keeps what a device says it holds. Information of another kind there, or kept in another way, is audited. */
export async function keepReport(
  { devices, audit }: Parts,
  { account, session }: SignedIn,
  report: DeviceReport,
): Promise<DeviceRecord | null> {
  const before = (await devices.find(session.device))?.report;
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
  if (
    handedOut.length === 0 ||
    !parts.devices.isNews(
      id,
      handedOut.map(([key]) => key),
    )
  )
    return;
  const before = (await parts.devices.find(id))?.report;
  const there = new Map((before?.streams ?? []).map((stream) => [stream.key, stream]));
  if (handedOut.every(([key]) => there.has(key))) return;
  for (const [key, { count }] of handedOut) there.set(key, { key, count });
  await keepReport(parts, signedIn, {
    streams: [...there.values()],
    protection: before?.protection ?? protection,
    encrypted: before?.encrypted ?? true,
    waiting: before?.waiting ?? 0,
  });
}

/** What of a report is news: which information lies there and how it is kept, not how much of it. */
function natureOf(report: DeviceReport | null | undefined): string {
  if (!report) return '';
  const { streams, protection, encrypted } = report;
  return JSON.stringify([streams.map(({ key }) => key).sort(), protection, encrypted]);
}
