import '../testing/browser-storage.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import { periodOfId } from '../../ledger/entry-id.ts';
import { eraseEntry, type StoredEntry } from '../../ledger/erasure.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import { stateOf, writeBlockText } from '../../sync/block-codec.ts';
import { BrokenAnswer } from '../../sync/frames.ts';
import type { Block } from '../../sync/protocol.ts';
import { markOf, received, STREAM } from '../testing/entries.ts';
import { webCrypto } from '../web-crypto.ts';
import { MAX_BLOCKS_PER_PERIOD } from './block-index.ts';
import { BlockStore } from './block-store.ts';
import { gzip } from './gzip.ts';
import { HeldBlocks, type HeldEvents } from './held-blocks.ts';

const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
let name = 'p-0-blocks';
let serial = 0;
let stored: { period: string; slot: number }[][] = [];
let cells: string[] = [];

const events: HeldEvents = {
  onCells: (_stream, period, keys) => cells.push(...keys.map((each) => `${period} ${each}`)),
  onLoaded: () => undefined,
  onStored: (_stream, blocks) => stored.push([...blocks]),
  onHold: () => Promise.resolve(),
  onLeftDisk: () => undefined,
  onDropped: () => undefined,
};

async function open(writes = true): Promise<{ store: BlockStore; held: HeldBlocks }> {
  const store = await BlockStore.open(name, webCrypto, () => Promise.resolve(key));
  const held = new HeldBlocks(store, events);
  if (writes) await held.takeOver();
  return { store, held };
}

async function blockOf(entries: readonly StoredEntry[], stream: StreamKey = STREAM): Promise<Block> {
  const period = periodOfId(entries[0]?._id ?? '');
  return { meta: { stream, period, ...stateOf(entries) }, bytes: await gzip(writeBlockText(entries)) };
}

const marks = (count: number, day = '2026-06-01'): Entry[] =>
  Array.from({ length: count }, (_, i) => received(markOf(`s${i}`, day, 'sick'), i + 1));

/** What lies in the browser's database, as far as it can be read: records, and the bytes of blobs. */
async function rawDocuments(): Promise<{ text: string; count: number }> {
  const records = await new Promise<{ sealed?: Blob }[]>((resolve, reject) => {
    const request = indexedDB.open(`_pouch_${name}`);
    request.onerror = () => reject(request.error ?? new Error('open'));
    request.onsuccess = () => {
      const all = request.result.transaction('by-sequence').objectStore('by-sequence').getAll();
      all.onsuccess = () => {
        request.result.close();
        resolve(all.result);
      };
    };
  });
  const texts = records.map(async (each) => {
    const bytes = each.sealed ? await each.sealed.arrayBuffer() : new ArrayBuffer(0);
    return JSON.stringify(each) + Buffer.from(bytes).toString('latin1');
  });
  return { text: (await Promise.all(texts)).join('\n'), count: records.length };
}

beforeEach(() => {
  serial += 1;
  name = `p-${serial}-blocks`;
  stored = [];
  cells = [];
});

