import { fromUtf8, utf8, type Bytes, type CryptoPort } from '../vault/crypto-port.ts';
import { openEnvelope, sealEnvelope } from '../vault/envelope.ts';
import { deriveNameKey } from '../vault/hidden-name.ts';
import { createContentKey, importSchoolKey, type ContentKey, type SchoolKey } from '../vault/sealing.ts';
import {
  createVault,
  deriveKey,
  newKeySalt,
  openVault,
  wrapMaster,
  type OpenVault,
  type PasswordKdf,
} from '../vault/vault.ts';
import type { DraftKeys } from './drafts.ts';
import { blocksDatabaseName, type PersonDatabase } from './person-database.ts';
import type { SessionAnswer } from './session-api.ts';
import { deletePouchDatabase } from './storage-probe.ts';

/** What the gateway said of a person, kept for when it cannot be asked. */
export type Profile = Pick<SessionAnswer, 'person' | 'streams' | 'sealing' | 'factors' | 'secondFactor'>;

/** What profiles lack that were kept before second factors were. */
const OLDER_PROFILE = { factors: ['password'], secondFactor: 'none' } as const satisfies Partial<Profile>;

/** A person's vault while it is open. */
export interface UnlockedVault {
  readonly generation: number;
  readonly root: CryptoKey;
  /** Null where another tab gave the root: then a changed password cannot be taken over here. */
  readonly master: OpenVault['master'] | null;
}

export class PersonVaults {
  readonly #crypto: CryptoPort;
  readonly #kdf: PasswordKdf;

  constructor(crypto: CryptoPort, kdf: PasswordKdf) {
    this.#crypto = crypto;
    this.#kdf = kdf;
  }

  /** Opens the newest vault; `none` where there is none, `badPassword` where the password is another. */
  async open(
    db: PersonDatabase,
    personId: string,
    password: string,
  ): Promise<UnlockedVault | 'none' | 'badPassword'> {
    const found = await db.findVault();
    if (!found) return 'none';
    const { generation, stored } = found;
    const opened = await openVault(this.#crypto, this.#kdf, { personId, generation }, password, stored);
    return opened ? { generation, ...opened } : 'badPassword';
  }

  /**
   * A vault beside what older ones left: their rows stay where they are, for whoever can open them. Blocks that a
   * lost vault left under the same name could never be read again. `ofDevice`: the school does not know the password.
   */
  async create(
    db: PersonDatabase,
    personId: string,
    password: string,
    ofDevice = false,
  ): Promise<UnlockedVault> {
    const generation = ((await db.findVault())?.generation ?? 0) + 1;
    await deletePouchDatabase(blocksDatabaseName(personId, generation));
    const name = { personId, generation };
    const { root, master, stored } = await createVault(this.#crypto, this.#kdf, name, password);
    await db.transaction('rw', db.meta, async () => {
      await db.meta.where('key').startsWith('complete/').delete();
      await db.writeMeta(`vault/${generation}`, stored);
      if (ofDevice) await db.writeMeta(`devicePassword/${generation}`, true);
    });
    return { generation, root, master };
  }

  /** Whether the newest vault's password was chosen on this device, and is none that the school knows. */
  async hasDevicePassword(db: PersonDatabase): Promise<boolean> {
    const found = await db.findVault();
    return found !== undefined && (await db.readMeta(`devicePassword/${found.generation}`)) === true;
  }

  /**
   * After a change of password, where the vault is open: the same master key, wrapped anew. `ofDevice` as for
   * `create`.
   */
  async rewrap(
    db: PersonDatabase,
    personId: string,
    vault: UnlockedVault,
    password: string,
    ofDevice = false,
  ): Promise<boolean> {
    if (!vault.master) return false;
    const { generation, master } = vault;
    const stored = await wrapMaster(this.#crypto, this.#kdf, { personId, generation }, password, master);
    await db.transaction('rw', db.meta, async () => {
      await db.writeMeta(`vault/${generation}`, stored);
      if (ofDevice) await db.writeMeta(`devicePassword/${generation}`, true);
      else await db.meta.delete(`devicePassword/${generation}`);
    });
    return true;
  }

  async saveProfile(db: PersonDatabase, vault: UnlockedVault, profile: Profile): Promise<void> {
    const key = await this.#keyOf(db, vault, 'profile');
    const { person, streams, sealing, factors, secondFactor } = profile;
    const text = utf8(JSON.stringify({ person, streams, sealing, factors, secondFactor }));
    const place = { store: 'meta', name: `profile/${vault.generation}` };
    await db.writeMeta(`profile/${vault.generation}`, await sealEnvelope(this.#crypto, key, place, text));
  }

  async readProfile(db: PersonDatabase, vault: UnlockedVault): Promise<Profile | null> {
    const sealed = await db.readMeta(`profile/${vault.generation}`);
    if (!sealed) return null;
    const key = await this.#keyOf(db, vault, 'profile');
    const place = { store: 'meta', name: `profile/${vault.generation}` };
    const text = await openEnvelope(this.#crypto, key, place, sealed);
    return text && { ...OLDER_PROFILE, ...(JSON.parse(fromUtf8(text)) as Profile) };
  }

  /** Content keys for the rows of one session, one for each school. */
  async contentKeys(
    db: PersonDatabase,
    vault: UnlockedVault,
    profile: Profile,
  ): Promise<ReadonlyMap<string, ContentKey>> {
    const vaultKey = await this.#keyOf(db, vault, 'journal');
    const keys = new Map<string, ContentKey>();
    for (const { schoolCode } of profile.streams) {
      if (keys.has(schoolCode)) continue;
      keys.set(
        schoolCode,
        await createContentKey(this.#crypto, vaultKey, await this.#schoolKey(profile, schoolCode)),
      );
    }
    return keys;
  }

  async draftKeys(db: PersonDatabase, vault: UnlockedVault): Promise<DraftKeys> {
    const content = await this.#keyOf(db, vault, 'drafts');
    const salt = await this.#saltOf(db, vault, 'drafts');
    return { content, names: await deriveNameKey(this.#crypto, vault.root, salt, 'drafts') };
  }

  async #schoolKey(profile: Profile, schoolCode: string): Promise<SchoolKey | null> {
    const jwk = profile.sealing[schoolCode];
    return jwk ? importSchoolKey(this.#crypto, schoolCode, jwk) : null;
  }

  async #keyOf(db: PersonDatabase, vault: UnlockedVault, purpose: string): Promise<CryptoKey> {
    return deriveKey(this.#crypto, vault.root, await this.#saltOf(db, vault, purpose), purpose);
  }

  #saltOf(db: PersonDatabase, { generation }: UnlockedVault, purpose: string): Promise<Bytes> {
    return db.saltOf(`${generation}/${purpose}`, () => newKeySalt(this.#crypto));
  }
}
