import * as z from 'zod/mini';
import { parseCalendarDate, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import { parseStreamKey, streamKey, type Stream } from '../ledger/stream.ts';

export const MAX_REASON_LENGTH = 400;
export const MAX_PERMIT_STREAMS = 100;

/**
 * How a permit lets data lie on the device. `memory`: not at all. `passkey`: under a key that the device's
 * authenticator guards. `managedDisk`: on a disk that the board encrypts and manages.
 */
export const permitStorages = ['memory', 'passkey', 'managedDisk'] as const;
export type PermitStorage = (typeof permitStorages)[number];

export const permitStates = [
  'requested',
  'refused',
  'granted',
  /** Over by its date; the device has not shown yet that it let go. */
  'expired',
  'revoked',
  'returned',
  /** Taken back by its person before anybody decided. */
  'withdrawn',
] as const;
export type PermitState = (typeof permitStates)[number];

const identifier = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));
const instant = z.nullable(z.int());

/** 外部持ち出し許可: one person takes what a few streams hold out of the school on one device, for some days. */
export const permitShape = z.object({
  id: identifier,
  personId: identifier,
  schoolCode: z.string().check(z.regex(/^[A-Z0-9]{1,40}$/)),
  streams: z
    .array(z.string().check(z.refine((key) => parseStreamKey(key) !== null)))
    .check(z.minLength(1), z.maxLength(MAX_PERMIT_STREAMS)),
  reason: z.string().check(z.minLength(1), z.maxLength(MAX_REASON_LENGTH)),
  /** The half-open interval [from, until). */
  from: date,
  until: date,
  device: identifier,
  storage: z.enum(permitStorages),
  state: z.enum(permitStates),
  requestedAt: z.int(),
  decidedAt: instant,
  decidedBy: z.nullable(identifier),
  decisionNote: z.string().check(z.maxLength(MAX_REASON_LENGTH)),
  /** When the device first held it outside; null: never seen. */
  takenAt: instant,
  /** When it stopped to hold by a revocation or by its date. */
  endedAt: instant,
  returnedAt: instant,
  /** `person`: said so. `device`: was seen without the data. */
  returnedBy: z.nullable(z.enum(['person', 'device'])),
});
export type Permit = Omit<z.infer<typeof permitShape>, 'from' | 'until'> & {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
};

export function parsePermit(input: unknown): Permit | null {
  const parsed = permitShape.safeParse(input);
  return parsed.success ? (parsed.data as Permit) : null;
}

/** Whether a permit lets its device hold a stream today. */
export function isInForce(permit: Permit, today: CalendarDate): boolean {
  return permit.state === 'granted' && permit.from <= today && today < permit.until;
}

/** Granted and over by its date, whether anybody has noted it or not. */
export function isOver(permit: Permit, today: CalendarDate): boolean {
  return permit.state === 'granted' && permit.until <= today;
}

/** The permit under which this person holds this stream on this device today. */
export function findPermit(
  permits: readonly Permit[],
  personId: string,
  device: string,
  stream: Stream,
  today: CalendarDate,
): Permit | null {
  const key = streamKey(stream);
  const found = permits.filter(
    (permit) =>
      permit.personId === personId &&
      permit.device === device &&
      permit.streams.includes(key) &&
      isInForce(permit, today),
  );
  // Of several, the one that allows most: a second permit takes nothing away.
  return found.sort((a, b) => rankOf(b.storage) - rankOf(a.storage))[0] ?? null;
}

function rankOf(storage: PermitStorage): number {
  return permitStorages.indexOf(storage);
}
