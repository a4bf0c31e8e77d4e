import { expect, test } from 'vitest';
import { freeSlot, MAX_BLOCKS_PER_PERIOD, planMerge, type StoredBlock } from './block-index.ts';

const block = (slot: number, bytes: number): StoredBlock => ({
  slot,
  bytes,
  count: 1,
  digest: '0'.repeat(32),
});

test('[DE31] few blocks are left alone', () => {
  expect(planMerge(Array.from({ length: MAX_BLOCKS_PER_PERIOD }, (_, i) => block(i, 100)))).toEqual([]);
});

test('[DE31] a large block is not written again for a few small ones', () => {
  const blocks = [block(0, 100_000), ...Array.from({ length: 8 }, (_, i) => block(i + 1, 500))];
  expect(planMerge(blocks).map(({ slot }) => slot)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('[DE31] what is merged is written a logarithmic number of times', () => {
  let blocks: StoredBlock[] = [];
  let written = 0;
  for (let i = 0; i < 1000; i += 1) {
    blocks.push(block(freeSlot(blocks), 500));
    const merging = new Set(planMerge(blocks));
    if (merging.size === 0) continue;
    const bytes = [...merging].reduce((sum, each) => sum + each.bytes, 0);
    written += bytes;
    blocks = blocks.filter((each) => !merging.has(each));
    blocks.push(block(freeSlot(blocks), bytes));
  }
  expect(blocks.length).toBeLessThanOrEqual(MAX_BLOCKS_PER_PERIOD);
  expect(written).toBeLessThan(500 * 1000 * 6);
});

test('[DE31] slots are used again', () => {
  expect(freeSlot([block(0, 1), block(2, 1)])).toBe(1);
  expect(freeSlot([])).toBe(0);
});
