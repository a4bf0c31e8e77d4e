import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseMissing, InvalidDatabaseName } from '../../src/gateway/store/database-name.ts';
import type { DocumentStore } from '../../src/gateway/store/document-store.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import { eraseEntry, type StoredEntry } from '../../src/ledger/erasure.ts';
import {
  badEntries,
  ERASER,
  HANDBACK,
  IMPORT,
  newDatabaseName,
  READER,
  rollCall,
  WRITER,
} from './sample-entries.ts';

/** How the suite reaches one kind of store. */
export interface StoreHarness {
  open(): Promise<DocumentStore>;
  /** Writes revisions past every check, as a tool with the server's password would. */
  writeAround(store: DocumentStore, db: string, documents: readonly object[]): Promise<DocumentStore>;
}

/** What every store does alike. */
export function describeDocumentStore(harness: StoreHarness): void {
  let store: DocumentStore;
  const databases: string[] = [];

  async function newDatabase(prefix?: string): Promise<string> {
    const db = newDatabaseName(prefix);
    databases.push(db);
    await store.ensureDatabase(db);
    return db;
  }

  async function readAll(db: string, range?: { startId?: string; endId?: string }): Promise<StoredEntry[]> {
    const all: StoredEntry[] = [];
    for await (const batch of store.readEntries(db, range)) all.push(...batch);
    return all;
  }

  const outcomesOf = async (db: string, entries: readonly object[], as = WRITER): Promise<string[]> => {
    const outcomes = await store.putEntries(db, entries as StoredEntry[], as);
    return outcomes.map((each) => (each.outcome === 'refused' ? each.reason : each.outcome));
  };

  beforeAll(async () => {
    store = await harness.open();
  });

  afterAll(async () => {
    for (const db of databases) await store.dropDatabase(db);
    await store.close();
  });

  describe('databases', () => {
    test('a database is there after it was ensured, twice if need be, and gone after it was dropped', async () => {
      const db = newDatabaseName();
      expect(await store.hasDatabase(db)).toBe(false);
      await store.ensureDatabase(db);
      await store.ensureDatabase(db);
      expect(await store.hasDatabase(db)).toBe(true);
      expect(await store.listDatabases()).toContain(db);
      await store.dropDatabase(db);
      expect(await store.hasDatabase(db)).toBe(false);
      expect(await store.listDatabases()).not.toContain(db);
      await store.dropDatabase(db);
    });

    test('a dropped database comes back empty', async () => {
      const db = await newDatabase();
      await outcomesOf(db, [rollCall(db)]);
      await store.dropDatabase(db);
      await store.ensureDatabase(db);
      expect(await store.countEntries(db)).toBe(0);
    });

    test.for(['register-OAMI01-2026', 'register-a/b', '../escape', '_users', 'notes-2026', 'register-', ''])(
      'a name that not every store takes is refused as such: %j',
      async (db) => {
        await expect(store.ensureDatabase(db)).rejects.toThrow(InvalidDatabaseName);
        await expect(store.putEntries(db, [], WRITER)).rejects.toThrow(InvalidDatabaseName);
        await expect(store.dropDatabase(db)).rejects.toThrow(InvalidDatabaseName);
      },
    );

    test('neither reading nor writing brings a missing database into being', async () => {
      const db = newDatabaseName();
      await expect(store.putEntries(db, [rollCall(db)], WRITER)).rejects.toThrow(DatabaseMissing);
      await expect(store.getEntries(db, ['x'])).rejects.toThrow(DatabaseMissing);
      await expect(readAll(db)).rejects.toThrow(DatabaseMissing);
      await expect(store.countEntries(db)).rejects.toThrow(DatabaseMissing);
      expect(await store.hasDatabase(db)).toBe(false);
    });

    test('the store says what it is', async () => {
      expect((await store.ping()).version).not.toBe('');
    });
  });

  describe('entries', () => {
    test('entries come back as they were put, in the order asked for, with null where there is none', async () => {
      const db = await newDatabase();
      const [first, second] = [rollCall(db), rollCall(db)];
      const missing = rollCall(db);
      expect(await store.putEntries(db, [first, second], WRITER)).toEqual([
        { id: first._id, outcome: 'stored' },
        { id: second._id, outcome: 'stored' },
      ]);
      expect(await store.getEntries(db, [second._id, missing._id, first._id, second._id])).toEqual([
        second,
        null,
        first,
        second,
      ]);
      expect(await store.getEntries(db, [])).toEqual([]);
    });

    test('every kind of text comes back unchanged', async () => {
      const db = await newDatabase();
      const note = '髙橋\u{20bb7}は\u0000"\\\u2028é\n遅刻';
      const entry = rollCall(db, {
        cells: [{ key: 'pupil-0/2026-05-07', value: { mark: 'late', note }, over: [] }],
      });
      await outcomesOf(db, [entry]);
      expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
    });

    test('an entry that is there is known, also within one batch and after a second attempt', async () => {
      const db = await newDatabase();
      const entry = rollCall(db);
      expect(await outcomesOf(db, [entry, entry])).toEqual(['stored', 'known']);
      expect(await outcomesOf(db, [rollCall(db), entry])).toEqual(['stored', 'known']);
      expect(await store.countEntries(db)).toBe(2);
    });

    test('another body under an id and revision that are there changes nothing', async () => {
      const db = await newDatabase();
      const entry = rollCall(db);
      await outcomesOf(db, [entry]);
      const replaced = { ...entry, by: 'teacher-2', cells: rollCall(db).cells };
      expect(await outcomesOf(db, [replaced], IMPORT)).toEqual(['known']);
      expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
    });

    test('another body under another revision is refused, before and after the entry is there', async () => {
      const db = await newDatabase();
      const entry = rollCall(db);
      const sibling = { ...entry, cells: rollCall(db).cells, _rev: `1-${'f'.repeat(32)}` };
      const later = { ...sibling, _rev: `2-${'f'.repeat(32)}` };
      expect(await outcomesOf(db, [sibling, later])).toEqual(['wrongRevision', 'wrongRevision']);
      await outcomesOf(db, [entry]);
      expect(await outcomesOf(db, [sibling, later])).toEqual(['wrongRevision', 'wrongRevision']);
      expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
      expect(await store.findConflicts(db)).toEqual([]);
    });

    test.for(badEntries.map((bad) => [bad.what, bad] as const))('%s is refused', async ([, bad]) => {
      const db = await newDatabase();
      expect(await outcomesOf(db, [bad.make(db)])).toEqual([bad.code]);
      expect(await readAll(db)).toEqual([]);
    });

    test.for(badEntries.map((bad) => [bad.what, bad] as const))(
      'one poison entry among forty (%s) costs the other 39 nothing',
      async ([, bad]) => {
        const db = await newDatabase();
        const batch: object[] = Array.from({ length: 40 }, () => rollCall(db));
        batch[17] = bad.make(db);
        const outcomes = await outcomesOf(db, batch);
        expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(39);
        expect(outcomes[17]).toBe(bad.code);
        expect(await store.countEntries(db)).toBe(39);
      },
    );

    test('an entry at its limits is stored', async () => {
      const db = await newDatabase();
      const longest = 'あ'.repeat(4000);
      const over = Array.from(
        { length: 16 },
        (_, at) => `register:2026-05:attendance:${`${at}`.padStart(32, '0')}`,
      );
      const most = rollCall(db, { pupils: 400 });
      const longestText = rollCall(db, {
        cells: [{ key: `${'p'.repeat(189)}/2026-05-07`, value: { mark: 'late', note: longest }, over }],
      });
      expect(await outcomesOf(db, [most, longestText])).toEqual(['stored', 'stored']);
      expect(await store.getEntries(db, [longestText._id])).toEqual([longestText]);
    });

    test('who may write whose entry depends on the role', async () => {
      const db = await newDatabase();
      const own = () => rollCall(db);
      const others = () => rollCall(db, { by: 'teacher-2' });
      const { received: _, ...unstamped } = others();
      expect(await outcomesOf(db, [own()], { name: WRITER.name, roles: [] })).toEqual(['notPermitted']);
      expect(await outcomesOf(db, [own()], READER)).toEqual(['notPermitted']);
      expect(await outcomesOf(db, [own(), others()], WRITER)).toEqual(['stored', 'wrongAuthor']);
      expect(await outcomesOf(db, [own(), others(), unstamped], HANDBACK)).toEqual([
        'stored',
        'stored',
        'wrongAuthor',
      ]);
      expect(await outcomesOf(db, [own(), others(), unstamped], IMPORT)).toEqual([
        'stored',
        'stored',
        'stored',
      ]);
      expect(await store.countEntries(db)).toBe(6);
    });

    test('the same entry put twice at once is kept once', async () => {
      const db = await newDatabase();
      const entry = rollCall(db);
      await Promise.all([outcomesOf(db, [entry]), outcomesOf(db, [entry])]);
      expect(await store.countEntries(db)).toBe(1);
      expect(await store.findConflicts(db)).toEqual([]);
    });
  });

  describe('reading', () => {
    test('a range holds what is from its start up to and without its end, in order of the ids', async () => {
      const db = await newDatabase();
      const entries = [
        rollCall(db, { scope: '1a', on: '2026-04-08' }),
        rollCall(db, { on: '2026-04-08' }),
        rollCall(db, { on: '2026-05-07' }),
        rollCall(db, { on: '2026-05-08' }),
        rollCall(db, { on: '2026-06-01' }),
        rollCall(db, { scope: 'z', on: '2026-05-07' }),
      ];
      await outcomesOf(db, entries);
      const sorted = entries.map((entry) => entry._id).sort();
      const idsOf = async (range?: { startId?: string; endId?: string }) =>
        (await readAll(db, range)).map((entry) => entry._id);
      expect(await idsOf()).toEqual(sorted);
      expect(await idsOf({ startId: 'register:2026-05', endId: 'register:2026-06' })).toEqual(
        sorted.filter((id) => id.startsWith('register:2026-05')),
      );
      expect(await idsOf({ startId: sorted[2] as string })).toEqual(sorted.slice(2));
      expect(await idsOf({ endId: sorted[2] as string })).toEqual(sorted.slice(0, 2));
      expect(await idsOf({ startId: 'zz' })).toEqual([]);
      expect(await idsOf({ startId: 'b', endId: 'a' })).toEqual([]);
    });

    test('many entries come in batches, each of them once', async () => {
      const db = await newDatabase();
      const entries = Array.from({ length: 1100 }, () => rollCall(db, { pupils: 1 }));
      await outcomesOf(db, entries);
      const sizes: number[] = [];
      const ids: string[] = [];
      for await (const batch of store.readEntries(db)) {
        sizes.push(batch.length);
        ids.push(...batch.map((entry) => entry._id));
      }
      expect(sizes.length).toBeGreaterThan(1);
      expect(ids).toEqual(entries.map((entry) => entry._id).sort());
      expect(await store.countEntries(db)).toBe(1100);
    });
  });

  describe('erasure', () => {
    const outcomes = (db: string, entries: readonly object[], as = ERASER) => outcomesOf(db, entries, as);

    async function erased(): Promise<{ db: string; entry: Entry; erasure: StoredEntry }> {
      const db = await newDatabase();
      const entry = rollCall(db);
      await outcomes(db, [entry]);
      return { db, entry, erasure: eraseEntry(entry, WRITER.name, 1_778_200_000_000, 'wrong pupil') };
    }

    test('an erasure is stored once and takes the place of what it erases', async () => {
      const { db, entry, erasure } = await erased();
      expect(await outcomes(db, [erasure])).toEqual(['stored']);
      expect(await outcomes(db, [erasure])).toEqual(['known']);
      expect(await store.getEntries(db, [entry._id])).toEqual([erasure]);
      expect(await readAll(db)).toEqual([erasure]);
      expect(await store.countEntries(db)).toBe(1);
      expect(await store.findConflicts(db)).toEqual([]);
    });

    test('an erased entry does not come back', async () => {
      const { db, entry, erasure } = await erased();
      await outcomes(db, [erasure]);
      expect(await outcomes(db, [entry])).toEqual(['known']);
      expect(await store.getEntries(db, [entry._id])).toEqual([erasure]);
    });

    test('an erasure is kept where the entry never was, and keeps it away', async () => {
      const db = await newDatabase();
      const entry = rollCall(db);
      const erasure = eraseEntry(entry, WRITER.name, 1, 'wrong pupil');
      expect(await outcomes(db, [erasure, entry])).toEqual(['stored', 'known']);
      expect(await store.getEntries(db, [entry._id])).toEqual([erasure]);
    });

    test('any other second revision is refused, before the erasure and after it', async () => {
      const { db, entry, erasure } = await erased();
      const fake = { ...erasure, _rev: `2-${'e'.repeat(32)}` };
      const withBody = { ...entry, _rev: erasure._rev };
      const withValues = { ...erasure, cells: entry.cells };
      const third = { ...erasure, _rev: erasure._rev.replace('2-', '3-') };
      const attempts = [fake, withBody, withValues, third];
      const codes = ['wrongRevision', 'wrongRevision', 'unknownField', 'wrongRevision'];
      expect(await outcomes(db, attempts)).toEqual(codes);
      expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
      await outcomes(db, [erasure]);
      expect(await outcomes(db, [fake, third])).toEqual(['wrongRevision', 'wrongRevision']);
      expect(await store.getEntries(db, [entry._id])).toEqual([erasure]);
      expect(await store.findConflicts(db)).toEqual([]);
    });

    test('an erasure takes the text and nothing else: keys and what they replace stay', async () => {
      const { db, entry, erasure } = await erased();
      const fewerCells = { ...erasure, cells: erasure.cells.slice(1) };
      const otherDay = { ...erasure, on: '2026-05-08' };
      expect(await outcomes(db, [fewerCells, otherDay])).toEqual(['wrongErasure', 'wrongErasure']);
      expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
    });

    test("nobody erases in somebody else's name", async () => {
      const { db, entry } = await erased();
      const erasure = eraseEntry(entry, 'principal-1', 1, 'wrong pupil');
      expect(await outcomes(db, [erasure])).toEqual(['wrongAuthor']);
    });
  });

  test('an entry with two leaves is found: a sign of a write that went round', async () => {
    const db = await newDatabase();
    const [sound, forked] = [rollCall(db), rollCall(db)];
    await outcomesOf(db, [sound, forked]);
    store = await harness.writeAround(store, db, [{ ...forked, _rev: `1-${'0'.repeat(32)}` }]);
    expect(await store.findConflicts(db)).toEqual([forked._id]);
    expect(await store.getEntries(db, [sound._id])).toEqual([sound]);
  });

  describe('records', () => {
    test('a record is written against the revision that was read, and against no other', async () => {
      const db = await newDatabase('accounts');
      const record = { _id: 'account:teacher-1', locale: 'ja' };
      expect(await store.getRecord(db, record._id)).toBeNull();
      const first = await store.putRecord(db, record);
      expect(first).toEqual({ ok: true, rev: expect.any(String) });
      const rev = first.ok ? first.rev : '';
      expect(await store.getRecord(db, record._id)).toEqual({ ...record, _rev: rev });
      expect(await store.putRecord(db, record)).toEqual({ ok: false, code: 'conflict' });

      const second = await store.putRecord(db, { ...record, _rev: rev, locale: 'en' });
      expect(second.ok).toBe(true);
      expect(await store.putRecord(db, { ...record, _rev: rev, locale: 'fr' })).toEqual({
        ok: false,
        code: 'conflict',
      });
      expect(await store.getRecord(db, record._id)).toMatchObject({ locale: 'en' });
    });

    test('of two writers at once one wins', async () => {
      const db = await newDatabase('accounts');
      const writes = await Promise.all(
        Array.from({ length: 5 }, (_, writer) => store.putRecord(db, { _id: 'account:a', writer })),
      );
      expect(writes.filter((write) => write.ok)).toHaveLength(1);
    });

    test('a record is deleted by its present revision and can be made anew', async () => {
      const db = await newDatabase('tray');
      const put = await store.putRecord(db, { _id: 'row:1' });
      const rev = put.ok ? put.rev : '';
      expect(await store.deleteRecord(db, 'row:1', `1-${'0'.repeat(32)}`)).toBe(false);
      expect(await store.deleteRecord(db, 'row:1', rev)).toBe(true);
      expect(await store.deleteRecord(db, 'row:1', rev)).toBe(false);
      expect(await store.getRecord(db, 'row:1')).toBeNull();
      expect((await store.putRecord(db, { _id: 'row:1', again: true })).ok).toBe(true);
    });

    test('records are listed by the beginning of their ids', async () => {
      const db = await newDatabase('audit');
      for (const _id of ['session:b', 'account:a', 'session:a/1', 'sessions'])
        await store.putRecord(db, { _id });
      const ids = (await store.listRecords(db, 'session:')).map((record) => record._id);
      expect(ids).toEqual(['session:a/1', 'session:b']);
      expect(await store.listRecords(db, 'nothing:')).toEqual([]);
    });

    test('entries and records do not mix', async () => {
      const records = await newDatabase('accounts');
      expect(await outcomesOf(records, [rollCall(records)])).toEqual(['notPermitted']);
      const entries = await newDatabase();
      await expect(store.putRecord(entries, { _id: 'account:a' })).rejects.toThrow(/records live in/);
      expect(await store.countEntries(entries)).toBe(0);
    });
  });

  test('what was acknowledged is there after the store was closed and opened again', async () => {
    const db = await newDatabase();
    const accounts = await newDatabase('accounts');
    const entry = rollCall(db);
    await outcomesOf(db, [entry]);
    const put = await store.putRecord(accounts, { _id: 'account:a' });
    await store.close();
    store = await harness.open();
    expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
    expect(await store.getRecord(accounts, 'account:a')).toEqual({
      _id: 'account:a',
      _rev: put.ok ? put.rev : '',
    });
    expect(await outcomesOf(db, [entry])).toEqual(['known']);
  });
}
