import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { streamKey, type Stream } from '../ledger/stream.ts';
import { importanceOf } from './importance.ts';
import { isInForce, type Permit } from './permit.ts';
import { canReadStream } from './register-access.ts';
import type { Protection } from './protection.ts';
import type { SecurityPolicy } from './security-policy.ts';
import type { Subject } from './subject.ts';

export interface Circumstances {
  /** Whether the person has shown more than a password in this session. */
  readonly secondFactor: boolean;
  readonly place: 'school' | 'outside';
  /** The person's own permit for this stream on this device; null where there is none. */
  readonly permit: Permit | null;
  /** 包括的許可 of the stream's school. */
  readonly blanketPermission: boolean;
  readonly device: { readonly ownership: 'school' | 'private'; readonly protection: Protection };
  readonly policy: Pick<SecurityPolicy, 'privateDevices'>;
}

/** How a device may have a stream: on its disk, in memory until it locks, on request one by one, or not at all. */
export type Hold = 'disk' | 'memory' | 'online' | 'no';

export type HoldReason =
  | 'blanketPermission'
  | 'inSchool'
  | 'permit'
  | 'official'
  | 'diskNotGuarded'
  | 'permitForMemory'
  | 'privateDeviceInMemory'
  | 'notReadable'
  | 'secondFactorMissing'
  | 'privateDeviceRefused'
  | 'outsideWithoutPermit'
  | 'outsideWithoutBlanketPermission';

export interface HoldDecision {
  readonly hold: Hold;
  readonly because: HoldReason;
}

/** Whether a device has a stream of its own accord, without asking for each thing in it. */
export function isHeld({ hold }: HoldDecision): boolean {
  return hold === 'disk' || hold === 'memory';
}

const decide = (hold: Hold, because: HoldReason): HoldDecision => ({ hold, because });

/** Whether and how this person's device may have a stream now. */
export function canHoldStream(
  subject: Subject,
  stream: Stream,
  circumstances: Circumstances,
  today: CalendarDate,
): HoldDecision {
  if (!canReadStream(subject, stream, today).allowed) return decide('no', 'notReadable');
  const { device, policy, secondFactor } = circumstances;
  const isPrivate = device.ownership === 'private';
  if (isPrivate && policy.privateDevices === 'refuse') return decide('no', 'privateDeviceRefused');
  switch (importanceOf(stream.db)) {
    case 3:
      return holdRegister(circumstances);
    case 2:
      return secondFactor
        ? holdRecords(subject, stream, circumstances, today)
        : decide('no', 'secondFactorMissing');
    case 1:
      return secondFactor ? decide('online', 'official') : decide('no', 'secondFactorMissing');
    case null:
      return decide('no', 'notReadable');
  }
}

function holdRegister({ blanketPermission, place, device, policy }: Circumstances): HoldDecision {
  if (!blanketPermission && place === 'outside') return decide('no', 'outsideWithoutBlanketPermission');
  if (device.protection === 'memory') return decide('memory', 'diskNotGuarded');
  if (device.ownership === 'private' && policy.privateDevices === 'memoryOnly') {
    return decide('memory', 'privateDeviceInMemory');
  }
  return decide('disk', blanketPermission ? 'blanketPermission' : 'inSchool');
}

function holdRecords(
  subject: Subject,
  stream: Stream,
  { permit, place, device }: Circumstances,
  today: CalendarDate,
): HoldDecision {
  const covering =
    permit?.personId === subject.personId &&
    permit.streams.includes(streamKey(stream)) &&
    isInForce(permit, today)
      ? permit
      : null;
  if (place === 'outside' && !covering) return decide('no', 'outsideWithoutPermit');
  if (device.ownership === 'private') return decide('memory', 'privateDeviceInMemory');
  if (device.protection === 'memory') return decide('memory', 'diskNotGuarded');
  // What was granted for memory alone stays there, however well the disk is guarded.
  if (place === 'outside' && covering?.storage === 'memory') return decide('memory', 'permitForMemory');
  const guarded = device.protection === 'passkey' || covering?.storage === 'managedDisk';
  if (!guarded) return decide('memory', 'diskNotGuarded');
  return decide('disk', place === 'school' ? 'inSchool' : 'permit');
}
