import { parseEntryId, type EntryId } from '../../ledger/entry-id.ts';
import { isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { CouchClient, type CouchRequest, type CouchResponse } from './couch-client.ts';
import { deployDatabase, READER } from './couch-database.ts';
import {
  DatabaseMissing,
  isDatabaseName,
  requireDatabaseName,
  requireRecordsDatabase,
} from './database-name.ts';
import {
  StoreUnavailable,
  type DocumentStore,
  type GatewayRecord,
  type PutOutcome,
  type UserContext,
} from './document-store.ts';
import { judgeEntries, type PresentDocument } from './judge-entries.ts';
import type { CandidateDocument } from './validate-document.ts';

const READ_BATCH_SIZE = 500;
const WRITE_BATCH_SIZE = 200;
const LAST_CHARACTER = '\uffff';

export interface CouchStoreOptions {
  /** With the administrator's name and password. */
  readonly url: string;
  /** null: not known; every request in somebody's name fails as `StoreUnavailable`. */
  readonly proxySecret: string | null;
  readonly timeoutMs?: number;
}

interface Row<T> {
  readonly key: string;
  readonly id?: string;
  readonly error?: string;
  readonly value?: { readonly rev: string; readonly deleted?: boolean };
  readonly doc?: T | null;
}

interface Change {
  readonly id: string;
  readonly changes: readonly { readonly rev: string }[];
}

/**
 * CouchDB ≥ 3.5 through its HTTP interface. CouchDB 3 syncs to disk before it answers a write (there is no
 * `_ensure_full_commit` to ask for), and on a cluster a write counts only when a quorum has it.
 */
export class CouchStore implements DocumentStore {
  readonly kind = 'couchdb';
  readonly #couch: CouchClient;

  constructor({ url, proxySecret, timeoutMs }: CouchStoreOptions) {
    this.#couch = new CouchClient(url, proxySecret, timeoutMs);
  }

  /** Nobody's in particular: reads of entries. 404 is a database that is not there. */
  async #read<T>(db: string, request: CouchRequest): Promise<T> {
    return (await this.#in(db, (expect) => this.#couch.as<T>(READER, { ...request, expect }))).body;
  }

  async #in<T>(
    db: string,
    send: (expect: readonly number[]) => Promise<CouchResponse<T>>,
  ): Promise<CouchResponse<T>> {
    requireDatabaseName(db);
    const response = await send([404]);
    if (response.status === 404) throw new DatabaseMissing(db);
    return response;
  }

  async ensureDatabase(db: string): Promise<void> {
    requireDatabaseName(db);
    await this.#couch.asAdmin({ method: 'PUT', path: db, query: { q: 1 }, expect: [412] });
    await deployDatabase(this.#couch, db);
  }

  async hasDatabase(db: string): Promise<boolean> {
    requireDatabaseName(db);
    const { status } = await this.#couch.asAdmin({ method: 'GET', path: db, expect: [404] });
    return status !== 404;
  }

  async listDatabases(): Promise<string[]> {
    const { body } = await this.#couch.asAdmin<string[]>({ method: 'GET', path: '_all_dbs' });
    return body.filter(isDatabaseName).sort();
  }

  async dropDatabase(db: string): Promise<void> {
    requireDatabaseName(db);
    await this.#couch.asAdmin({ method: 'DELETE', path: db, expect: [404] });
  }

  async putEntries(db: string, entries: readonly StoredEntry[], as: UserContext): Promise<PutOutcome[]> {
    requireDatabaseName(db);
    const outcomes: PutOutcome[] = [];
    for (let at = 0; at < entries.length; at += WRITE_BATCH_SIZE) {
      outcomes.push(...(await this.#putBatch(db, entries.slice(at, at + WRITE_BATCH_SIZE), as)));
    }
    return outcomes;
  }

  async #putBatch(db: string, entries: readonly StoredEntry[], as: UserContext): Promise<PutOutcome[]> {
    // CouchDB judges for itself. But one document it cannot even read (a broken revision, half a surrogate pair, an
    // unknown `_field`) makes it refuse the whole request, so what it would refuse is not sent.
    const { outcomes, accepted } = judgeEntries(db, entries, await this.#findPresent(db, entries), as);
    if (accepted.length === 0) return outcomes;
    const refused = await this.#write(db, accepted, as);
    if (accepted.some((entry) => isErased(entry) && !refused.has(revisionKey(entry))))
      await this.#compact(db);
    if (refused.size === 0) return outcomes;
    return outcomes.map((outcome, at) => {
      const reason = refused.get(revisionKey(entries[at] as StoredEntry));
      return reason === undefined ? outcome : { id: outcome.id, outcome: 'refused', reason };
    });
  }

  /** Revisions are enough, except where an erasure must agree with what it erases. */
  async #findPresent(db: string, entries: readonly StoredEntry[]): Promise<Map<EntryId, PresentDocument>> {
    const keys = [...new Set(entries.map((entry) => entry._id).filter((id) => parseEntryId(id) !== null))];
    // 403: a database of records, where nobody writes entries.
    const { status, body } = await this.#in(db, (expect) =>
      this.#couch.as<{ rows: Row<StoredEntry>[] }>(READER, {
        method: 'POST',
        path: `${db}/_all_docs`,
        query: { include_docs: entries.some(isErased) },
        body: { keys },
        expect: [...expect, 403],
      }),
    );
    const present = new Map<EntryId, PresentDocument>();
    if (status === 403) return present;
    for (const { id, value, doc } of body.rows) {
      if (id && value && !value.deleted) present.set(id, doc ?? { _id: id, _rev: value.rev });
    }
    return present;
  }

  /** The reasons of what CouchDB refused. */
  async #write(
    db: string,
    docs: readonly CandidateDocument[],
    as: UserContext,
  ): Promise<Map<string, string>> {
    // With `new_edits: false` CouchDB answers with the failures only. 403: not even a member of the database.
    const { status, body } = await this.#couch.as<FailedWrite[] | { error?: string }>(as, {
      method: 'POST',
      path: `${db}/_bulk_docs`,
      body: { docs, new_edits: false },
      expect: [403],
    });
    if (status === 403) return new Map(docs.map((doc) => [revisionKey(doc), 'notPermitted']));
    if (status === 202) throw new StoreUnavailable('too few nodes of CouchDB have the entries');
    const refused = new Map<string, string>();
    for (const { id, rev, error, reason } of body as FailedWrite[]) {
      if (error !== 'forbidden') throw new StoreUnavailable(`CouchDB did not keep an entry (${error})`);
      refused.set(`${id} ${rev}`, reason);
    }
    return refused;
  }

  /**
   * What an erased entry said leaves the disk with compaction. It runs by itself in time; here it is asked for at
   * once. The erasure is done and durable whether the request goes through or not.
   */
  async #compact(db: string): Promise<void> {
    try {
      await this.#couch.asAdmin({ method: 'POST', path: `${db}/_compact`, body: {} });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  async getEntries(db: string, ids: readonly EntryId[]): Promise<(StoredEntry | null)[]> {
    const { rows } = await this.#read<{ rows: Row<StoredEntry>[] }>(db, {
      method: 'POST',
      path: `${db}/_all_docs`,
      query: { include_docs: true },
      body: { keys: ids },
    });
    return rows.map((row) => row.doc ?? null);
  }

  async *readEntries(
    db: string,
    range: { startId?: string; endId?: string } = {},
  ): AsyncGenerator<StoredEntry[]> {
    let startKey = range.startId ?? '';
    const endKey = range.endId ?? LAST_CHARACTER;
    for (;;) {
      const { rows } = await this.#read<{ rows: Row<StoredEntry>[] }>(db, {
        method: 'GET',
        path: `${db}/_all_docs`,
        query: {
          include_docs: true,
          inclusive_end: false,
          start_key: startKey,
          end_key: endKey,
          limit: READ_BATCH_SIZE,
        },
      });
      const last = rows.at(-1);
      if (!last) return;
      const entries = rows.flatMap(({ key, doc }) => (doc && !key.startsWith('_') ? [doc] : []));
      if (entries.length > 0) yield entries;
      startKey = `${last.key}\u0000`;
    }
  }

  async findConflicts(db: string): Promise<EntryId[]> {
    const ids: EntryId[] = [];
    for (let since = '0'; ;) {
      const page = await this.#read<{ results: Change[]; last_seq: string }>(db, {
        method: 'GET',
        path: `${db}/_changes`,
        query: { style: 'all_docs', since, limit: READ_BATCH_SIZE },
      });
      if (page.results.length === 0) return ids.sort();
      for (const change of page.results) {
        if (change.changes.length > 1 && !change.id.startsWith('_')) ids.push(change.id);
      }
      since = page.last_seq;
    }
  }

  async countEntries(db: string): Promise<number> {
    const [info, designs] = await Promise.all([
      this.#read<{ doc_count: number }>(db, { method: 'GET', path: db }),
      this.#read<{ rows: unknown[] }>(db, { method: 'GET', path: `${db}/_design_docs` }),
    ]);
    return info.doc_count - designs.rows.length;
  }

  async getRecord(db: string, id: string): Promise<GatewayRecord | null> {
    requireRecordsDatabase(db);
    const { status, body } = await this.#couch.asAdmin<GatewayRecord>({
      method: 'GET',
      path: documentPath(db, id),
      expect: [404],
    });
    if (status !== 404) return body;
    if (!(await this.hasDatabase(db))) throw new DatabaseMissing(db);
    return null;
  }

  async putRecord(
    db: string,
    record: GatewayRecord,
  ): Promise<{ ok: true; rev: string } | { ok: false; code: 'conflict' }> {
    requireRecordsDatabase(db);
    const { status, body } = await this.#couch.asAdmin<{ rev: string }>({
      method: 'PUT',
      path: documentPath(db, record._id),
      body: record,
      expect: [404, 409],
    });
    if (status === 404) throw new DatabaseMissing(db);
    return status === 409 ? { ok: false, code: 'conflict' } : { ok: true, rev: body.rev };
  }

  async deleteRecord(db: string, id: string, rev: string): Promise<boolean> {
    requireRecordsDatabase(db);
    const { status } = await this.#couch.asAdmin({
      method: 'DELETE',
      path: documentPath(db, id),
      query: { rev },
      expect: [404, 409],
    });
    return status < 400;
  }

  async listRecords(db: string, prefix: string): Promise<GatewayRecord[]> {
    requireRecordsDatabase(db);
    const { body } = await this.#in(db, (expect) =>
      this.#couch.asAdmin<{ rows: Row<GatewayRecord>[] }>({
        method: 'GET',
        path: `${db}/_all_docs`,
        query: { include_docs: true, start_key: prefix, end_key: prefix + LAST_CHARACTER },
        expect,
      }),
    );
    return body.rows.flatMap(({ key, doc }) => (doc && !key.startsWith('_') ? [doc] : []));
  }

  async ping(): Promise<{ version: string }> {
    const { body } = await this.#couch.asAdmin<{ version?: string }>({ method: 'GET', path: '' });
    if (typeof body.version !== 'string') throw new StoreUnavailable('this is not a CouchDB');
    return { version: body.version };
  }

  async close(): Promise<void> {}
}

interface FailedWrite {
  readonly id: string;
  readonly rev: string;
  readonly error: string;
  readonly reason: string;
}

function revisionKey(entry: StoredEntry): string {
  return `${entry._id} ${entry._rev}`;
}

function documentPath(db: string, id: string): string {
  return `${db}/${encodeURIComponent(id)}`;
}
