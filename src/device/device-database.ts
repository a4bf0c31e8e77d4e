import Dexie, { type Table } from 'dexie';
import { randomHex } from './web-crypto.ts';

/** A person who has a vault on this device. A login is an id, not a name. */
export interface KnownPerson {
  readonly personId: string;
  readonly login: string;
  readonly lastUsedAt: number;
}

interface Setting {
  readonly key: string;
  readonly value: string;
}

export const DEVICE_DATABASE = 'amenimo-device';

/** What this device knows before anybody unlocks it: nobody's name. */
class DeviceDatabase extends Dexie {
  declare readonly persons: Table<KnownPerson, string>;
  declare readonly settings: Table<Setting, string>;

  constructor() {
    super(DEVICE_DATABASE, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ persons: 'personId, login', settings: 'key' });
  }
}

export interface KnownDevice {
  readonly deviceId: string;
  /** Last used first. */
  persons(): Promise<readonly KnownPerson[]>;
  findPerson(login: string): Promise<KnownPerson | undefined>;
  remember(person: KnownPerson): Promise<void>;
  findSetting(key: string): Promise<string | null>;
  /** null takes it away. */
  keepSetting(key: string, value: string | null): Promise<void>;
  close(): void;
}

export async function openDeviceDatabase(): Promise<KnownDevice> {
  const db = new DeviceDatabase();
  await db.open();
  return {
    deviceId: await deviceIdIn(db),
    persons: async () => (await db.persons.toArray()).sort((a, b) => b.lastUsedAt - a.lastUsedAt),
    findSetting: async (key) => (await db.settings.get(key))?.value ?? null,
    keepSetting: async (key, value) => {
      await (value === null ? db.settings.delete(key) : db.settings.put({ key, value }));
    },
    close: () => db.close(),
    findPerson: (login) => db.persons.where('login').equals(login).first(),
    remember: async (person) => {
      await db.transaction('rw', db.persons, async () => {
        // A login that passed to another person no longer opens the first one's vault.
        await db.persons
          .where('login')
          .equals(person.login)
          .and(({ personId }) => personId !== person.personId)
          .delete();
        await db.persons.put(person);
      });
    },
  };
}

async function deviceIdIn(db: DeviceDatabase): Promise<string> {
  const present = await db.settings.get('deviceId');
  if (present) return present.value;
  return db.transaction('rw', db.settings, async () => {
    const known = await db.settings.get('deviceId');
    if (known) return known.value;
    const value = `d-${randomHex(8)}`;
    await db.settings.add({ key: 'deviceId', value });
    return value;
  });
}
