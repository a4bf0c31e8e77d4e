import type { StoredEntry } from '../../ledger/erasure.ts';
import { LASTING_PERIOD } from '../../ledger/entry-id.ts';
import { parseSchoolDatabase, streamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import type { DocumentStore } from '../store/document-store.ts';
import type { BlockBudget } from './block-budget.ts';
import { Block } from './block.ts';
import { PreparedBlocks } from './prepared-blocks.ts';
import { StreamFolds, type StandingFacts } from './stream-folds.ts';
import { StreamIndex } from './stream-index.ts';

/** A stream in use: its order, its blocks and its folds, all told of every entry that is stored. */
export class OpenStream {
  readonly stream: Stream;
  readonly key: StreamKey;
  readonly schoolCode: string;
  readonly index: StreamIndex;
  readonly blocks: PreparedBlocks;
  readonly folds: StreamFolds;

  private constructor(
    store: DocumentStore,
    budget: BlockBudget,
    stream: Stream,
    index: StreamIndex,
    factsOfSchool: () => Promise<StandingFacts>,
  ) {
    const database = parseSchoolDatabase(stream.db);
    if (!database) throw new Error('only a school’s databases have streams');
    const { schoolCode, schoolYear } = database;
    this.stream = stream;
    this.key = streamKey(stream);
    this.schoolCode = schoolCode;
    this.index = index;
    this.blocks = new PreparedBlocks(index, (period, rows) => new Block(store, budget, stream, period, rows));
    const standingPeriod = schoolYear === null ? LASTING_PERIOD : `${schoolYear}-00`;
    const isRegister = database.class === 'register';
    const source = isRegister ? { schoolYear: database.schoolYear } : factsOfSchool;
    this.folds = new StreamFolds(store, stream, standingPeriod, source);
  }

  /** `factsOfSchool`: what the register says that a stream of records goes by. */
  static async open(
    store: DocumentStore,
    budget: BlockBudget,
    stream: Stream,
    factsOfSchool: () => Promise<StandingFacts>,
  ): Promise<OpenStream> {
    const index = await StreamIndex.load(store, stream);
    return new OpenStream(store, budget, stream, index, factsOfSchool);
  }

  /** Entries that the store has just acknowledged. */
  stored(entries: readonly StoredEntry[]): void {
    const { disturbed } = this.index.add(entries);
    this.blocks.forget(disturbed);
    this.folds.add(entries);
  }
}
