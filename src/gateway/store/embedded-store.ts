import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryId } from '../../ledger/entry-id.ts';
import { parseEntryId } from '../../ledger/entry-id.ts';
import { isErased, type StoredEntry } from '../../ledger/erasure.ts';
import {
  DatabaseMissing,
  isDatabaseName,
  requireDatabaseName,
  requireRecordsDatabase,
} from './database-name.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import type { DocumentStore, GatewayRecord, PutOutcome, UserContext } from './document-store.ts';
import { judgeEntries } from './judge-entries.ts';
import type { LevelPouch } from './level-pouch.ts';
import { OpenDatabases } from './open-databases.ts';
import { compactFolder } from './synced-leveldown.ts';
import type { CandidateDocument } from './validate-document.ts';

const BATCH_SIZE = 500;
const OPEN_DATABASES_LIMIT = 64;
const LAST_CHARACTER = '\uffff';

export interface EmbeddedStoreOptions {
  /** How many databases stay open at once. */
  readonly openDatabases?: number;
}

/**
 * PouchDB over LevelDB in this process, one folder per database in `DATA_DIR/db`. Every acknowledged write is on the
 * disk. What CouchDB would refuse is refused here by the same function.
 */
export class EmbeddedStore implements DocumentStore {
  readonly kind = 'embedded';
  readonly #root: string;
  readonly #unlock: () => Promise<void>;
  readonly #databases: OpenDatabases;
  readonly #names: Set<string>;

  private constructor(root: string, names: Set<string>, unlock: () => Promise<void>, openDatabases: number) {
    this.#root = root;
    this.#names = names;
    this.#unlock = unlock;
    this.#databases = new OpenDatabases(openDatabases);
  }

  /** Throws `DataFolderBusy` where another process (or another store of this one) has the folder. */
  static async open(dataDir: string, options: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
    const root = join(dataDir, 'db');
    await mkdir(root, { recursive: true });
    const unlock = await lockDataFolder(dataDir, join(root, '.lock'));
    const folders = await readdir(root, { withFileTypes: true });
    const names = folders.filter((folder) => folder.isDirectory()).map((folder) => folder.name);
    // A drop that was interrupted is finished.
    for (const name of names) {
      if (name.startsWith('.dropped-')) await rm(join(root, name), { recursive: true, force: true });
    }
    return new EmbeddedStore(
      root,
      new Set(names.filter(isDatabaseName)),
      unlock,
      options.openDatabases ?? OPEN_DATABASES_LIMIT,
    );
  }

