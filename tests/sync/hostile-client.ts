import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/ledger/entry.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { attendanceKey } from '../../src/ledger/kinds.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import { MAX_PUSH_ENTRIES, MAX_REQUEST_BYTES } from '../../src/sync/protocol.ts';
import type { DocumentStore } from '../../src/gateway/store/document-store.ts';
import {
  attendance,
  entryOf,
  otherStream,
  pupilId,
  SCHOOL,
  stream,
  TODAY,
} from '../../src/gateway/testing/small-town.ts';
import { nameOf, readExchange } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

const pupil = pupilId(SCHOOL, 1, 1);
const key = streamKey(stream);

/** What the small town leaves in a store; no real school's code is like these. */
export const smallTownDatabases = [stream.db, otherStream.db, 'accounts-test', 'tray-s1', 'tray-s2'];

/** The table "What a bad client gets" of the architecture note, row by row, on a store. */
export function describeHostileClient(name: string, openStore: () => Promise<DocumentStore>): void {
  describe(`a hostile client of a gateway on ${name}`, () => {
    async function open(): Promise<TestGateway<DocumentStore>> {
      const store = await openStore();
      for (const db of smallTownDatabases) await store.dropDatabase(db);
      return TestGateway.openOn(store);
    }
    const mark = (value: string, more: Partial<Parameters<typeof attendance>[0]> = {}): Entry =>
      attendance({ by: 'nurse', marks: { [pupil]: value }, ...more });

    it('[SY33, SY51] that sends another body under a known id changes nothing', async () => {
      const town = await open();
      const nurse = await town.signIn('nurse');
      const entry = mark('sick');
      await nurse.push(stream, entry);
      const [before] = await town.store.getEntries(stream.db, [entry._id]);
      const other = { ...entry, cells: [{ ...entry.cells[0], value: { mark: 'present' } }] };
      expect((await nurse.push(stream, other)).map(nameOf)).toEqual(['refused:hashMismatch']);
      expect(await town.store.getEntries(stream.db, [entry._id])).toEqual([before]);
      expect(await town.store.findConflicts(stream.db)).toEqual([]);
      // Past the gateway, the store refuses by itself, or keeps what it had.
      const past = { ...(before as Entry), _rev: `1-${'f'.repeat(32)}` };
      const writer = { name: 'nurse', roles: ['amenimo-writer'] };
      expect((await town.store.putEntries(stream.db, [past], writer))[0]?.outcome).not.toBe('stored');
      expect(await town.store.getEntries(stream.db, [entry._id])).toEqual([before]);
    });

    it('[SY34, SY51] that replaces everything, or a cell of another stream, is refused and hides nothing', async () => {
      const town = await open();
      const nurse = await town.signIn('nurse');
      const elsewhere = attendance({
        by: 'import',
        of: otherStream,
        marks: { [pupilId('S2', 1, 1)]: 'sick' },
      });
      await town.writeAround(otherStream, [elsewhere]);
      const marks = ['sick', 'late', 'other'].map((value) => mark(value));
      const others = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 2)]: 'sick' } });
      await nurse.push(stream, ...marks, others);
      const everything = [...marks, others].map((entry) => entry._id);
      expect((await nurse.push(stream, mark('present', { over: everything }))).map(nameOf)).toEqual([
        'refused:badOver',
      ]);
      const tooMany = Array.from({ length: 17 }, (_, i) => `${marks[0]?._id.slice(0, -2)}${i + 10}`);
      expect((await nurse.push(stream, mark('present', { over: tooMany }))).map(nameOf)).toEqual([
        'refused:malformed',
      ]);
      const foreign = await nurse.push(stream, mark('present', { over: [elsewhere._id] }));
      expect(foreign.map(nameOf)).toEqual(['later:unknownOver']);
      const fold = foldEntries(await nurse.pull(stream));
      expect(fold.headsOf(attendanceKey(pupil, TODAY))).toHaveLength(3);
    });

    it('[SY39] that lives in 2099 is kept with its odd clock, which decides nothing', async () => {
      const town = await open();
      const nurse = await town.signIn('nurse');
      const future = mark('sick', { madeAt: Date.UTC(2099, 0, 1) });
      const now = mark('late');
      expect((await nurse.push(stream, future, now)).map(nameOf)).toEqual(['accepted', 'accepted']);
      const fold = foldEntries(await nurse.pull(stream));
      expect(fold.headsOf(attendanceKey(pupil, TODAY)).map((head) => head.entry.id)).toEqual(
        [future._id, now._id].sort(),
      );
      const [stored] = await town.store.getEntries(stream.db, [future._id]);
      expect(stored).toMatchObject({ madeAt: Date.UTC(2099, 0, 1), received: { at: town.clock.now } });
    });

    it('[SY50, SY51] that sends 20 MB is answered 413', async () => {
      const town = await open();
      const nurse = await town.signIn('nurse');
      const body = `{"protocol":1,"push":"${'x'.repeat(20_000_000)}"}`;
      const answer = await nurse.send('POST', '/api/exchange', body);
      expect([answer.status, await answer.json()]).toEqual([
        413,
        { code: 'tooLarge', maxBytes: MAX_REQUEST_BYTES },
      ]);
    });

    it('[SY30, SY51] that sends an entry of 100,000 cells, or too large, gets a verdict for that one', async () => {
      const town = await open();
      const nurse = await town.signIn('nurse');
      const cell = { key: 'a', value: null, over: [] };
      const wide = { ...mark('sick'), cells: Array.from({ length: 100_000 }, () => cell) };
      const long = entryOf(stream, {
        kind: 'attendance',
        by: 'nurse',
        cells: Array.from({ length: 399 }, (_, i) => ({
          key: attendanceKey(`p${i}`, TODAY),
          value: { mark: 'sick', note: '雨'.repeat(200) },
          over: [],
        })),
      });
      const good = mark('sick');
      expect((await nurse.push(stream, wide)).map(nameOf)).toEqual(['refused:malformed']);
      expect((await nurse.push(stream, long, good)).map(nameOf)).toEqual(['refused:tooLarge', 'accepted']);
      const count = MAX_PUSH_ENTRIES + 1;
      const push = Array.from({ length: count }, () => ({ stream: key, entry: mark('late') }));
      const answer = await nurse.send('POST', '/api/exchange', nurse.requestOf({ push }));
      expect(answer.status).toBe(400);
    });

    it('[SY30] that puts one poison entry among forty gets the other thirty-nine through', async () => {
      const town = await open();
      const nurse = await town.signIn('nurse');
      const entries: unknown[] = Array.from({ length: 40 }, () => mark('present'));
      entries[39] = 'poison';
      const push = entries.map((entry) => ({ stream: key, entry }));
      const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
      const body = JSON.stringify(nurse.requestOf({ push })).replace('"poison"', deep);
      const answer = await nurse.send('POST', '/api/exchange', body);
      const verdicts = (await readExchange(answer)).head.verdicts.map(nameOf);
      expect(verdicts.slice(0, 39)).toEqual(Array.from({ length: 39 }, () => 'accepted'));
      expect(verdicts[39]).toBe('refused:malformed');
    });

    it('[SY32, AC10] that sends another’s row again gets what is stored, and cannot send a new one', async () => {
      const town = await open();
      const [nurse, office] = [await town.signIn('nurse'), await town.signIn('office')];
      const entry = mark('sick');
      const [first] = await nurse.push(stream, entry);
      expect(await office.push(stream, entry)).toEqual([first]);
      expect((await office.push(stream, mark('late'))).map(nameOf)).toEqual(['refused:notTheAuthor']);
    });
  });
}
