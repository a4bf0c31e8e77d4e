import PouchDB from 'pouchdb-core';
import idbAdapter from 'pouchdb-adapter-idb';
import { StorageFailure } from '../../sync/device-ports.ts';
import { PouchReader, type KeptDocument } from './pouch-reader.ts';

PouchDB.plugin(idbAdapter);

/** A document as it is to be, at a revision unless it is new. */
export interface ChangedDocument {
  readonly _id: string;
  readonly _rev?: string;
  readonly _deleted?: true;
}

/**
 * One PouchDB database, opened for writing when there is something to write and not before. What is on the disk can
 * be read whether PouchDB opens or not; every failure is a StorageFailure.
 */
export class BlockDatabase {
  readonly #name: string;
  readonly #reader: PouchReader;
  #pouch: PouchDB.Database<object> | null = null;

  constructor(name: string) {
    this.#name = name;
    this.#reader = new PouchReader(name);
  }

  /** All documents, or those of some ids that there are. */
  read(ids?: readonly string[]): Promise<KeptDocument[]> {
    return guard(this.#reader.read(ids));
  }

  /** In one transaction: the new revision of each, null where another tab has changed it meanwhile. */
  async write(documents: readonly ChangedDocument[]): Promise<(string | null)[]> {
    const options = { adapter: 'idb', auto_compaction: true, revs_limit: 1, deterministic_revs: false };
    const pouch = (this.#pouch ??= new PouchDB(this.#name, options));
    try {
      const results = await guard(pouch.bulkDocs([...documents]));
      return results.map((result) => ('rev' in result && result.rev !== undefined ? result.rev : null));
    } catch (error) {
      // A transaction that fails takes PouchDB's connection with it; the next write opens another.
      if (this.#pouch === pouch) this.#pouch = null;
      await pouch.close().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#reader.close();
    await this.#pouch?.close();
    this.#pouch = null;
  }
}

/** The browser's errors and PouchDB's own, the quota among them, as one kind of failure. */
async function guard<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { name, reason } = error as { name?: string; reason?: string };
    throw new StorageFailure(`${name ?? 'error'} ${reason ?? ''}`, { cause: error });
  }
}
