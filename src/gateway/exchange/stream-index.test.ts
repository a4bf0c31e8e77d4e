import { describe, expect, it } from 'vitest';
import { sumDigests } from '../../ledger/digest.ts';
import { eraseEntry, type StoredEntry } from '../../ledger/erasure.ts';
import type { Entry } from '../../ledger/entry.ts';
import { stateOf } from '../../sync/block-codec.ts';
import { calendarDate } from '../../domain/calendar/calendar-date.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { attendance, pupilId, SCHOOL, stream } from '../testing/small-town.ts';
import { StreamIndex } from './stream-index.ts';

function entry(n: number, on = '2026-06-10'): Entry {
  const made = attendance({ by: 'nurse', on: calendarDate(on), marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
  return { ...made, received: { at: n, by: 'nurse', device: 'd', n, mac: '0'.repeat(32) } };
}

async function indexOf(entries: readonly StoredEntry[]): Promise<StreamIndex> {
  const store = new MemoryStore();
  await store.ensureDatabase(stream.db);
  await store.putEntries(stream.db, entries);
  return StreamIndex.load(store, stream);
}

const ids = (index: StreamIndex) => index.rowsFrom(0).map((row) => row.id);

describe('the order of a stream', () => {
  it('[SY2] is by stamp and then by hash, however it came to be', async () => {
    const entries = [3, 1, 2, 2, 5, 4].map((n) => entry(n));
    const sorted = [...entries].sort(
      (a, b) => (a.received?.n ?? 0) - (b.received?.n ?? 0) || (a._id.slice(-32) < b._id.slice(-32) ? -1 : 1),
    );
    const loaded = await indexOf(entries);
    const grown = await indexOf([]);
    for (const each of entries) grown.add([each]);
    expect(ids(loaded)).toEqual(sorted.map((each) => each._id));
    expect(ids(grown)).toEqual(ids(loaded));
    expect(grown.state).toEqual(loaded.state);
    expect(loaded.lastN).toBe(5);
  });

  it('[SY1, SY2] knows each of its beginnings by count and sum, and nothing else', async () => {
    const entries = [1, 2, 3, 4].map((n) => entry(n));
    const index = await indexOf(entries);
    for (let count = 0; count <= 4; count++) {
      const state = stateOf(entries.slice(0, count));
      expect(index.isPrefix(state)).toBe(true);
      expect(index.isPrefix({ ...state, count: count + 1 })).toBe(false);
    }
    expect(index.isPrefix(stateOf([entries[1] as Entry]))).toBe(false);
    expect(index.isPrefix({ count: -1, digest: '' })).toBe(false);
    expect(index.isPrefix({ count: 99, digest: index.state.digest })).toBe(false);
  });

  it('adds up by period', async () => {
    const entries = [entry(1), entry(2, '2026-05-08'), entry(3)];
    const index = await indexOf(entries);
    expect(index.periods()).toEqual(['2026-05', '2026-06']);
    expect(index.stateOf('2026-06')).toEqual(stateOf([entries[0], entries[2]] as Entry[]));
    expect(sumDigests(index.periods().map((period) => index.stateOf(period).digest))).toBe(
      index.state.digest,
    );
    index.add([entry(4, '2026-05-09')]);
    expect(index.stateOf('2026-05').count).toBe(2);
  });

  it('[SY8] keeps the place of an erased entry and changes the sum', async () => {
    const entries = [1, 2, 3].map((n) => entry(n));
    const index = await indexOf(entries);
    const before = index.state;
    const erased = eraseEntry(entries[1] as Entry, 'principal', 9, '誤記');
    expect([...index.add([erased]).disturbed]).toEqual(['2026-06']);
    expect(ids(index)).toEqual(entries.map((each) => each._id));
    expect(index.state.count).toBe(before.count);
    expect(index.state).toEqual(stateOf([entries[0] as Entry, erased, entries[2] as Entry]));
    expect([...index.add([erased, entries[1] as Entry]).disturbed]).toEqual([]);
    expect((await indexOf([...entries, erased])).state).toEqual(index.state);
  });

  it('says which periods did not only grow at their end', async () => {
    const index = await indexOf([entry(1), entry(5, '2026-05-08')]);
    expect([...index.add([entry(6)]).disturbed]).toEqual([]);
    expect([...index.add([entry(3)]).disturbed]).toEqual(['2026-06']);
    expect(index.lastN).toBe(6);
  });

  it('puts what has no stamp behind all that have one', async () => {
    const { received: _, ...bare } = entry(1);
    const index = await indexOf([bare, entry(7)]);
    expect(ids(index).at(-1)).toBe(bare._id);
    expect(index.lastN).toBe(7);
  });
});
