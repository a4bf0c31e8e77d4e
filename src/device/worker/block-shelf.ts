import type { Period } from '../../ledger/entry-id.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { Bytes } from '../../vault/crypto-port.ts';
import type { StreamIndex } from './block-index.ts';
import type { NewBlock } from './block-store.ts';

/** Where the blocks of streams lie: on the disk, encrypted, or in memory until the device locks. */
export interface BlockShelf {
  streams(): StreamKey[];
  indexOf(stream: StreamKey): StreamIndex;
  /** Reads anew what there is: another tab may have written. */
  reload(): Promise<void>;
  /** The gzip bytes of some blocks; null in place of one that is missing or cannot be opened. */
  readBlocks(stream: StreamKey, period: Period, slots: readonly number[]): Promise<(Bytes | null)[]>;
  append(stream: StreamKey, blocks: readonly NewBlock[]): Promise<{ period: Period; slot: number }[]>;
  replace(
    stream: StreamKey,
    period: Period,
    slots: readonly number[],
    block: NewBlock | null,
  ): Promise<{ period: Period; slot: number }[]>;
  drop(stream: StreamKey): Promise<void>;
}
