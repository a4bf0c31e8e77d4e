import PouchDB from 'pouchdb-core';
import idbAdapter from 'pouchdb-adapter-idb';
import type { Period } from '../../ledger/entry-id.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import { StorageFailure } from '../../sync/device-ports.ts';
import type { StreamState } from '../../sync/protocol.ts';
import type { Bytes, CryptoPort } from '../../vault/crypto-port.ts';
import { openEnvelope, sealEnvelope } from '../../vault/envelope.ts';
import { freeSlot, withBlocks, type StoredBlock, type StreamIndex } from './block-index.ts';

PouchDB.plugin(idbAdapter);

interface BlockDocument {
  _id: string;
  _rev?: string;
  _deleted?: true;
  /** An envelope over gzip. */
  sealed?: ArrayBuffer;
}

interface IndexDocument {
  _id: string;
  _rev?: string;
  _deleted?: true;
  periods?: StreamIndex;
}

type Document = BlockDocument | IndexDocument;

/** Bytes of a block that is to be stored. */
export interface NewBlock extends StreamState {
  readonly period: Period;
  /** gzip of the block's text. */
  readonly bytes: Bytes;
}

const INDEX_SUFFIX = '/index';

const indexId = (stream: StreamKey) => `${stream}${INDEX_SUFFIX}`;
const blockId = (stream: StreamKey, period: Period, slot: number) => `${stream}/${period}/${slot}`;

export type KeyOfStream = (stream: StreamKey) => Promise<CryptoKey>;

/**
 * The acknowledged entries of one person, in blocks, each encrypted as one. Blocks and the index that names them
 * go to the disk in one transaction; what no index names is not there. One tab writes, the others read.
 */
export class BlockStore {
  readonly #db: PouchDB.Database<object>;
  readonly #crypto: CryptoPort;
  readonly #keyOf: KeyOfStream;
  readonly #indexes = new Map<StreamKey, StreamIndex>();
  readonly #revisions = new Map<string, string>();

  private constructor(db: PouchDB.Database<object>, crypto: CryptoPort, keyOf: KeyOfStream) {
    this.#db = db;
    this.#crypto = crypto;
    this.#keyOf = keyOf;
  }

  static async open(name: string, crypto: CryptoPort, keyOf: KeyOfStream): Promise<BlockStore> {
    const options = { adapter: 'idb', auto_compaction: true, revs_limit: 1, deterministic_revs: false };
    const store = new BlockStore(new PouchDB(name, options), crypto, keyOf);
    await store.reload();
    return store;
  }

  static async destroy(name: string): Promise<void> {
    await new PouchDB(name, { adapter: 'idb' }).destroy();
  }

