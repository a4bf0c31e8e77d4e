import type { EntryId } from '../../ledger/entry-id.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';

/** In whose name a store is written: the second wall (`couch/`) judges by it. */
export interface UserContext {
  readonly name: string;
  readonly roles: readonly string[];
}

/** What became of one entry that a store was asked to keep. */
export type PutOutcome =
  | { readonly id: EntryId; readonly outcome: 'stored' }
  /** The same id and revision was there already; what was there stays. */
  | { readonly id: EntryId; readonly outcome: 'known' }
  /** The store's own validation said no; `reason` is a code of `couch/`. */
  | { readonly id: EntryId; readonly outcome: 'refused'; readonly reason: string };

/** A small mutable document of the gateway's own (an account, a setting), guarded by its revision. */
export interface GatewayRecord {
  readonly _id: string;
  readonly _rev?: string;
  readonly [field: string]: unknown;
}

/**
 * Where entries live on the server. One contract, two adapters: `embedded` (PouchDB over LevelDB, in process, writes
 * synced to disk before they are acknowledged) and `couchdb` (CouchDB ≥ 3.5 over HTTP).
 *
 * Entries are written with their own revisions (`new_edits: false`): the same id has the same content everywhere.
 * A store that cannot be reached throws `StoreUnavailable`; anything else thrown is a bug.
 */
export interface DocumentStore {
  readonly kind: 'embedded' | 'couchdb';

  /** Creates the database with its validation and security where it is missing. */
  ensureDatabase(db: string): Promise<void>;
  hasDatabase(db: string): Promise<boolean>;
  listDatabases(): Promise<string[]>;
  dropDatabase(db: string): Promise<void>;

  /** Keeps entries; resolves after they are durable. One outcome each, in order. */
  putEntries(db: string, entries: readonly StoredEntry[], as: UserContext): Promise<PutOutcome[]>;
  /** The winning revision of each id, null where there is none; in order. */
  getEntries(db: string, ids: readonly EntryId[]): Promise<(StoredEntry | null)[]>;
  /** All entries with `startId ≤ _id < endId`, in order of their ids, in batches. Design documents are left out. */
  readEntries(db: string, range?: { startId?: string; endId?: string }): AsyncIterable<StoredEntry[]>;
  /** Ids that have more than one leaf revision: a sign of a write that went round the gateway. */
  findConflicts(db: string): Promise<EntryId[]>;
  countEntries(db: string): Promise<number>;

  getRecord(db: string, id: string): Promise<GatewayRecord | null>;
  /** Writes when `_rev` is the present one (absent for a new record); `conflict` otherwise. */
  putRecord(
    db: string,
    record: GatewayRecord,
  ): Promise<{ ok: true; rev: string } | { ok: false; code: 'conflict' }>;
  deleteRecord(db: string, id: string, rev: string): Promise<boolean>;
  /** Records whose id begins with the prefix. */
  listRecords(db: string, prefix: string): Promise<GatewayRecord[]>;

  /** Resolves when the store answers; throws StoreUnavailable otherwise. */
  ping(): Promise<{ version: string }>;
  close(): Promise<void>;
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
