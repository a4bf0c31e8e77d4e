import type { GatewayParts } from '../gateway-parts.ts';
import type { DeviceRecord } from './device-record.ts';
import { heldInformation } from './held-information.ts';

type Ports = Pick<GatewayParts, 'accounts' | 'streams' | 'now'>;

/** A line of the list for who looks after devices. */
export async function summarizeDevice(ports: Ports, device: DeviceRecord): Promise<object> {
  const { id, label, ownership, state, platform, registered, lastSeenAt, lost, wiped } = device;
  return {
    id,
    label,
    ownership,
    state,
    platform,
    registeredAt: registered?.at ?? null,
    lastSeenAt,
    persons: await personsOf(ports, device),
    lostAt: lost?.at ?? null,
    wipedAt: wiped?.at ?? null,
  };
}

/** All that a board's report of a lost device needs. */
export async function describeDevice(ports: Ports, device: DeviceRecord): Promise<object> {
  const { firstSeenAt, registered, report, lost, wiped } = device;
  const nameOf = async (personId: string) => (await ports.accounts.findByPerson(personId))?.name ?? personId;
  return {
    ...(await summarizeDevice(ports, device)),
    firstSeenAt,
    registeredBy: registered && (await nameOf(registered.by)),
    lostBy: lost && (await nameOf(lost.by)),
    report: report && {
      at: report.at,
      protection: report.protection,
      encrypted: report.encrypted,
      waiting: report.waiting,
    },
    held: await heldInformation(ports, device),
    wiped,
  };
}

/** What a person sees of a device that they have used. */
export function describeOwnDevice(
  { id, label, ownership, state, platform, persons, lost, wiped }: DeviceRecord,
  personId: string,
  here: string,
): object {
  return {
    id,
    label,
    ownership,
    state,
    platform,
    lastSeenAt: persons[personId] ?? 0,
    isHere: id === here,
    lostAt: lost?.at ?? null,
    wipedAt: wiped?.at ?? null,
  };
}

async function personsOf(
  { accounts }: Ports,
  { persons }: DeviceRecord,
): Promise<{ id: string; name: string; lastSeenAt: number }[]> {
  const latest = Object.entries(persons).sort(([, a], [, b]) => b - a);
  return Promise.all(
    latest.map(async ([id, lastSeenAt]) => {
      return { id, name: (await accounts.findByPerson(id))?.name ?? id, lastSeenAt };
    }),
  );
}