  #folder(db: string): string {
    requireDatabaseName(db);
    if (!this.#names.has(db)) throw new DatabaseMissing(db);
    return join(this.#root, db);
  }

  async ensureDatabase(db: string): Promise<void> {
    requireDatabaseName(db);
    if (this.#names.has(db)) return;
    const folder = join(this.#root, db);
    await mkdir(folder, { recursive: true });
    await syncFolder(this.#root);
    await this.#databases.write(folder, async (pouch) => pouch.info());
    this.#names.add(db);
  }

  async hasDatabase(db: string): Promise<boolean> {
    requireDatabaseName(db);
    return this.#names.has(db);
  }

  async listDatabases(): Promise<string[]> {
    return [...this.#names].sort();
  }

  async dropDatabase(db: string): Promise<void> {
    requireDatabaseName(db);
    if (!this.#names.delete(db)) return;
    const folder = join(this.#root, db);
    await this.#databases.close(folder);
    if (!existsSync(folder)) return;
    const dropped = join(this.#root, `.dropped-${db}`);
    await rename(folder, dropped);
    await syncFolder(this.#root);
    await rm(dropped, { recursive: true, force: true });
  }

  async putEntries(db: string, entries: readonly StoredEntry[], as: UserContext): Promise<PutOutcome[]> {
    const folder = this.#folder(db);
    return this.#databases.write(folder, async (pouch) => {
      const ids = entries.map((entry) => entry._id).filter((id) => parseEntryId(id) !== null);
      const present = await findAll(pouch, [...new Set(ids)]);
      const { outcomes, accepted } = judgeEntries(db, entries, present, as);
      if (accepted.length === 0) return outcomes;
      const erases = accepted.some(isErased);
      // LevelDB drops a replaced value only where a newer file is merged into the one that holds it. Written out before
      // and after, the text lies in a file and its removal in a newer one; in one file together both would stay.
      if (erases) await compactFolder(folder);
      await writeAll(pouch, accepted);
      if (erases) await compactFolder(folder);
      return outcomes;
    });
  }

  async getEntries(db: string, ids: readonly EntryId[]): Promise<(StoredEntry | null)[]> {
    const found = await this.#databases.read(this.#folder(db), (pouch) => findAll(pouch, [...new Set(ids)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  async *readEntries(
    db: string,
    range: { startId?: string; endId?: string } = {},
  ): AsyncGenerator<StoredEntry[]> {
    for await (const rows of this.#pages(db, range, { include_docs: true })) {
      yield rows.map((row) => row.doc as unknown as StoredEntry);
    }
  }

  async *#pages(
    db: string,
    range: { startId?: string; endId?: string },
    options: { include_docs: true; conflicts?: true },
  ) {
    let startkey = range.startId ?? '';
    for (;;) {
      const page = await this.#databases.read(this.#folder(db), (pouch) =>
        pouch.allDocs({
          ...options,
          startkey,
          endkey: range.endId ?? LAST_CHARACTER,
          inclusive_end: false,
          limit: BATCH_SIZE,
        }),
      );
      const last = page.rows.at(-1);
      if (!last) return;
      const rows = page.rows.filter((row) => !row.id.startsWith('_'));
      if (rows.length > 0) yield rows;
      startkey = `${last.id}\u0000`;
    }
  }

  async findConflicts(db: string): Promise<EntryId[]> {
    const ids: EntryId[] = [];
    for await (const rows of this.#pages(db, {}, { include_docs: true, conflicts: true })) {
      for (const row of rows) if (row.doc?._conflicts) ids.push(row.id);
    }
    return ids;
  }

  async countEntries(db: string): Promise<number> {
    const info = await this.#databases.read(this.#folder(db), (pouch) => pouch.info());
    return info.doc_count;
  }

  async getRecord(db: string, id: string): Promise<GatewayRecord | null> {
    requireRecordsDatabase(db);
    const found = await this.#databases.read(this.#folder(db), (pouch) =>
      findAll<GatewayRecord>(pouch, [id]),
    );
    return found.get(id) ?? null;
  }

  async putRecord(
    db: string,
    record: GatewayRecord,
  ): Promise<{ ok: true; rev: string } | { ok: false; code: 'conflict' }> {
    requireRecordsDatabase(db);
    return this.#databases.write(this.#folder(db), async (pouch) => {
      try {
        const { rev } = await pouch.put(record);
        return { ok: true, rev };
      } catch (error) {
        if (statusOf(error) === 409) return { ok: false, code: 'conflict' };
        throw error;
      }
    });
  }

  async deleteRecord(db: string, id: string, rev: string): Promise<boolean> {
    requireRecordsDatabase(db);
    return this.#databases.write(this.#folder(db), async (pouch) => {
      try {
        await pouch.remove(id, rev);
        return true;
      } catch (error) {
        if (statusOf(error) === 409 || statusOf(error) === 404) return false;
        throw error;
      }
    });
  }

  async listRecords(db: string, prefix: string): Promise<GatewayRecord[]> {
    requireRecordsDatabase(db);
    const page = await this.#databases.read(this.#folder(db), (pouch) =>
      pouch.allDocs({ include_docs: true, startkey: prefix, endkey: prefix + LAST_CHARACTER }),
    );
    return page.rows.map((row) => row.doc as unknown as GatewayRecord);
  }

  async ping(): Promise<{ version: string }> {
    return { version: 'pouchdb 9 / leveldb' };
  }

  async close(): Promise<void> {
    await this.#databases.closeAll();
    await this.#unlock();
  }
}

async function findAll<T = StoredEntry>(pouch: LevelPouch, ids: readonly string[]): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  await Promise.all(
    ids.map(async (id) => {
      try {
        found.set(id, (await pouch.get(id)) as unknown as T);
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    }),
  );
  return found;
}

async function writeAll(pouch: LevelPouch, documents: CandidateDocument[]): Promise<void> {
  // With `new_edits: false` PouchDB answers with the failures only.
  const failures = await pouch.bulkDocs(documents, { new_edits: false });
  if (failures.length > 0) throw new Error(`PouchDB did not keep ${failures.length} documents`);
}

function statusOf(error: unknown): number | undefined {
  return (error as { status?: number }).status;
}

/** A new name in a folder outlives a power cut only when the folder itself is synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
