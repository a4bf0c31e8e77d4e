import Dexie, { type Table } from 'dexie';
import type { EntryId } from '../ledger/entry-id.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { Bytes } from '../vault/crypto-port.ts';
import type { Wraps } from '../vault/sealing.ts';
import type { WrappedVault } from '../vault/vault.ts';
import type { AuditNote } from './audit-notes.ts';

/** One entry that the school does not have, readable for its author and for the school. */
export interface JournalRow {
  /** Given by the database: the order of writing. */
  readonly seq?: number;
  readonly id: EntryId;
  readonly stream: StreamKey;
  readonly group?: string;
  readonly state: 'waiting' | 'refused';
  /** Why the school refused it. */
  readonly code?: string;
  readonly at: number;
  /** Somebody else has brought it to the school, which waits for its author or for the office. */
  readonly handedIn?: true;
  /** Which of the person's vaults it was written under. */
  readonly generation: number;
  readonly sealed: Bytes;
  readonly wraps: Wraps;
}

/** What its person has begun to write; says nothing but that it is there. */
export interface DraftRow {
  /** The draft's key, hidden: it would tell which pupil's day somebody is writing about. */
  readonly key: string;
  readonly sealed: Bytes;
}

/** Each record of `meta`, by its key. */
export interface MetaRecords {
  /** The vault of the highest number is the one in use. */
  [vault: `vault/${number}`]: WrappedVault;
  /** Of a vault whose password was chosen on this device: the school does not know it. */
  [own: `devicePassword/${number}`]: true;
  [salt: `salt/${string}`]: Bytes;
  /** Who the person is, and what the gateway said they may do: an envelope. */
  [profile: `profile/${number}`]: Bytes;
  /** Of a stream that was once whole on this device. */
  [complete: `complete/${string}`]: true;
  /** When the permit ends under which a stream lies here, epoch milliseconds. */
  [permitEnd: `holdUntil/${string}`]: number;
  /** For the school's access log, until it has it. */
  [note: `auditNote/${string}`]: AuditNote;
  /** The gateway's clock minus this device's, in milliseconds. */
  clockOffset: number;
  lastContactAt: number;
  /** Code of the school that a person with duties at several has chosen. */
  school: string;
}

interface MetaRow {
  readonly key: string;
  readonly value: unknown;
}

/** What the school does not have yet of one person, and the person's keys, wrapped. Written by any tab. */
export class PersonDatabase extends Dexie {
  declare readonly journal: Table<JournalRow, number>;
  declare readonly drafts: Table<DraftRow, string>;
  declare readonly meta: Table<MetaRow, string>;

  constructor(personId: string) {
    super(`p-${personId}-journal`, { chromeTransactionDurability: 'strict' });
    // No index but the order of writing: each one would cost every tap.
    this.version(1).stores({ journal: '++seq', drafts: 'key', meta: 'key' });
  }

  async readMeta<K extends keyof MetaRecords>(key: K): Promise<MetaRecords[K] | undefined> {
    return (await this.meta.get(key as string))?.value as MetaRecords[K] | undefined;
  }

  async writeMeta<K extends keyof MetaRecords>(key: K, value: MetaRecords[K]): Promise<void> {
    await this.meta.put({ key: key as string, value });
  }

  /** The newest of the person's vaults. */
  async findVault(): Promise<{ generation: number; stored: WrappedVault } | undefined> {
    const rows = await this.meta.where('key').startsWith('vault/').toArray();
    const newest = rows
      .map((row) => ({
        generation: Number(row.key.slice('vault/'.length)),
        stored: row.value as WrappedVault,
      }))
      .sort((a, b) => b.generation - a.generation);
    return newest[0];
  }

  /** The salt of a store's key, made the first time it is asked for. */
  async saltOf(purpose: string, make: () => Bytes): Promise<Bytes> {
    const key = `salt/${purpose}` as const;
    // Read first: nothing may be opened for writing where nothing is written.
    const present = await this.readMeta(key);
    if (present) return present;
    return this.transaction('rw', this.meta, async () => {
      const known = await this.readMeta(key);
      if (known) return known;
      const salt = make();
      await this.writeMeta(key, salt);
      return salt;
    });
  }
}

/** The database of blocks of one of the person's vaults. */
export function blocksDatabaseName(personId: string, generation: number): string {
  return generation === 1 ? `p-${personId}-blocks` : `p-${personId}-blocks-${generation}`;
}
