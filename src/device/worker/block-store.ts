import type { Period } from '../../ledger/entry-id.ts';
import { hashText } from '../../ledger/hash.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import { StorageFailure } from '../../sync/device-ports.ts';
import type { StreamState } from '../../sync/protocol.ts';
import type { Bytes, CryptoPort } from '../../vault/crypto-port.ts';
import { openEnvelope, sealEnvelope } from '../../vault/envelope.ts';
import { BlockDatabase, type ChangedDocument } from './block-database.ts';
import { freeSlot, withBlocks, type StoredBlock, type StreamIndex } from './block-index.ts';

/** One block. What it is about can be read without its bytes: a start reads no more than that. */
interface BlockDocument extends StreamState {
  readonly _id: string;
  readonly stream: StreamKey;
  /** Length of the gzip. */
  readonly bytes: number;
  /**
   * An envelope over gzip. As a blob, which browsers keep in a file of its own and read only when asked: bytes in
   * the record itself would stay in the log of the browser's database long after they were replaced.
   */
  readonly sealed: Blob;
}

/** Bytes of a block that is to be stored. */
export interface NewBlock extends StreamState {
  readonly period: Period;
  /** gzip of the block's text. */
  readonly bytes: Bytes;
}

/** Short, because the browser's database writes an id many times over. */
const blockId = (stream: StreamKey, period: Period, slot: number) =>
  `${hashText(stream).slice(0, 8)}/${period}/${slot}`;

function placeOfId(id: string): { period: Period; slot: number } {
  const [, period = '', slot = ''] = id.split('/');
  return { period, slot: Number(slot) };
}

export type KeyOfStream = (stream: StreamKey) => Promise<CryptoKey>;

/**
 * The acknowledged entries of one person, in blocks, each encrypted as one. Every change, a merge of many too, goes
 * to the disk in one transaction. One tab writes, the others read.
 */
export class BlockStore {
  readonly #db: BlockDatabase;
  readonly #crypto: CryptoPort;
  readonly #keyOf: KeyOfStream;
  readonly #indexes = new Map<StreamKey, StreamIndex>();
  readonly #revisions = new Map<string, string>();

  private constructor(db: BlockDatabase, crypto: CryptoPort, keyOf: KeyOfStream) {
    this.#db = db;
    this.#crypto = crypto;
    this.#keyOf = keyOf;
  }

  static async open(name: string, crypto: CryptoPort, keyOf: KeyOfStream): Promise<BlockStore> {
    const store = new BlockStore(new BlockDatabase(name), crypto, keyOf);
    await store.reload();
    return store;
  }

  streams(): StreamKey[] {
    return [...this.#indexes.keys()];
  }

  indexOf(stream: StreamKey): StreamIndex {
    return this.#indexes.get(stream) ?? {};
  }

  /** Reads anew what there is: another tab may have written. Opens no block. */
  async reload(): Promise<void> {
    const documents = await this.#db.read();
    this.#revisions.clear();
    this.#indexes.clear();
    for (const { id, rev, body } of documents) {
      this.#revisions.set(id, rev);
      if (!body) continue;
      const { stream, count, digest, bytes } = body as BlockDocument;
      const { period, slot } = placeOfId(id);
      const index = this.indexOf(stream);
      this.#indexes.set(
        stream,
        withBlocks(index, period, [...(index[period] ?? []), { slot, count, digest, bytes }]),
      );
    }
  }

