import type { Period } from '../../ledger/entry-id.ts';
import { type Block, MAX_BLOCK_ENTRIES } from './block.ts';
import type { Row, StreamIndex } from './stream-index.ts';

/** How many plans of what follows a position are kept: after a poke, many devices stand at the same place. */
const MAX_DELTAS = 32;
/** A tail is joined to the block before it once it is this long, or a quarter as long as that block. */
const MAX_TAIL_ENTRIES = 200;

type MakeBlock = (period: Period, rows: readonly Row[]) => Block;

/**
 * A stream's entries as blocks that are compressed once and sent to many. A period that grows keeps its blocks and
 * gets a short tail, which is joined from time to time. All planning is done at once, without waiting, so that a
 * plan holds exactly what the index held at that moment.
 */
export class PreparedBlocks {
  readonly #index: StreamIndex;
  readonly #make: MakeBlock;
  readonly #periods = new Map<Period, Block[]>();
  readonly #tails = new Map<Period, Block>();
  readonly #deltas = new Map<string, readonly Block[]>();

  constructor(index: StreamIndex, make: MakeBlock) {
    this.#index = index;
    this.#make = make;
  }

  /** Everything: what stands for the year first, then the newest month, so that a first screen can be shown early. */
  all(): Block[] {
    const [standing, months] = partition(this.#index.periods(), (period) => period.endsWith('-00'));
    return [...standing, ...months.reverse()].flatMap((period) => this.#blocksOf(period));
  }

  /** What follows a position of the index. */
  after(position: number): readonly Block[] {
    if (position === 0) return this.all();
    const key = `${position}-${this.#index.state.count}`;
    const known = this.#deltas.get(key);
    if (known) return known;
    const blocks = this.of(this.#index.rowsFrom(position));
    this.#deltas.set(key, blocks);
    for (const [oldest, dropped] of this.#deltas) {
      if (this.#deltas.size <= MAX_DELTAS) break;
      this.#deltas.delete(oldest);
      for (const block of dropped) block.drop();
    }
    return blocks;
  }

  /** Any rows, as blocks made for this one answer. */
  of(rows: readonly Row[]): Block[] {
    const byPeriod = new Map<Period, Row[]>();
    for (const row of rows) {
      const period = row.id.slice(row.id.indexOf(':') + 1).slice(0, 7);
      const ofPeriod = byPeriod.get(period);
      if (ofPeriod) ofPeriod.push(row);
      else byPeriod.set(period, [row]);
    }
    return [...byPeriod].flatMap(([period, ofPeriod]) => this.#split(period, ofPeriod));
  }

  /** The rows of these periods are no longer what the blocks were made of. */
  forget(periods: Iterable<Period>): void {
    let any = false;
    for (const period of periods) {
      any = true;
      for (const block of this.#periods.get(period) ?? []) block.drop();
      this.#periods.delete(period);
      this.#tails.get(period)?.drop();
      this.#tails.delete(period);
    }
    if (!any) return;
    for (const blocks of this.#deltas.values()) for (const block of blocks) block.drop();
    this.#deltas.clear();
  }

  #blocksOf(period: Period): Block[] {
    const rows = this.#index.rowsOf(period);
    const blocks = this.#periods.get(period) ?? [];
    this.#periods.set(period, blocks);
    const covered = blocks.reduce((sum, block) => sum + block.rows.length, 0);
    const rest = rows.slice(covered);
    const last = blocks.at(-1);
    if (rest.length === 0) return [...blocks];
    const isTail = last && rest.length < Math.min(MAX_TAIL_ENTRIES, last.rows.length / 4);
    if (isTail) return [...blocks, this.#tailOf(period, rest)];
    this.#tails.get(period)?.drop();
    this.#tails.delete(period);
    if (last && last.rows.length < MAX_BLOCK_ENTRIES) {
      blocks.pop();
      last.drop();
      rest.unshift(...last.rows);
    }
    blocks.push(...this.#split(period, rest));
    return [...blocks];
  }

  #tailOf(period: Period, rows: readonly Row[]): Block {
    const known = this.#tails.get(period);
    if (known?.rows.length === rows.length) return known;
    known?.drop();
    const tail = this.#make(period, rows);
    this.#tails.set(period, tail);
    return tail;
  }

  #split(period: Period, rows: readonly Row[]): Block[] {
    const blocks: Block[] = [];
    for (let at = 0; at < rows.length; at += MAX_BLOCK_ENTRIES) {
      blocks.push(this.#make(period, rows.slice(at, at + MAX_BLOCK_ENTRIES)));
    }
    return blocks;
  }
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}
