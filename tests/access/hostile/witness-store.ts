import { createHash } from 'node:crypto';
import { MemoryStore } from '../../../src/gateway/store/memory-store.ts';
import type { GatewayRecord, PutOutcome } from '../../../src/gateway/store/document-store.ts';
import type { StoredEntry } from '../../../src/ledger/erasure.ts';

/** A change of the store: where, of what, and what is there now. */
export interface WitnessedWrite {
  readonly db: string;
  readonly id: string;
  /** The document as it was and as it is, as JSON. */
  readonly text: string;
}

/** The memory store that remembers every change until it is asked. */
export class WitnessStore extends MemoryStore {
  #writes: WitnessedWrite[] = [];

  /** What has been changed since the last call. */
  takeWrites(): readonly WitnessedWrite[] {
    const writes = this.#writes;
    if (writes.length > 0) this.#writes = [];
    return writes;
  }

  override async putEntries(db: string, entries: readonly StoredEntry[]): Promise<PutOutcome[]> {
    const outcomes = await super.putEntries(db, entries);
    for (const [at, { outcome, id }] of outcomes.entries()) {
      if (outcome === 'stored') this.#writes.push({ db, id, text: JSON.stringify(entries[at]) });
    }
    return outcomes;
  }

  override async putRecord(db: string, record: GatewayRecord) {
    const before = await super.getRecord(db, record._id);
    const put = await super.putRecord(db, record);
    if (put.ok) this.#writes.push({ db, id: record._id, text: JSON.stringify([before, record]) });
    return put;
  }

  override async deleteRecord(db: string, id: string, rev: string): Promise<boolean> {
    const before = await super.getRecord(db, id);
    const gone = await super.deleteRecord(db, id, rev);
    if (gone) this.#writes.push({ db, id, text: JSON.stringify([before]) });
    return gone;
  }

  override async dropDatabase(db: string): Promise<void> {
    this.#writes.push({ db, id: '*', text: '' });
    await super.dropDatabase(db);
  }

  /** Everything that a database of entries holds, as one hash. */
  async digest(db: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const entries of this.readEntries(db)) {
      for (const entry of entries) hash.update(JSON.stringify(entry));
    }
    return hash.digest('hex');
  }
}
