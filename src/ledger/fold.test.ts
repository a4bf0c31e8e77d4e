import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { makeEntry, type Cell, type Entry } from './entry.ts';
import { eraseEntry, type StoredEntry } from './erasure.ts';
import { type Fold, foldEntries, overOf } from './fold.ts';
import { registerStream } from './stream.ts';

const stream = registerStream('B112210006821', 2026);
const on = calendarDate('2026-11-20');
let salts = 0;

function write(key: string, mark: string | null, over: readonly Entry[] = [], by = 'teacher'): Entry {
  return entryOf(
    [{ key: `${key}/${on}`, value: mark === null ? null : { mark }, over: over.map((e) => e._id) }],
    by,
  );
}

function entryOf(cells: Cell[], by = 'teacher', v = 1): Entry {
  salts += 1;
  const salt = salts.toString(16).padStart(32, '0');
  return makeEntry(stream, { v, kind: 'attendance', salt, on, madeAt: salts, by, device: 'd', cells });
}

const received = (entry: Entry, n = 1): Entry => ({
  ...entry,
  received: { at: 1, by: entry.by, device: 'd', n, mac: '0'.repeat(32) },
});
const marks = (fold: Fold, key: string): string[] =>
  fold.headsOf(`${key}/${on}`).map((head) => (head.value as { mark: string } | null)?.mark ?? 'null');