  streams(): StreamKey[] {
    return [...this.#indexes.keys()];
  }

  indexOf(stream: StreamKey): StreamIndex {
    return this.#indexes.get(stream) ?? {};
  }

  /** Reads the indexes anew: another tab may have written. Costs no block. */
  async reload(): Promise<void> {
    const { rows } = await guard(this.#db.allDocs());
    this.#revisions.clear();
    for (const row of rows) this.#revisions.set(row.id, row.value.rev);
    const ids = rows.map((row) => row.id).filter((id) => id.endsWith(INDEX_SUFFIX));
    this.#indexes.clear();
    for (const document of await this.#read<IndexDocument>(ids))
      this.#indexes.set(document._id.slice(0, -INDEX_SUFFIX.length), document.periods ?? {});
  }

  /** Removes blocks that no index names: left by a write that lost against another tab. For the writing tab. */
  async sweep(): Promise<void> {
    const named = new Set<string>();
    for (const [stream, index] of this.#indexes) {
      named.add(indexId(stream));
      for (const [period, blocks] of Object.entries(index))
        for (const { slot } of blocks) named.add(blockId(stream, period, slot));
    }
    const orphans = [...this.#revisions.keys()].filter((id) => !named.has(id));
    if (orphans.length > 0) await this.#write(orphans.map((_id) => ({ _id, _deleted: true })));
  }

  /** The gzip bytes of some blocks; null in place of one that is missing or cannot be opened. */
  async readBlocks(stream: StreamKey, period: Period, slots: readonly number[]): Promise<(Bytes | null)[]> {
    const key = await this.#keyOf(stream);
    const ids = slots.map((slot) => blockId(stream, period, slot));
    const byId = new Map((await this.#read<BlockDocument>(ids)).map((document) => [document._id, document]));
    return Promise.all(
      ids.map(async (id) => {
        const sealed = byId.get(id)?.sealed;
        return sealed
          ? openEnvelope(this.#crypto, key, { store: 'blocks', name: id }, new Uint8Array(sealed))
          : null;
      }),
    );
  }

  /** Adds blocks to a stream; gives where they lie. Durable when it resolves. */
  async append(stream: StreamKey, blocks: readonly NewBlock[]): Promise<{ period: Period; slot: number }[]> {
    let index = this.indexOf(stream);
    const placed: { block: NewBlock; stored: StoredBlock }[] = [];
    for (const block of blocks) {
      const present = index[block.period] ?? [];
      const { count, digest } = block;
      const stored = { slot: freeSlot(present), count, digest, bytes: block.bytes.length };
      index = withBlocks(index, block.period, [...present, stored]);
      placed.push({ block, stored });
    }
    const documents = await Promise.all(
      placed.map(({ block, stored }) => this.#seal(stream, block.period, stored.slot, block.bytes)),
    );
    await this.#write([...documents, { _id: indexId(stream), periods: index }]);
    this.#indexes.set(stream, index);
    return placed.map(({ block, stored }) => ({ period: block.period, slot: stored.slot }));
  }

  /** Puts one block, or none, in the place of some of a period. */
  async replace(
    stream: StreamKey,
    period: Period,
    slots: readonly number[],
    block: NewBlock | null,
  ): Promise<{ period: Period; slot: number }[]> {
    const gone = new Set(slots);
    const kept = (this.indexOf(stream)[period] ?? []).filter(({ slot }) => !gone.has(slot));
    const documents: Document[] = [];
    const blocks = [...kept];
    if (block) {
      const slot = Math.min(...slots);
      gone.delete(slot);
      const { count, digest } = block;
      blocks.push({ slot, count, digest, bytes: block.bytes.length });
      documents.push(await this.#seal(stream, period, slot, block.bytes));
    }
    for (const slot of gone) documents.push({ _id: blockId(stream, period, slot), _deleted: true });
    const index = withBlocks(this.indexOf(stream), period, blocks);
    await this.#write([...documents, { _id: indexId(stream), periods: index }]);
    this.#indexes.set(stream, index);
    return block ? [{ period, slot: Math.min(...slots) }] : [];
  }

  async drop(stream: StreamKey): Promise<void> {
    const ids = [...this.#revisions.keys()].filter((id) => id.startsWith(`${stream}/`));
    await this.#write(ids.map((_id) => ({ _id, _deleted: true })));
    this.#indexes.delete(stream);
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  async #seal(stream: StreamKey, period: Period, slot: number, bytes: Bytes): Promise<BlockDocument> {
    const _id = blockId(stream, period, slot);
    const sealed = await sealEnvelope(
      this.#crypto,
      await this.#keyOf(stream),
      { store: 'blocks', name: _id },
      bytes,
    );
    return { _id, sealed: sealed.buffer };
  }

  async #read<D extends Document>(ids: readonly string[]): Promise<D[]> {
    if (ids.length === 0) return [];
    const { rows } = await guard(this.#db.allDocs({ keys: [...ids], include_docs: true }));
    return rows.flatMap((row) =>
      'doc' in row && row.doc && !row.value.deleted ? [row.doc as unknown as D] : [],
    );
  }

  /** All or nothing, but for a document that another tab changed meanwhile: then nothing here counts. */
  async #write(documents: readonly Document[]): Promise<void> {
    const known = documents.map((document) => {
      const _rev = this.#revisions.get(document._id);
      return _rev === undefined ? document : { ...document, _rev };
    });
    const results = await guard(this.#db.bulkDocs(known as PouchDB.Core.PutDocument<object>[]));
    let lost = false;
    for (const [at, result] of results.entries()) {
      if (!('rev' in result) || result.rev === undefined) lost = true;
      else if (documents[at]?._deleted) this.#revisions.delete(result.id as string);
      else this.#revisions.set(result.id as string, result.rev);
    }
    if (lost) throw new StorageFailure('another tab wrote blocks');
  }
}

/** PouchDB's own errors, the quota among them, as one kind of failure. */
async function guard<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { name, reason } = error as { name?: string; reason?: string };
    throw new StorageFailure(`${name ?? 'error'} ${reason ?? ''}`, { cause: error });
  }
}
