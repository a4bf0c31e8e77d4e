import { EMPTY_DIGEST, sumDigests } from '../../ledger/digest.ts';
import type { Period } from '../../ledger/entry-id.ts';
import type { StreamState } from '../../sync/protocol.ts';

/** One stored block. Slots are used again, so that removed documents do not pile up. */
export interface StoredBlock extends StreamState {
  readonly slot: number;
  readonly bytes: number;
}

/** Which blocks of a stream hold what: the truth about the stream, written with the blocks themselves. */
export type StreamIndex = Readonly<Record<Period, readonly StoredBlock[]>>;

/** More blocks than this in one period are merged. */
export const MAX_BLOCKS_PER_PERIOD = 8;

export function sumStates(states: Iterable<StreamState>): StreamState {
  const all = [...states];
  return {
    count: all.reduce((sum, state) => sum + state.count, 0),
    digest: all.length === 0 ? EMPTY_DIGEST : sumDigests(all.map((state) => state.digest)),
  };
}

export function stateOfIndex(index: StreamIndex): StreamState {
  return sumStates(Object.values(index).flat());
}

export function freeSlot(blocks: readonly StoredBlock[]): number {
  const used = new Set(blocks.map((block) => block.slot));
  let slot = 0;
  while (used.has(slot)) slot += 1;
  return slot;
}

export function withBlocks(index: StreamIndex, period: Period, blocks: readonly StoredBlock[]): StreamIndex {
  const { [period]: _, ...others } = index;
  return blocks.length === 0 ? others : { ...others, [period]: blocks };
}

/**
 * Which blocks of a period to merge, none where there are few. The smallest go first, and a larger one joins only
 * when what is merged has grown to its size: each entry is written again a logarithmic number of times.
 */
export function planMerge(blocks: readonly StoredBlock[]): readonly StoredBlock[] {
  if (blocks.length <= MAX_BLOCKS_PER_PERIOD) return [];
  const bySize = [...blocks].sort((a, b) => a.bytes - b.bytes);
  const merged: StoredBlock[] = [];
  let bytes = 0;
  for (const block of bySize) {
    if (merged.length >= 2 && block.bytes > bytes * 2) break;
    merged.push(block);
    bytes += block.bytes;
  }
  return merged;
}
