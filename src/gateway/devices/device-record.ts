import * as z from 'zod/mini';
import type { GatewayRecord } from '../store/document-store.ts';

export const ownerships = ['school', 'private', 'unknown'] as const;
export type Ownership = (typeof ownerships)[number];
export const protections = ['password', 'passkey', 'memory'] as const;
/** What opens the vault on a device; `memory`: nothing is kept there. */
export type Protection = (typeof protections)[number];

const instant = z.int().check(z.minimum(0), z.maximum(8_640_000_000_000_000));
const count = z.int().check(z.minimum(0), z.maximum(1_000_000_000));
export const deviceId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));

/** What a device says it holds. Counts and kinds: it is asked for no name and no content. */
export const deviceReportShape = z.strictObject({
  streams: z
    .array(z.strictObject({ key: z.string().check(z.regex(/^[a-z0-9-]{1,80}\/[a-z0-9-]{1,64}$/)), count }))
    .check(z.maxLength(200)),
  protection: z.enum(protections),
  /** Whether everything of it lies encrypted on the disk. */
  encrypted: z.boolean(),
  /** Rows that the school did not have yet. */
  waiting: count,
});
export type DeviceReport = z.infer<typeof deviceReportShape>;

/** What a lost device emptied. */
export const wipeReportShape = z.strictObject({
  /** People who had a vault there. */
  persons: count,
  databases: count,
  handedIn: count,
  /** Rows that could not be handed in: sealed for no school, or spoiled. */
  notHandedIn: count,
  drafts: count,
});
export type WipeReport = z.infer<typeof wipeReportShape>;

const event = z.object({ by: z.string(), at: instant });

const recordShape = z.object({
  _id: z.string(),
  label: z.string(),
  ownership: z.enum(ownerships),
  state: z.enum(['active', 'lost', 'retired']),
  registered: z.nullable(event),
  /** Keyed hash of the secret in the device's cookie. */
  secretHash: z.nullable(z.string()),
  firstSeenAt: instant,
  lastSeenAt: instant,
  /** Person id → when last seen here. */
  persons: z.record(z.string(), instant),
  /** Codes of the schools that those people belonged to → when last seen here. */
  schools: z.record(z.string(), instant),
  platform: z.string(),
  report: z.nullable(z.extend(deviceReportShape, { at: instant })),
  lost: z.nullable(event),
  wiped: z.nullable(z.extend(wipeReportShape, { at: instant })),
});

/** A browser that people of the board have signed in with. */
export type DeviceRecord = Omit<z.infer<typeof recordShape>, '_id'> & { readonly id: string };

export const deviceRecordId = (id: string): string => `device:${id}`;

export function newDevice(id: string, at: number): DeviceRecord {
  return {
    id,
    label: '',
    ownership: 'unknown',
    state: 'active',
    registered: null,
    secretHash: null,
    firstSeenAt: at,
    lastSeenAt: at,
    persons: {},
    schools: {},
    platform: '',
    report: null,
    lost: null,
    wiped: null,
  };
}

export function parseDeviceRecord(record: GatewayRecord): DeviceRecord | null {
  const parsed = recordShape.safeParse(record);
  if (!parsed.success) return null;
  const { _id, ...fields } = parsed.data;
  return { id: _id.slice('device:'.length), ...fields };
}
