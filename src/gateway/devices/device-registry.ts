import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { readDeviceCookie } from './device-cookie.ts';
import {
  deviceRecordId,
  newDevice,
  parseDeviceRecord,
  type DeviceRecord,
  type DeviceReport,
  type Ownership,
  type WipeReport,
} from './device-record.ts';

/** `lastSeenAt` is written at most this often for one person on one device. */
const SEEN_MS = 300_000;
/** How long it is believed that a device is not lost. */
const BELIEVED_MS = 10_000;
const MAX_PERSONS = 200;
const MAX_REMEMBERED = 20_000;
const TRIES = 5;

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly key: Uint8Array;
  readonly now: Clock;
}

/** Who was seen at a device, and of which schools. */
export interface Sighting {
  readonly device: string;
  readonly personId: string;
  readonly schools: readonly string[];
  readonly platform: string;
}

/** The board's devices: who used them, what they last said they hold, and which of them are lost. */
export class DeviceRegistry {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #key: Uint8Array;
  readonly #now: Clock;
  readonly #seen = new Map<string, number>();
  readonly #handedOut = new Map<string, string>();
  readonly #believed = new Map<string, { lost: boolean; readAt: number }>();

  constructor({ store, db, key, now }: Options) {
    this.#store = store;
    this.#db = db;
    this.#key = key;
    this.#now = now;
  }

  async find(id: string): Promise<DeviceRecord | null> {
    const record = await this.#store.getRecord(this.#db, deviceRecordId(id));
    return record && parseDeviceRecord(record);
  }

  /** Last seen first. */
  async list(): Promise<DeviceRecord[]> {
    const records = await this.#store.listRecords(this.#db, deviceRecordId(''));
    return records
      .map(parseDeviceRecord)
      .filter((device) => device !== null)
      .sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  }

  async seen({ device, personId, schools, platform }: Sighting): Promise<void> {
    const now = this.#now();
    const name = `${device}/${personId}`;
    const before = this.#seen.get(name);
    if (before !== undefined && Math.abs(now - before) < SEEN_MS) return;
    remember(this.#seen, name, now);
    await this.#change(device, true, (known) => ({
      lastSeenAt: now,
      persons: newest({ ...known.persons, [personId]: now }),
      schools: { ...known.schools, ...Object.fromEntries(schools.map((school) => [school, now])) },
      platform,
    }));
  }

  /** Whether just these streams were noted as handed out to this device before, by this program. */
  knowsHandedOut(id: string, streams: readonly string[]): boolean {
    return this.#handedOut.get(id) === setOf(streams);
  }

  noteHandedOut(id: string, streams: readonly string[]): void {
    remember(this.#handedOut, id, setOf(streams));
  }

  /** What the device says of itself. */
  report(id: string, report: DeviceReport): Promise<DeviceRecord | null> {
    return this.#change(id, false, () => ({ report: { ...report, at: this.#now() } }));
  }

  /** Gives the record and the secret that the browser is to keep. */
  async register(
    id: string,
    by: string,
    { label, ownership }: { label: string; ownership: Ownership },
  ): Promise<{ device: DeviceRecord; secret: string } | null> {
    const secret = randomBytes(32).toString('base64url');
    const device = await this.#change(id, true, () => ({
      label,
      ownership,
      state: 'active',
      registered: { by, at: this.#now() },
      secretHash: this.#hmac(`secret:${id}:${secret}`),
    }));
    return device && { device, secret };
  }

  /** Whether the request comes from the browser that was registered under this id as a school's. */
  async isRegisteredSchoolDevice(request: Request, id: string): Promise<boolean> {
    const secret = readDeviceCookie(request.headers.get('cookie'));
    const device = secret && (await this.find(id));
    if (!device || device.state !== 'active' || device.ownership !== 'school') return false;
    return device.secretHash !== null && isSame(device.secretHash, this.#hmac(`secret:${id}:${secret}`));
  }

  async isLost(id: string): Promise<boolean> {
    const now = this.#now();
    const believed = this.#believed.get(id);
    if (believed && Math.abs(now - believed.readAt) < BELIEVED_MS) return believed.lost;
    const lost = (await this.find(id))?.state === 'lost';
    remember(this.#believed, id, { lost, readAt: now });
    return lost;
  }

  /** A device already lost stays as it was: its ticket is under way. */
  markLost(id: string, by: string): Promise<DeviceRecord | null> {
    return this.#change(id, false, ({ state }) =>
      state === 'lost' ? {} : { state: 'lost', lost: { by, at: this.#now() }, wiped: null },
    );
  }

  markFound(id: string): Promise<DeviceRecord | null> {
    return this.#change(id, false, () => ({ state: 'active', lost: null }));
  }

  retire(id: string): Promise<DeviceRecord | null> {
    return this.#change(id, false, () => ({ state: 'retired', secretHash: null }));
  }

  /** What a lost device must show to be heard. One for each time that it is lost. */
  wipeTicket({ id, lost }: DeviceRecord): string | null {
    return lost && this.#hmac(`wipe:${id}:${lost.at}`);
  }

  /** The lost device that this ticket belongs to; null for any other device or ticket. */
  async findByTicket(id: string, ticket: string): Promise<DeviceRecord | null> {
    const device = await this.find(id);
    if (!device || device.state !== 'lost') return null;
    return isSame(this.wipeTicket(device) ?? '', ticket) ? device : null;
  }

  /** Keeps what the device first said it had wiped; a repetition changes nothing. */
  markWiped(id: string, wiped: WipeReport): Promise<DeviceRecord | null> {
    return this.#change(id, false, (known) =>
      known.wiped ? {} : { wiped: { ...wiped, at: this.#now() }, secretHash: null },
    );
  }

  async #change(
    id: string,
    makes: boolean,
    changeOf: (known: DeviceRecord) => Partial<DeviceRecord>,
  ): Promise<DeviceRecord | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const record = await this.#store.getRecord(this.#db, deviceRecordId(id));
      const known = record ? parseDeviceRecord(record) : makes ? newDevice(id, this.#now()) : null;
      if (!known) return null;
      const { id: _, ...fields } = { ...known, ...changeOf(known) };
      const rev = record?._rev === undefined ? {} : { _rev: record._rev };
      const put = await this.#store.putRecord(this.#db, { _id: deviceRecordId(id), ...rev, ...fields });
      if (!put.ok) continue;
      remember(this.#believed, id, { lost: fields.state === 'lost', readAt: this.#now() });
      return { id, ...fields };
    }
    throw new Error('a device record that does not come to rest');
  }

  #hmac(text: string): string {
    return createHmac('sha256', this.#key).update(`device/${text}`).digest('hex');
  }
}

const setOf = (streams: readonly string[]): string => [...streams].sort().join();

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && left.length > 0 && timingSafeEqual(left, right);
}

/** Oldest out: a map of what clients name must not grow with them. */
function remember<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name);
  map.set(name, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}

function newest(persons: Readonly<Record<string, number>>): Record<string, number> {
  const latest = Object.entries(persons).sort(([, a], [, b]) => b - a);
  return Object.fromEntries(latest.slice(0, MAX_PERSONS));
}
