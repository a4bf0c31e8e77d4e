import type { EntryId } from '../../ledger/entry-id.ts';
import { isErased, revisionsOf, type StoredEntry } from '../../ledger/erasure.ts';
import type { DocumentStore, GatewayRecord, PutOutcome } from './document-store.ts';

const BATCH = 500;

interface Database {
  /** All revisions of each id; an erasure replaces what it erases, as a second revision does. */
  readonly entries: Map<EntryId, StoredEntry>;
  readonly records: Map<string, GatewayRecord>;
}

/** The in-memory twin of the store: same contract, nothing outlives the process. */
export class MemoryStore implements DocumentStore {
  readonly kind = 'embedded';
  readonly #databases = new Map<string, Database>();
  #revisions = 0;

  async ensureDatabase(db: string): Promise<void> {
    if (!this.#databases.has(db)) this.#databases.set(db, { entries: new Map(), records: new Map() });
  }

  async hasDatabase(db: string): Promise<boolean> {
    return this.#databases.has(db);
  }

  async listDatabases(): Promise<string[]> {
    return [...this.#databases.keys()].sort();
  }

  async dropDatabase(db: string): Promise<void> {
    this.#databases.delete(db);
  }

  async putEntries(db: string, entries: readonly StoredEntry[]): Promise<PutOutcome[]> {
    const { entries: kept } = this.#get(db);
    return entries.map((entry): PutOutcome => {
      const { start, ids } = revisionsOf(entry);
      if (entry._rev !== `${start}-${ids[0]}`)
        return { id: entry._id, outcome: 'refused', reason: 'wrongRevision' };
      const present = kept.get(entry._id);
      if (present && (isErased(present) || !isErased(entry))) return { id: entry._id, outcome: 'known' };
      kept.set(entry._id, structuredClone(entry));
      return { id: entry._id, outcome: 'stored' };
    });
  }

  async getEntries(db: string, ids: readonly EntryId[]): Promise<(StoredEntry | null)[]> {
    const { entries } = this.#get(db);
    return ids.map((id) => structuredClone(entries.get(id) ?? null));
  }

  async *readEntries(
    db: string,
    range: { startId?: string; endId?: string } = {},
  ): AsyncGenerator<StoredEntry[]> {
    const { entries } = this.#get(db);
    const { startId = '', endId } = range;
    const ids = [...entries.keys()]
      .filter((id) => id >= startId && (endId === undefined || id < endId))
      .sort();
    for (let at = 0; at < ids.length; at += BATCH) {
      yield ids.slice(at, at + BATCH).map((id) => structuredClone(entries.get(id) as StoredEntry));
    }
  }

  async findConflicts(): Promise<EntryId[]> {
    return [];
  }

  async countEntries(db: string): Promise<number> {
    return this.#get(db).entries.size;
  }

  async getRecord(db: string, id: string): Promise<GatewayRecord | null> {
    return structuredClone(this.#get(db).records.get(id) ?? null);
  }

  async putRecord(
    db: string,
    record: GatewayRecord,
  ): Promise<{ ok: true; rev: string } | { ok: false; code: 'conflict' }> {
    const { records } = this.#get(db);
    if (records.get(record._id)?._rev !== record._rev) return { ok: false, code: 'conflict' };
    const rev = `${++this.#revisions}-memory`;
    records.set(record._id, { ...structuredClone(record), _rev: rev });
    return { ok: true, rev };
  }

  async deleteRecord(db: string, id: string, rev: string): Promise<boolean> {
    const { records } = this.#get(db);
    return records.get(id)?._rev === rev && records.delete(id);
  }

  async listRecords(db: string, prefix: string): Promise<GatewayRecord[]> {
    const { records } = this.#get(db);
    return [...records.keys()]
      .filter((id) => id.startsWith(prefix))
      .sort()
      .map((id) => structuredClone(records.get(id) as GatewayRecord));
  }

  async ping(): Promise<{ version: string }> {
    return { version: 'memory' };
  }

  async close(): Promise<void> {}

  /** An entry as a careless tool would change it: past every check. For tests of what happens then. */
  tamper(db: string, change: (entries: Map<EntryId, StoredEntry>) => void): void {
    change(this.#get(db).entries);
  }

  #get(db: string): Database {
    const database = this.#databases.get(db);
    if (!database) throw new Error(`no database ${db}`);
    return database;
  }
}