/** A random history: each step writes some cells over some of what is there, or erases something. */
const history = fc
  .array(
    fc.record({
      pupils: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
      over: fc.array(fc.nat(30), { maxLength: 3 }),
      erase: fc.boolean(),
      mark: fc.constantFrom('present', 'sick', 'late', null),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((steps) => {
    const entries: Entry[] = [];
    const stored: StoredEntry[] = [];
    for (const { pupils, over, erase, mark } of steps) {
      const target = entries[over[0] ?? 0];
      if (erase && target && entries.length > 3) {
        stored.push(eraseEntry(target, 'principal', 1, 'test'));
        continue;
      }
      const cells = pupils.map((pupil) => ({
        key: `p${pupil}/${on}`,
        value: mark === null ? null : { mark },
        over: [...new Set(over.map((i) => entries[i % Math.max(entries.length, 1)]?._id))].filter(
          (id) => id !== undefined,
        ),
      }));
      const entry = entryOf(cells);
      entries.push(entry);
      stored.push(entry);
    }
    return { entries, stored };
  });

describe('fold', () => {
  test('[LE11] any order, repetition and split gives the same state', () => {
    fc.assert(
      fc.property(
        history.chain(({ stored }) =>
          fc.record({
            stored: fc.constant(stored),
            order: fc.shuffledSubarray([...stored, ...stored], { minLength: stored.length * 2 }),
          }),
        ),
        ({ stored, order }) => {
          const expected = foldEntries(stored);
          const actual = foldEntries(order);
          expect(actual.canonicalState()).toBe(expected.canonicalState());
          expect(actual.canonicalHash()).toBe(expected.canonicalHash());
        },
      ),
      { numRuns: 300 },
    );
  });

  test('[LE12] everything a fold was given is in its history', () => {
    fc.assert(
      fc.property(history, ({ entries, stored }) => {
        const fold = foldEntries(stored);
        for (const entry of entries) {
          for (const cell of entry.cells) {
            const ids = fold.findCell(cell.key)?.writes.map((item) => item.entry.id);
            expect(ids).toContain(entry._id);
          }
        }
        expect(fold.entryCount).toBe(entries.length);
      }),
    );
  });

  test('[LE13] one value, then a conflict, then settled', () => {
    const teacher = write('p1', 'sick');
    const nurse = write('p1', 'suspendedInfection', [], 'nurse');
    const fold = foldEntries([teacher]);
    expect(marks(fold, 'p1')).toEqual(['sick']);
    fold.add(nurse);
    expect(marks(fold, 'p1').sort()).toEqual(['sick', 'suspendedInfection']);
    fold.add(write('p1', 'suspendedInfection', [teacher, nurse]));
    expect(marks(fold, 'p1')).toEqual(['suspendedInfection']);
    expect(fold.findCell(`p1/${on}`)?.writes).toHaveLength(3);
  });

  test('[LE14] a refused middle entry makes no conflict', () => {
    const first = received(write('p1', 'present'));
    const fold = foldEntries([first]);
    const middle = entryOf([
      { key: `p1/${on}`, value: { mark: 'sick' }, over: overOf(fold.headsOf(`p1/${on}`)) },
    ]);
    fold.add(middle);
    const over = overOf(fold.headsOf(`p1/${on}`));
    expect(over).toEqual([first._id, middle._id].sort());
    const last = entryOf([{ key: `p1/${on}`, value: { mark: 'late' }, over }]);
    expect(marks(foldEntries([first, last]), 'p1')).toEqual(['late']);
    expect(marks(foldEntries([first, middle, last]), 'p1')).toEqual(['late']);
  });

  test('[LE14] an acknowledged head stands for itself alone', () => {
    const first = received(write('p1', 'present'));
    const second = received(write('p1', 'sick', [first]), 2);
    expect(overOf(foldEntries([first, second]).headsOf(`p1/${on}`))).toEqual([second._id]);
  });

  test('[LE15] an erased middle entry makes no conflict and keeps its place', () => {
    const first = write('p1', 'present');
    const middle = write('p1', 'sick', [first]);
    const last = write('p1', 'late', [middle]);
    const fold = foldEntries([first, middle, last, eraseEntry(middle, 'principal', 9, '誤記')]);
    expect(marks(fold, 'p1')).toEqual(['late']);
    const erased = fold.findCell(`p1/${on}`)?.writes.find((item) => item.entry.id === middle._id);
    expect(erased).toMatchObject({
      value: undefined,
      entry: { erased: { erasedBy: 'principal', why: '誤記' } },
    });
  });

  test('[LE15] an erased head leaves the cell without a value', () => {
    const first = write('p1', 'present');
    const last = write('p1', 'sick', [first]);
    expect(marks(foldEntries([first, last, eraseEntry(last, 'principal', 9, '誤記')]), 'p1')).toEqual([]);
  });

  test('[LE16] an erasure may arrive before, after or without the entry', () => {
    const first = write('p1', 'present');
    const second = write('p1', 'sick', [first]);
    const erased = eraseEntry(second, 'principal', 9, '誤記');
    const states = [
      [first, second, erased],
      [erased, first, second],
      [erased, first],
      [second, erased, first, second, erased],
    ].map((entries) => foldEntries(entries).canonicalState());
    expect(new Set(states).size).toBe(1);
  });

  test('[LE17] a stamp that comes later changes nothing but the receipt', () => {
    const entry = write('p1', 'sick');
    const fold = foldEntries([entry]);
    const before = fold.canonicalHash();
    expect(fold.add(received(entry))).toEqual([`p1/${on}`]);
    expect(fold.headsOf(`p1/${on}`)[0]?.entry.received).toBeDefined();
    expect(fold.canonicalHash()).toBe(before);
    expect(fold.add(received(entry))).toEqual([]);
  });

  test('[LE18] over that names an entry of another cell replaces nothing', () => {
    const other = write('p2', 'sick');
    const fold = foldEntries([other, write('p1', 'late', [other])]);
    expect(marks(fold, 'p2')).toEqual(['sick']);
  });

  test('[LE9] a newer version is kept and cannot be read', () => {
    const newer = entryOf(
      [{ key: `p1/${on}`, value: { mark: 'sick', colour: 'red' }, over: [] }],
      'teacher',
      2,
    );
    const fold = foldEntries([newer]);
    expect(fold.headsOf(`p1/${on}`)[0]?.entry.readable).toBe(false);
  });
});
