import type { Period } from '../../ledger/entry-id.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { Bytes } from '../../vault/crypto-port.ts';
import type { StreamIndex } from './block-index.ts';
import type { BlockShelf } from './block-shelf.ts';
import type { NewBlock } from './block-store.ts';
import { MemoryShelf } from './memory-shelf.ts';

/** Each stream lies on the disk or in memory, as the school said last, and never on both. */
export class DividedShelf implements BlockShelf {
  readonly #disk: BlockShelf;
  readonly #memory = new MemoryShelf();
  readonly #inMemory = new Set<StreamKey>();

  constructor(disk: BlockShelf) {
    this.#disk = disk;
  }

  isInMemory(stream: StreamKey): boolean {
    return this.#inMemory.has(stream);
  }

  /** Moves nothing: what lay on the other side is dropped, and comes anew. True where the stream's place changed. */
  async place(stream: StreamKey, hold: 'disk' | 'memory'): Promise<boolean> {
    if ((hold === 'memory') === this.#inMemory.has(stream)) return false;
    const before = this.#of(stream);
    if (hold === 'memory') this.#inMemory.add(stream);
    else this.#inMemory.delete(stream);
    await before.drop(stream);
    return true;
  }

  streams(): StreamKey[] {
    return [...new Set([...this.#disk.streams(), ...this.#memory.streams()])];
  }

  indexOf(stream: StreamKey): StreamIndex {
    return this.#of(stream).indexOf(stream);
  }

  reload(): Promise<void> {
    return this.#disk.reload();
  }

  readBlocks(stream: StreamKey, period: Period, slots: readonly number[]): Promise<(Bytes | null)[]> {
    return this.#of(stream).readBlocks(stream, period, slots);
  }

  append(stream: StreamKey, blocks: readonly NewBlock[]): Promise<{ period: Period; slot: number }[]> {
    return this.#of(stream).append(stream, blocks);
  }

  replace(
    stream: StreamKey,
    period: Period,
    slots: readonly number[],
    block: NewBlock | null,
  ): Promise<{ period: Period; slot: number }[]> {
    return this.#of(stream).replace(stream, period, slots, block);
  }

  async drop(stream: StreamKey): Promise<void> {
    await this.#of(stream).drop(stream);
    this.#inMemory.delete(stream);
  }

  #of(stream: StreamKey): BlockShelf {
    return this.#inMemory.has(stream) ? this.#memory : this.#disk;
  }
}
