import type { Period } from '../../ledger/entry-id.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { Bytes } from '../../vault/crypto-port.ts';
import { freeSlot, withBlocks, type StreamIndex } from './block-index.ts';
import type { BlockShelf } from './block-shelf.ts';
import type { NewBlock } from './block-store.ts';

/** Blocks of this worker alone: they end with it. */
export class MemoryShelf implements BlockShelf {
  readonly #indexes = new Map<StreamKey, StreamIndex>();
  readonly #bytes = new Map<string, Bytes>();

  streams(): StreamKey[] {
    return [...this.#indexes.keys()];
  }

  indexOf(stream: StreamKey): StreamIndex {
    return this.#indexes.get(stream) ?? {};
  }

  async reload(): Promise<void> {
    // Nobody else writes here.
  }

  async readBlocks(stream: StreamKey, period: Period, slots: readonly number[]): Promise<(Bytes | null)[]> {
    return slots.map((slot) => this.#bytes.get(nameOf(stream, period, slot)) ?? null);
  }

  async append(stream: StreamKey, blocks: readonly NewBlock[]): Promise<{ period: Period; slot: number }[]> {
    return blocks.map((block) =>
      this.#put(stream, freeSlot(this.indexOf(stream)[block.period] ?? []), block),
    );
  }

  async replace(
    stream: StreamKey,
    period: Period,
    slots: readonly number[],
    block: NewBlock | null,
  ): Promise<{ period: Period; slot: number }[]> {
    const gone = new Set(slots);
    const kept = (this.indexOf(stream)[period] ?? []).filter(({ slot }) => !gone.has(slot));
    for (const slot of slots) this.#bytes.delete(nameOf(stream, period, slot));
    this.#setIndex(stream, withBlocks(this.indexOf(stream), period, kept));
    return block ? [this.#put(stream, Math.min(...slots), block)] : [];
  }

  async drop(stream: StreamKey): Promise<void> {
    for (const [period, blocks] of Object.entries(this.indexOf(stream)))
      for (const { slot } of blocks) this.#bytes.delete(nameOf(stream, period, slot));
    this.#indexes.delete(stream);
  }

  #put(stream: StreamKey, slot: number, block: NewBlock): { period: Period; slot: number } {
    const { period, count, digest, bytes } = block;
    const index = this.indexOf(stream);
    const stored = { slot, count, digest, bytes: bytes.length };
    this.#setIndex(stream, withBlocks(index, period, [...(index[period] ?? []), stored]));
    this.#bytes.set(nameOf(stream, period, slot), bytes);
    return { period, slot };
  }

  #setIndex(stream: StreamKey, index: StreamIndex): void {
    if (Object.keys(index).length === 0) this.#indexes.delete(stream);
    else this.#indexes.set(stream, index);
  }
}

const nameOf = (stream: StreamKey, period: Period, slot: number): string => `${stream}/${period}/${slot}`;
