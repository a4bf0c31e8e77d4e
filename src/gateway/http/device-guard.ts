import { isValidOn } from '../../access/register-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { platformName } from '../devices/platform-name.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { refusal } from './answers.ts';
import type { SignedIn } from './request-context.ts';

/** The answer to a lost device, whatever it asked; null for any other device. */
export async function findLostAnswer(parts: GatewayParts, device: string): Promise<Response | null> {
  if (!(await parts.devices.isLost(device))) return null;
  const record = await parts.devices.find(device);
  const ticket = record && parts.devices.wipeTicket(record);
  parts.log.info('lostDeviceRefused', { device });
  return refusal(403, 'deviceLost', { ticket });
}

/** Notes who was seen at which device; a lost one is answered instead. */
export async function passDevice(
  parts: GatewayParts,
  request: Request,
  { session, account }: SignedIn,
): Promise<Response | null> {
  const lost = await findLostAnswer(parts, session.device);
  if (lost) return lost;
  const today = calendarDateAt(parts.now());
  const schools = account.grants
    .filter((grant) => isValidOn(grant, today))
    .flatMap(({ schoolCode }) => schoolCode ?? []);
  await parts.devices.seen({
    device: session.device,
    personId: account.personId,
    schools: [...new Set(schools)],
    platform: platformName(request.headers.get('user-agent')),
  });
  return null;
}