  /** The gzip bytes of some blocks; null in place of one that is missing or cannot be opened. */
  async readBlocks(stream: StreamKey, period: Period, slots: readonly number[]): Promise<(Bytes | null)[]> {
    const key = await this.#keyOf(stream);
    const ids = slots.map((slot) => blockId(stream, period, slot));
    const documents = new Map(
      (await this.#db.read(ids)).map(({ id, body }) => [id, body as BlockDocument | undefined]),
    );
    return Promise.all(
      slots.map(async (slot, at) => {
        const sealed = await readBlob(documents.get(ids[at] ?? '')?.sealed);
        const place = { store: 'blocks', name: `${stream}/${period}/${slot}` };
        return sealed && openEnvelope(this.#crypto, key, place, sealed);
      }),
    );
  }

  /** Adds blocks to a stream; gives where they lie. Written to the disk when it resolves. */
  async append(stream: StreamKey, blocks: readonly NewBlock[]): Promise<{ period: Period; slot: number }[]> {
    let index = this.indexOf(stream);
    const placed: { block: NewBlock; slot: number }[] = [];
    for (const block of blocks) {
      const slot = freeSlot(index[block.period] ?? []);
      index = withBlocks(index, block.period, [...(index[block.period] ?? []), storedAt(slot, block)]);
      placed.push({ block, slot });
    }
    await this.#write(await Promise.all(placed.map(({ block, slot }) => this.#seal(stream, slot, block))));
    this.#indexes.set(stream, index);
    return placed.map(({ block: { period }, slot }) => ({ period, slot }));
  }

  /** Puts one block, or none, in the place of some of a period. */
  async replace(
    stream: StreamKey,
    period: Period,
    slots: readonly number[],
    block: NewBlock | null,
  ): Promise<{ period: Period; slot: number }[]> {
    const gone = new Set(slots);
    const blocks = (this.indexOf(stream)[period] ?? []).filter(({ slot }) => !gone.has(slot));
    const slot = Math.min(...slots);
    const documents: (BlockDocument | ChangedDocument)[] = [];
    if (block) {
      gone.delete(slot);
      blocks.push(storedAt(slot, block));
      documents.push(await this.#seal(stream, slot, block));
    }
    for (const each of gone) documents.push({ _id: blockId(stream, period, each), _deleted: true });
    await this.#write(documents);
    this.#setIndex(stream, withBlocks(this.indexOf(stream), period, blocks));
    return block ? [{ period, slot }] : [];
  }

  async drop(stream: StreamKey): Promise<void> {
    const documents = Object.entries(this.indexOf(stream)).flatMap(([period, blocks]) =>
      blocks.map(({ slot }) => ({ _id: blockId(stream, period, slot), _deleted: true as const })),
    );
    await this.#write(documents);
    this.#indexes.delete(stream);
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  #setIndex(stream: StreamKey, index: StreamIndex): void {
    if (Object.keys(index).length === 0) this.#indexes.delete(stream);
    else this.#indexes.set(stream, index);
  }

  async #seal(stream: StreamKey, slot: number, block: NewBlock): Promise<BlockDocument> {
    const { period, count, digest, bytes } = block;
    const _id = blockId(stream, period, slot);
    const place = { store: 'blocks', name: `${stream}/${period}/${slot}` };
    const sealed = await sealEnvelope(this.#crypto, await this.#keyOf(stream), place, bytes);
    return { _id, stream, count, digest, bytes: bytes.length, sealed: new Blob([sealed]) };
  }

  /** All or nothing, but for a document that another tab changed meanwhile: then nothing here counts. */
  async #write(documents: readonly ChangedDocument[]): Promise<void> {
    const revisions = await this.#db.write(
      documents.map((document) => {
        const _rev = this.#revisions.get(document._id);
        return _rev === undefined ? document : { ...document, _rev };
      }),
    );
    for (const [at, { _id, _deleted }] of documents.entries()) {
      const rev = revisions[at];
      if (rev && _deleted) this.#revisions.delete(_id);
      else if (rev) this.#revisions.set(_id, rev);
    }
    if (revisions.includes(null)) throw new StorageFailure('another tab wrote blocks');
  }
}

function storedAt(slot: number, { count, digest, bytes }: NewBlock): StoredBlock {
  return { slot, count, digest, bytes: bytes.length };
}

/** Null where the browser has lost the file. */
async function readBlob(blob: Blob | undefined): Promise<Bytes | null> {
  try {
    return blob ? new Uint8Array(await blob.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
