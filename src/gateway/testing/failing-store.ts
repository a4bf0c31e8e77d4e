import { MemoryStore } from '../store/memory-store.ts';
import { StoreUnavailable, type DocumentStore } from '../store/document-store.ts';
import type { PutOutcome } from '../store/document-store.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';

/** The memory store with switches for what a real one may do. */
export class FailingStore extends MemoryStore implements DocumentStore {
  /** Databases that do not answer; `*` is all of them. */
  readonly down = new Set<string>();
  /** Ids that the store's own validation refuses. */
  readonly refuses = new Set<string>();
  readonly calls: Record<string, number> = {};

  #check(method: string, db: string): void {
    this.calls[method] = (this.calls[method] ?? 0) + 1;
    if (this.down.has(db) || this.down.has('*')) throw new StoreUnavailable('switched off');
  }

  override async putEntries(db: string, entries: readonly StoredEntry[]): Promise<PutOutcome[]> {
    this.#check('putEntries', db);
    const allowed = entries.filter((entry) => !this.refuses.has(entry._id));
    const outcomes = await super.putEntries(db, allowed);
    return entries.map(
      (entry) =>
        outcomes.find((outcome) => outcome.id === entry._id) ?? {
          id: entry._id,
          outcome: 'refused',
          reason: 'notPermitted',
        },
    );
  }

  override async getEntries(db: string, ids: readonly string[]): Promise<(StoredEntry | null)[]> {
    this.#check('getEntries', db);
    return super.getEntries(db, ids);
  }

  override async *readEntries(db: string, range = {}): AsyncGenerator<StoredEntry[]> {
    this.#check('readEntries', db);
    yield* super.readEntries(db, range);
  }

  override async ping(): Promise<{ version: string }> {
    this.#check('ping', '*');
    return super.ping();
  }
}
