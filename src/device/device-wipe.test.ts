import './testing/browser-storage.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SealedRow } from '../sync/hand-in.ts';
import { wipeDevice, NOTHING_WIPED, type WipePorts, type WipeState } from './device-wipe.ts';
import type { SendResult } from './hand-in.ts';
import { PersonDatabase } from './person-database.ts';
import { deleteDatabase, listDatabases, personsWithJournal } from './stored-databases.ts';
import { writeRows } from './testing/journal-rows.ts';

let kept: WipeState | null;
let steps: string[];
let answer: (rows: readonly SealedRow[]) => SendResult;
let told: WipeState[];
let tells: 'told' | 'denied' | 'unreachable';

const accepted = (rows: readonly SealedRow[]): SendResult => ({
  ok: true,
  verdicts: rows.map(({ id }) => ({ id, verdict: 'accepted' })),
});

beforeEach(async () => {
  for (const name of await listDatabases()) await deleteDatabase(name);
  [kept, steps, told, answer, tells] = [null, [], [], accepted, 'told'];
});

const ports: WipePorts = {
  keep: async (state) => void (kept = state),
  databases: listDatabases,
  async deleteDatabase(name) {
    steps.push(`delete ${name}`);
    return deleteDatabase(name);
  },
  async send(_ticket, rows) {
    steps.push(`send ${rows.length}`);
    return answer(rows);
  },
  clearRest: async () => void steps.push('clear'),
  async tell(state) {
    steps.push('tell');
    if (tells === 'told') told.push(state);
    return tells;
  },
};
const run = () => wipeDevice(ports, kept ?? { ticket: 'ticket', report: NOTHING_WIPED });

/** A tablet of two people: rows, a draft, blocks. */
async function fill(): Promise<void> {
  for (const [person, rows] of [
    ['one', 25],
    ['two', 1],
  ] as const) {
    const db = new PersonDatabase(person);
    await writeRows(db, rows);
    await db.drafts.put({ key: 'hidden', sealed: new Uint8Array(3) });
    await db.writeMeta('salt/1/journal', new Uint8Array(32));
    db.close();
  }
  for (const name of ['_pouch_p-one-blocks', '_pouch_p-two-blocks', 'amenimo-device']) {
    await new Promise((resolve) => {
      const request = indexedDB.open(name, 1);
      request.onsuccess = () => {
        request.result.close();
        resolve(null);
      };
    });
  }
}
async function contentOf(person: string) {
  const db = new PersonDatabase(person);
  const content = [await db.meta.count(), await db.drafts.count(), await db.journal.count()];
  db.close();
  return content;
}

describe('a lost device', () => {
  it('[DE143] destroys what opens and shows first, then hands in, then deletes, and says so', async () => {
    await fill();
    let atFirstRow: unknown[] = [];
    answer = (rows) => {
      if (atFirstRow.length === 0) atFirstRow = [...steps];
      return accepted(rows);
    };
    expect(await run()).toBe('wiped');
    expect(atFirstRow).toEqual(['delete _pouch_p-one-blocks', 'delete _pouch_p-two-blocks', 'send 20']);
    expect(steps.slice(-3)).toEqual(['clear', 'tell', 'delete amenimo-device']);
    expect(await listDatabases()).toEqual([]);
    expect(told).toEqual([
      {
        ticket: 'ticket',
        report: { persons: 2, databases: 4, handedIn: 26, notHandedIn: 0, drafts: 2 },
      },
    ]);
  });

  it('[DE144] waits with the keys gone while the school does not answer, and then goes on', async () => {
    await fill();
    answer = () => ({ ok: false, code: 'unreachable' });
    expect(await run()).toBe('waiting');
    expect(await contentOf('one')).toEqual([0, 0, 25]);
    expect(await contentOf('two')).toEqual([0, 0, 1]);
    expect((await listDatabases()).some((name) => name.includes('blocks'))).toBe(false);
    expect(told).toEqual([]);
    answer = accepted;
    expect(await run()).toBe('wiped');
    expect(told[0]?.report).toEqual({ persons: 2, databases: 4, handedIn: 26, notHandedIn: 0, drafts: 2 });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('[DE144] cut short at step %i it ends the same', async (cut) => {
    await fill();
    let count = 0;
    const stop = async <T>(work: () => Promise<T>): Promise<T> => {
      if (++count === cut) throw new Error('the page was closed');
      return work();
    };
    const fragile: WipePorts = {
      ...ports,
      deleteDatabase: (name) => stop(() => ports.deleteDatabase(name)),
      send: (ticket, rows) => stop(() => ports.send(ticket, rows)),
      tell: (state) => stop(() => ports.tell(state)),
    };
    await expect(wipeDevice(fragile, { ticket: 'ticket', report: NOTHING_WIPED })).rejects.toThrow('closed');
    expect(await run()).toBe('wiped');
    expect(await listDatabases()).toEqual([]);
    expect(told.at(-1)?.report).toEqual({
      persons: 2,
      databases: 4,
      handedIn: 26,
      notHandedIn: 0,
      drafts: 2,
    });
  });

  it('[DE144] does not say that it is empty while a row waits for the school', async () => {
    await fill();
    answer = (rows) => ({
      ok: true,
      verdicts: rows.map(({ id }) => ({ id, verdict: 'later', code: 'trayFull' })),
    });
    expect(await run()).toBe('waiting');
    expect(await contentOf('one')).toEqual([0, 0, 25]);
    expect(told).toEqual([]);
  });

  it('[DE143] counts what no school can open, and what the school has no use for', async () => {
    const db = new PersonDatabase('one');
    await writeRows(db, 1, { sealed: false });
    const [spoiled] = await writeRows(db, 2);
    db.close();
    answer = (rows) => ({
      ok: true,
      verdicts: rows.map(({ id }) =>
        id === spoiled ? { id, verdict: 'refused', code: 'denied' } : { id, verdict: 'accepted' },
      ),
    });
    expect(await run()).toBe('wiped');
    expect(told[0]?.report).toMatchObject({ handedIn: 1, notHandedIn: 2 });
  });

  it('[DE145] says it again where the answer was lost, and stops where it is not lost any more', async () => {
    await fill();
    tells = 'unreachable';
    expect(await run()).toBe('waiting');
    expect(await listDatabases()).toEqual(['amenimo-device']);
    tells = 'told';
    expect(await run()).toBe('wiped');
    expect(told).toHaveLength(1);

    await fill();
    kept = null;
    answer = () => ({ ok: false, code: 'denied' });
    expect(await run()).toBe('released');
    expect(await contentOf('one')).toEqual([0, 0, 25]);
    expect((await personsWithJournal()).sort()).toEqual(['one', 'two']);
  });
});
