import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';
import { readBlockText, stateOf } from '../../sync/block-codec.ts';
import { FailingStore } from '../testing/failing-store.ts';
import { attendance, pupilId, SCHOOL, stream } from '../testing/small-town.ts';
import { BlockBudget } from './block-budget.ts';
import { Block, MAX_BLOCK_ENTRIES } from './block.ts';
import { OpenStream } from './open-stream.ts';

let store: FailingStore;
let budget: BlockBudget;
let opened: OpenStream;
let n = 0;

beforeEach(async () => {
  n = 0;
  store = new FailingStore();
  budget = new BlockBudget();
  await store.ensureDatabase(stream.db);
  opened = await OpenStream.open(store, budget, stream, () =>
    Promise.reject(new Error('a register needs no other')),
  );
});

async function grow(count: number): Promise<Entry[]> {
  const entries = Array.from({ length: count }, (): Entry => {
    const made = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    n += 1;
    return { ...made, received: { at: n, by: 'nurse', device: 'd', n, mac: '0'.repeat(32) } };
  });
  await store.putEntries(stream.db, entries);
  opened.stored(entries);
  return entries;
}

async function read(blocks: readonly Block[]): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const block of blocks) {
    const prepared = await block.prepare();
    const held = readBlockText(gunzipSync(prepared.bytes).toString('utf8'));
    expect({ count: prepared.count, digest: prepared.digest }).toEqual(stateOf(held));
    entries.push(...held);
  }
  return entries;
}

const sizes = (blocks: readonly Block[]) => blocks.map((block) => block.rows.length);

describe('prepared blocks', () => {
  it('[SY20] hold at most so many entries each, in order, and all of them', async () => {
    const entries = await grow(MAX_BLOCK_ENTRIES * 2 + 500);
    const blocks = opened.blocks.all();
    expect(sizes(blocks)).toEqual([MAX_BLOCK_ENTRIES, MAX_BLOCK_ENTRIES, 500]);
    expect((await read(blocks)).map((entry) => entry._id)).toEqual(entries.map((entry) => entry._id));
  });

  it('[SY20, SY21] are compressed once, and a short tail follows a growing period', async () => {
    await grow(1000);
    const [first] = opened.blocks.all();
    await first?.prepare();
    const calls = () => store.calls.getEntries ?? 0;
    const before = calls();
    await grow(10);
    const withTail = opened.blocks.all();
    expect(sizes(withTail)).toEqual([1000, 10]);
    expect(withTail[0]).toBe(first);
    await read(withTail);
    await read(opened.blocks.all());
    expect(calls()).toBe(before + 1);
    await grow(250);
    expect(sizes(opened.blocks.all())).toEqual([1260]);
  });

  it('[SY21] joins no tail to a block that is full', async () => {
    await grow(MAX_BLOCK_ENTRIES);
    const [full] = opened.blocks.all();
    await grow(600);
    const blocks = opened.blocks.all();
    expect(sizes(blocks)).toEqual([MAX_BLOCK_ENTRIES, 600]);
    expect(blocks[0]).toBe(full);
  });

  it('[SY23] of a plan hold what the state said at that moment, though entries arrive meanwhile', async () => {
    await grow(300);
    const { state } = opened.index;
    const whole = opened.blocks.all();
    const delta = opened.blocks.after(120);
    await grow(300);
    opened.blocks.all();
    expect(stateOf(await read(whole))).toEqual(state);
    expect(await read(delta)).toHaveLength(180);
  });

  it('are planned once for many devices at the same place', async () => {
    await grow(50);
    expect(opened.blocks.after(40)).toBe(opened.blocks.after(40));
    const before = opened.blocks.after(40);
    await grow(1);
    expect(opened.blocks.after(40)).not.toBe(before);
  });

  it('stay below their budget and are made again when they are asked for', async () => {
    await grow(2500);
    const [first, second] = opened.blocks.all();
    const size = (await first?.prepare())?.bytes.length ?? 0;
    const small = new BlockBudget(size + 10);
    const make = (block: Block | undefined) => new Block(store, small, stream, '2026-06', block?.rows ?? []);
    const [a, b] = [make(first), make(second)];
    await a.prepare();
    await b.prepare();
    expect(small.bytes).toBeLessThanOrEqual(size + 10);
    const calls = store.calls.getEntries ?? 0;
    await b.prepare();
    expect(store.calls.getEntries).toBe(calls);
    expect((await a.prepare()).count).toBe(MAX_BLOCK_ENTRIES);
    expect(store.calls.getEntries).toBe(calls + 1);
  });

  it('are tried again after the store did not answer', async () => {
    await grow(3);
    const [block] = opened.blocks.all();
    store.down.add('*');
    await expect(block?.prepare()).rejects.toThrow();
    store.down.clear();
    expect((await block?.prepare())?.count).toBe(3);
  });
});
