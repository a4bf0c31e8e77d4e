import './testing/browser-storage.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WireRow } from '../sync/hand-in.ts';
import { handInForOthers } from './hand-in-watch.ts';
import { PersonDatabase } from './person-database.ts';
import { deleteDatabase, listDatabases } from './stored-databases.ts';
import { writeRows } from './testing/journal-rows.ts';

const before = globalThis.fetch;
let sent: string[];
let answer: (row: WireRow) => object;
let online: boolean;

beforeEach(async () => {
  for (const name of await listDatabases()) await deleteDatabase(name);
  [sent, online] = [[], true];
  answer = ({ id }) => ({ id, verdict: 'accepted' });
  globalThis.fetch = async (_path, init) => {
    if (!online) throw new TypeError('Failed to fetch');
    const { rows, ticket } = JSON.parse(String(init?.body)) as { rows: WireRow[]; ticket?: string };
    expect(ticket).toBeUndefined();
    sent.push(...rows.map(({ id }) => id));
    return Response.json({ verdicts: rows.map(answer) });
  };
});
afterEach(() => {
  globalThis.fetch = before;
});

async function rowsOf(person: string, count: number, generation = 1): Promise<string[]> {
  const db = new PersonDatabase(person);
  const ids = await writeRows(db, count, { by: person, generation });
  db.close();
  return ids;
}
async function leftOf(person: string): Promise<string[]> {
  const db = new PersonDatabase(person);
  const rows = await db.journal.toArray();
  db.close();
  return rows.map(({ id, handedIn }) => (handedIn ? `${id} marked` : id));
}

describe('who signs in', () => {
  it('[DE140, DE142] brings what others and older vaults left, and not what the own exchange brings', async () => {
    const others = await rowsOf('other', 2);
    const old = await rowsOf('me', 2, 1);
    const own = await rowsOf('me', 1, 2);
    expect(await handInForOthers('me')).toBe(true);
    expect([...sent].sort()).toEqual([...others, ...old].sort());
    expect(await leftOf('other')).toEqual([]);
    expect(await leftOf('me')).toEqual(own);
  });

  it('[DE141] leaves a row in the tray to its author, who can still open it, and asks once', async () => {
    const [row = ''] = await rowsOf('other', 1);
    answer = ({ id }) => ({ id, verdict: 'refused', code: 'inTray' });
    expect(await handInForOthers('me')).toBe(true);
    expect(await handInForOthers('me')).toBe(true);
    expect(sent).toEqual([row]);
    expect(await leftOf('other')).toEqual([`${row} marked`]);
  });

  it('[DE141] deletes a row that is in the tray and that nobody can open any more', async () => {
    await rowsOf('me', 1, 1);
    await rowsOf('me', 1, 2);
    answer = ({ id }) => ({ id, verdict: 'refused', code: 'inTray' });
    await handInForOthers('me');
    expect(await leftOf('me')).toHaveLength(1);
  });

  it('[DE141] keeps what the school could not take, and brings it again', async () => {
    const ids = await rowsOf('other', 2);
    online = false;
    expect(await handInForOthers('me')).toBe(false);
    expect(await leftOf('other')).toEqual(ids);
    online = true;
    answer = ({ id }) => ({ id, verdict: 'later', code: 'storeUnavailable' });
    expect(await handInForOthers('me')).toBe(false);
    expect(await leftOf('other')).toEqual(ids);
    answer = ({ id }) => ({ id, verdict: 'accepted' });
    expect(await handInForOthers('me')).toBe(true);
    expect(await leftOf('other')).toEqual([]);
  });
});