describe('blocks', () => {
  test('[DE30] what was settled is there after a restart; what was not counts nowhere', async () => {
    const { held } = await open();
    await held.take(await blockOf(marks(5)));
    await held.take(await blockOf(marks(3, '2026-05-11')));
    await held.settled();
    expect(held.states()[STREAM]?.count).toBe(8);

    const again = await open();
    expect(again.held.states()).toEqual(held.states());
    expect(again.held.periodStates(STREAM)).toEqual(held.periodStates(STREAM));
    const model = await again.held.load(STREAM, '2026-06');
    expect(model.fold.entryCount).toBe(5);
    expect(stored.flat()).toHaveLength(2);
  });

  test('[DE13] a block whose content belies its meta is not kept', async () => {
    const { held } = await open();
    const block = await blockOf(marks(5));
    const wrong: Block[] = [
      { ...block, meta: { ...block.meta, count: 4 } },
      { ...block, meta: { ...block.meta, digest: '0'.repeat(32) } },
      { ...block, meta: { ...block.meta, period: '2026-07' } },
      { ...block, meta: { ...block.meta, stream: 'register-b101-2026/other' } },
      { ...block, bytes: block.bytes.slice(0, 40) },
    ];
    for (const each of wrong) await expect(held.take(each)).rejects.toThrow(BrokenAnswer);
    await held.settled();
    expect(held.states()).toEqual({});
  });

  test('[DE31] many small blocks are merged, and the disk keeps only the merged one', async () => {
    const { held, store } = await open();
    const all = marks(40);
    for (const each of all) {
      await held.take(await blockOf([each]));
      await held.settled();
      while (await held.mergeOne());
    }
    const index = store.indexOf(STREAM)['2026-06'] ?? [];
    expect(index.length).toBeLessThanOrEqual(MAX_BLOCKS_PER_PERIOD);
    expect(held.states()[STREAM]).toEqual(stateOf(all));
    const { count } = await rawDocuments();
    // Blocks, and a tombstone for each slot that is free.
    expect(count).toBeLessThanOrEqual(MAX_BLOCKS_PER_PERIOD + 2);
    const again = await open();
    expect((await again.held.readBack(STREAM, '2026-06')).map((each) => each._id).sort()).toEqual(
      all.map((each) => each._id).sort(),
    );
  });

  test('[DE32] what is held already is not stored again', async () => {
    const { held } = await open();
    const all = marks(6);
    await held.take(await blockOf(all.slice(0, 4)));
    await held.take(await blockOf(all));
    await held.take(await blockOf(all));
    await held.keepAccepted(STREAM, all);
    await held.settled();
    expect(held.states()[STREAM]).toEqual(stateOf(all));
    expect(await held.readBack(STREAM, '2026-06')).toHaveLength(6);
  });

  test('[DE32] an erasure takes the text out of its block', async () => {
    const { held } = await open();
    const secret = received(markOf('s1', '2026-06-01', 'sick', [], 't-1', '秘密の理由'));
    const others = marks(3);
    await held.take(await blockOf([secret, ...others]));
    await held.settled();
    const erasure = eraseEntry(secret, 'p-1', 1, 'asked for');
    await held.take(await blockOf([erasure]));
    await held.settled();
    expect(held.states()[STREAM]).toEqual(stateOf([erasure, ...others]));
    expect(JSON.stringify(await held.readBack(STREAM, '2026-06'))).not.toContain('秘密');
  });

  test('[DE33] a broken block is fetched again', async () => {
    const { held } = await open();
    const all = marks(5);
    await held.take(await blockOf(all.slice(0, 3)));
    await held.take(await blockOf(all.slice(3)));
    await held.settled();
    const stranger = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    const broken = new HeldBlocks(
      await BlockStore.open(name, webCrypto, () => Promise.resolve(stranger)),
      events,
    );
    await broken.takeOver();
    expect(await broken.tokensOf(STREAM, '2026-06')).toEqual([]);
    expect(broken.states()[STREAM]).toBeUndefined();
    await broken.take(await blockOf(all));
    await broken.settled();
    expect(await broken.readBack(STREAM, '2026-06')).toHaveLength(5);
  });

  test('[DE34] a start opens no block; a question opens its own period', async () => {
    const { held } = await open();
    for (const day of ['2026-04-08', '2026-05-11', '2026-06-01'])
      await held.take(await blockOf(marks(4, day)));
    await held.settled();
    const { store, held: later } = await open();
    const read: string[] = [];
    const readBlocks = store.readBlocks.bind(store);
    store.readBlocks = (stream, period, slots) => {
      read.push(period);
      return readBlocks(stream, period, slots);
    };
    expect(later.states()[STREAM]?.count).toBe(12);
    expect(read).toEqual([]);
    await later.load(STREAM, '2026-06');
    await later.load(STREAM, '2026-06');
    expect(read).toEqual(['2026-06']);
  });

  test('[DE35] another tab takes in what was stored, and writes nothing itself', async () => {
    const { held: leader } = await open();
    const { held: follower } = await open(false);
    await follower.load(STREAM, '2026-06');
    await leader.take(await blockOf(marks(4)));
    await leader.settled();
    cells = [];
    await follower.absorb(STREAM, stored.flat(), false);
    expect(follower.model(STREAM, '2026-06').fold.entryCount).toBe(4);
    expect(cells).toHaveLength(4);
    expect(follower.states()).toEqual(leader.states());
  });

  test('[DE41] neither a name nor a mark can be read in the storage of blocks', async () => {
    const { held } = await open();
    await held.take(
      await blockOf([received(markOf('s1', '2026-06-01', 'suspendedInfection', [], 't-1', '発熱'))]),
    );
    await held.settled();
    const { text } = await rawDocuments();
    for (const word of ['suspendedInfection', '発熱', 's1/2026-06-01', 't-1'])
      expect(text).not.toContain(word);
    expect(text).toContain(STREAM);
  });

  test('[DE10] a dropped stream leaves nothing of its blocks', async () => {
    const { held } = await open();
    await held.take(await blockOf(marks(4)));
    await held.settled();
    await held.drop(STREAM);
    expect(held.states()).toEqual({});
    const again = await open();
    expect(again.held.states()).toEqual({});
    expect(await again.held.readBack(STREAM, '2026-06')).toEqual([]);
  });
});
