import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Period } from '../../ledger/entry-id.ts';
import type { Stream } from '../../ledger/stream.ts';
import { stateOf, writeBlockText } from '../../sync/block-codec.ts';
import type { DocumentStore } from '../store/document-store.ts';
import type { BlockBudget, Droppable, PreparedBlock } from './block-budget.ts';
import type { Row } from './stream-index.ts';

/** Most entries in one block: what a device has to hold in memory at once. */
export const MAX_BLOCK_ENTRIES = 2000;
const GZIP_LEVEL = 6;

const compress = promisify(gzip);

/** Some rows of one period, compressed when first asked for and again after their bytes were dropped. */
export class Block implements Droppable {
  readonly period: Period;
  readonly rows: readonly Row[];
  readonly #stream: Stream;
  readonly #store: DocumentStore;
  readonly #budget: BlockBudget;
  #prepared: Promise<PreparedBlock> | null = null;

  constructor(
    store: DocumentStore,
    budget: BlockBudget,
    stream: Stream,
    period: Period,
    rows: readonly Row[],
  ) {
    this.#store = store;
    this.#budget = budget;
    this.#stream = stream;
    this.period = period;
    this.rows = rows;
  }

  /** What the block says it holds is counted from what the store gave, which may have been erased meanwhile. */
  async prepare(): Promise<PreparedBlock> {
    const started = this.#prepared ?? this.#make();
    this.#prepared = started;
    try {
      const prepared = await started;
      if (this.#prepared === started) this.#budget.use(this, prepared.bytes.length);
      return prepared;
    } catch (error) {
      this.#prepared = null;
      throw error;
    }
  }

  drop(): void {
    this.#prepared = null;
    this.#budget.release(this);
  }

  async #make(): Promise<PreparedBlock> {
    const found = await this.#store.getEntries(
      this.#stream.db,
      this.rows.map((row) => row.id),
    );
    const entries = found.filter((entry) => entry !== null);
    const bytes = await compress(writeBlockText(entries), { level: GZIP_LEVEL });
    return { ...stateOf(entries), bytes: new Uint8Array(bytes) };
  }
}
