import type { StoredEntry } from '../../ledger/erasure.ts';
import { parseRegisterDatabase, streamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import type { DocumentStore } from '../store/document-store.ts';
import type { BlockBudget } from './block-budget.ts';
import { Block } from './block.ts';
import { PreparedBlocks } from './prepared-blocks.ts';
import { RegisterFolds } from './register-folds.ts';
import { StreamIndex } from './stream-index.ts';

/** A stream in use: its order, its blocks and its folds, all told of every entry that is stored. */
export class OpenStream {
  readonly stream: Stream;
  readonly key: StreamKey;
  readonly schoolCode: string;
  readonly index: StreamIndex;
  readonly blocks: PreparedBlocks;
  readonly folds: RegisterFolds;

  private constructor(store: DocumentStore, budget: BlockBudget, stream: Stream, index: StreamIndex) {
    const register = parseRegisterDatabase(stream.db);
    if (!register) throw new Error('only registers have streams yet');
    this.stream = stream;
    this.key = streamKey(stream);
    this.schoolCode = register.schoolCode;
    this.index = index;
    this.blocks = new PreparedBlocks(index, (period, rows) => new Block(store, budget, stream, period, rows));
    this.folds = new RegisterFolds(store, stream, register.schoolYear);
  }

  static async open(store: DocumentStore, budget: BlockBudget, stream: Stream): Promise<OpenStream> {
    return new OpenStream(store, budget, stream, await StreamIndex.load(store, stream));
  }

  /** Entries that the store has just acknowledged. */
  stored(entries: readonly StoredEntry[]): void {
    const { disturbed } = this.index.add(entries);
    this.blocks.forget(disturbed);
    this.folds.add(entries);
  }
}
