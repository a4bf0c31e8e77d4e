import '../testing/browser-storage.ts';
import { beforeEach, expect, test } from 'vitest';
import { periodOfId } from '../../ledger/entry-id.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import { stateOf, writeBlockText } from '../../sync/block-codec.ts';
import type { Block } from '../../sync/protocol.ts';
import { PersonDatabase } from '../person-database.ts';
import { contactsOf, markOf, received, RECORDS, STREAM } from '../testing/entries.ts';
import { webCrypto } from '../web-crypto.ts';
import { BlockStore } from './block-store.ts';
import { gzip } from './gzip.ts';
import { HeldBlocks } from './held-blocks.ts';
import { PermitEnds } from './permit-ends.ts';

const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
let serial = 0;
let name = '';
let left: string[] = [];
let told: string[] = [];
let ends: [string, number | null][] = [];

async function open(): Promise<{ held: HeldBlocks; store: BlockStore }> {
  const store = await BlockStore.open(name, webCrypto, () => Promise.resolve(key));
  const held = new HeldBlocks(store, {
    onCells: () => undefined,
    onLoaded: () => undefined,
    onStored: (stream) => told.push(stream),
    onHold: async (stream, until) => void ends.push([stream, until]),
    onLeftDisk: (stream) => left.push(stream),
    onDropped: () => undefined,
  });
  await held.takeOver();
  return { held, store };
}

async function blockOf(stream: StreamKey, entries: readonly StoredEntry[]): Promise<Block> {
  const period = periodOfId(entries[0]?._id ?? '');
  return { meta: { stream, period, ...stateOf(entries) }, bytes: await gzip(writeBlockText(entries)) };
}

const contacts = (n: number) => received(contactsOf(`s${n}`, `090-0000-000${n}`), n);

beforeEach(() => {
  serial += 1;
  name = `p-memory-${serial}-blocks`;
  left = [];
  told = [];
  ends = [];
});

test('[DE120] what is held in memory is read, merged and counted as any other, and nothing of it is stored', async () => {
  const { held, store } = await open();
  await held.place(STREAM, 'disk', null);
  await held.place(RECORDS, 'memory', null);
  await held.take(await blockOf(STREAM, [received(markOf('s1', '2026-06-01', 'sick'), 1)]));
  for (let n = 1; n <= 9; n += 1) await held.take(await blockOf(RECORDS, [contacts(n)]));
  await held.settled();
  while (await held.mergeOne());
  await held.keepAccepted(RECORDS, [received(contactsOf('s10', '090-0000-0010'), 10)]);
  await held.settled();

  expect(held.isInMemory(RECORDS)).toBe(true);
  expect(held.states()[RECORDS]?.count).toBe(10);
  expect((await held.load(RECORDS, '2026-00')).fold.entryCount).toBe(10);
  expect((await held.tokensOf(RECORDS, '2026-00')).length).toBe(10);
  expect(store.streams()).toEqual([STREAM]);
  expect(new Set(told)).toEqual(new Set([STREAM]));
  const again = await open();
  expect(Object.keys(again.held.states())).toEqual([STREAM]);
});

test('[DE120] what lay on the disk goes when the school wants it in memory, and comes back as it says', async () => {
  const { held, store } = await open();
  await held.take(await blockOf(RECORDS, [contacts(1), contacts(2)]));
  await held.settled();
  expect(store.streams()).toEqual([RECORDS]);
  await held.place(RECORDS, 'memory', null);
  expect(left).toEqual([RECORDS]);
  expect(store.streams()).toEqual([]);
  expect(held.states()).toEqual({});
  await held.take(await blockOf(RECORDS, [contacts(1), contacts(2)]));
  await held.settled();
  expect(held.states()[RECORDS]?.count).toBe(2);
  expect(store.streams()).toEqual([]);

  await held.place(RECORDS, 'disk', null);
  expect(held.states()).toEqual({});
  await held.take(await blockOf(RECORDS, [contacts(1)]));
  await held.settled();
  expect(store.streams()).toEqual([RECORDS]);
  expect(left).toEqual([RECORDS]);
});

test('[DE120] what was lost is gone from memory too', async () => {
  const { held } = await open();
  await held.place(RECORDS, 'memory', null);
  await held.take(await blockOf(RECORDS, [contacts(1)]));
  await held.drop(RECORDS);
  expect(held.states()).toEqual({});
  expect((await held.load(RECORDS, '2026-00')).fold.entryCount).toBe(0);
});

test('[DE121] the end of a permit is known without the school, and forgotten with the permit', async () => {
  const db = new PersonDatabase(`permit-${serial}`);
  const first = await PermitEnds.read(db);
  await first.note(RECORDS, 1000);
  await first.note(STREAM, null);
  const again = await PermitEnds.read(db);
  expect([again.over(999), again.over(1000)]).toEqual([[], [RECORDS]]);
  await again.note(RECORDS, 2000);
  expect((await PermitEnds.read(db)).over(1000)).toEqual([]);
  await again.note(RECORDS, null);
  expect((await PermitEnds.read(db)).over(9000)).toEqual([]);

  const { held } = await open();
  await held.place(RECORDS, 'disk', 5000);
  await held.place(RECORDS, 'memory', 5000);
  expect(ends).toEqual([
    [RECORDS, 5000],
    [RECORDS, null],
  ]);
});
