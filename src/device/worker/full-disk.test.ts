import { fillDisk } from '../testing/full-disk.ts';
import PouchDB from 'pouchdb-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import { StorageFailure } from '../../sync/device-ports.ts';
import { stateOf, writeBlockText } from '../../sync/block-codec.ts';
import { markOf, received, STREAM } from '../testing/entries.ts';
import { webCrypto } from '../web-crypto.ts';
import { BlockDatabase } from './block-database.ts';
import { BlockStore } from './block-store.ts';
import { gzip } from './gzip.ts';
import { HeldBlocks } from './held-blocks.ts';

const PERIOD = '2026-06';
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
let name = 'p-0-blocks';
let serial = 0;
let makeRoom = () => {};

async function open(): Promise<{ store: BlockStore; held: HeldBlocks }> {
  const store = await BlockStore.open(name, webCrypto, () => Promise.resolve(key));
  const nothing = () => undefined;
  const events = {
    onCells: nothing,
    onLoaded: nothing,
    onStored: nothing,
    onHold: () => Promise.resolve(),
    onLeftDisk: nothing,
    onDropped: nothing,
  };
  const held = new HeldBlocks(store, events);
  await held.takeOver();
  return { store, held };
}

const mark = (student: string, n: number): Entry => received(markOf(student, '2026-06-01', 'sick'), n);

async function blockOf(...entries: Entry[]) {
  const meta = { stream: STREAM, period: PERIOD, ...stateOf(entries) };
  return { meta, bytes: await gzip(writeBlockText(entries)) };
}

const countIn = async (held: HeldBlocks) => (await held.readBack(STREAM, PERIOD)).length;

beforeEach(async () => {
  serial += 1;
  name = `p-full-${serial}-blocks`;
  const { store, held } = await open();
  await held.take(await blockOf(mark('s1', 1), mark('s2', 2)));
  await held.settled();
  await store.close();
});

afterEach(() => makeRoom());

test('the fake is honest: PouchDB itself cannot be opened on a full disk', async () => {
  makeRoom = fillDisk();
  const pouch = new PouchDB(name, { adapter: 'idb' });
  await expect(pouch.allDocs()).rejects.toMatchObject({ reason: 'QuotaExceededError' });
});

test('[DE80] on a disk that was full at the start the blocks can be read', async () => {
  makeRoom = fillDisk();
  const { held } = await open();
  expect(held.states()).toMatchObject({ [STREAM]: { count: 2 } });
  expect(await countIn(held)).toBe(2);
});

test('[DE80] a block that finds no room is not held, and what is there stays readable', async () => {
  const { held } = await open();
  makeRoom = fillDisk();
  for (let tries = 0; tries < 2; tries += 1) {
    await held.take(await blockOf(mark('s3', 3)));
    await expect(held.settled()).rejects.toBeInstanceOf(StorageFailure);
    expect(held.states()).toMatchObject({ [STREAM]: { count: 2 } });
    expect(await countIn(held)).toBe(2);
  }
});

test('[DE81] with room again the same session writes, and nothing is lost', async () => {
  makeRoom = fillDisk();
  const { held, store } = await open();
  const block = await blockOf(mark('s3', 3));
  await held.take(block);
  await expect(held.settled()).rejects.toBeInstanceOf(StorageFailure);
  makeRoom();
  await held.take(block);
  await held.settled();
  await store.close();
  expect(await countIn((await open()).held)).toBe(3);
});

test('[DE80] reading makes no database and sees what PouchDB sees', async () => {
  const missing = new BlockDatabase('p-nobody-blocks');
  expect(await missing.read()).toEqual([]);
  expect((await indexedDB.databases()).map((each) => each.name)).not.toContain('_pouch_p-nobody-blocks');

  const pouch = new PouchDB<{ text: string }>('p-seen-blocks', { adapter: 'idb', auto_compaction: true });
  const seen = new BlockDatabase('p-seen-blocks');
  await pouch.bulkDocs(['a/1', 'b/1', 'c/1'].map((_id) => ({ _id, text: 'first' })));
  const { rev } = await pouch.get('b/1').then(({ _rev }) => pouch.put({ _id: 'b/1', _rev, text: 'second' }));
  await pouch.remove(await pouch.get('c/1'));
  const expected = [
    {
      id: 'a/1',
      rev: expect.stringMatching(/^1-/) as unknown,
      body: expect.objectContaining({ text: 'first' }) as unknown,
    },
    { id: 'b/1', rev, body: expect.objectContaining({ text: 'second' }) as unknown },
  ];
  expect(await seen.read()).toEqual(expected);
  expect(await seen.read(['b/1', 'c/1', 'd/1'])).toEqual(expected.slice(1));
  const { rows } = await pouch.allDocs();
  expect((await seen.read()).map(({ id, rev }) => ({ id, rev }))).toEqual(
    rows.map(({ id, value }) => ({ id, rev: value.rev })),
  );
});

test('[DE80] a connection that the browser closed is opened again', async () => {
  const database = new BlockDatabase(name);
  expect(await database.read()).toHaveLength(1);
  const gone = indexedDB.deleteDatabase(`_pouch_${name}`);
  await new Promise((resolve) => gone.addEventListener('success', resolve));
  expect(await database.read()).toEqual([]);
});
