import './testing/browser-storage.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HandInVerdict, SealedRow } from '../sync/hand-in.ts';
import { handInRows, type HandInPorts, type SendResult } from './hand-in.ts';
import { PersonDatabase } from './person-database.ts';
import { writeRows } from './testing/journal-rows.ts';

let db: PersonDatabase;
let serial = 0;
let sent: (readonly SealedRow[])[];

beforeEach(() => {
  db = new PersonDatabase(`hand-in-${++serial}`);
  sent = [];
});
afterEach(() => db.delete());

/** A school that answers each row as the test says, `accepted` where it says nothing. */
const school = (verdicts: Record<string, HandInVerdict['verdict'] | `${string}:${string}`> = {}) => ({
  async send(rows: readonly SealedRow[]): Promise<SendResult> {
    sent.push(rows);
    return {
      ok: true,
      verdicts: rows.map(({ id }): HandInVerdict => {
        const [verdict, code = ''] = (verdicts[id] ?? 'accepted').split(':');
        if (verdict === 'accepted') return { id, verdict };
        return { id, verdict: verdict === 'later' ? 'later' : 'refused', code };
      }),
    };
  },
});
const all: Pick<HandInPorts, 'wants' | 'afterRefusal'> = { wants: () => true, afterRefusal: () => 'keep' };
const left = async () =>
  (await db.journal.toArray()).map(({ id, handedIn }) => (handedIn ? `${id} marked` : id));

describe('handing in', () => {
  it('[DE140] sends rows as they lie there: sealed, in order, in bounded batches', async () => {
    const note = '母親が十時に迎え';
    const ids = await writeRows(db, 45, { note });
    const tally = await handInRows(db, { ...school(), ...all });
    expect(sent.map((rows) => rows.length)).toEqual([20, 20, 5]);
    expect(sent.flat().map(({ id }) => id)).toEqual(ids);
    const bytes = sent.flat().flatMap(({ sealed, wrap }) => [sealed, wrap.wrapped]);
    for (const each of bytes) expect(Buffer.from(each).toString('utf8')).not.toContain(note);
    expect(sent.flat()[0]).toEqual({
      id: ids[0],
      stream: 'register-b101-2026/register',
      sealed: expect.any(Uint8Array) as unknown,
      wrap: expect.objectContaining({ schoolCode: 'B101' }) as unknown,
    });
    expect(tally).toEqual({ handedIn: 45, refused: 0, waiting: 0, unsealed: 0, stopped: null });
    expect(await left()).toEqual([]);
  });

  it('[DE141] deletes what the school has, and does with the rest as it is told', async () => {
    const [accepted = '', tray = '', rejected = '', denied = '', later = ''] = await writeRows(db, 5);
    const answers = {
      [tray]: 'refused:inTray',
      [rejected]: 'refused:rejected',
      [denied]: 'refused:denied',
      [later]: 'later:storeUnavailable',
    } as const;
    const tally = await handInRows(db, {
      ...school(answers),
      wants: () => true,
      afterRefusal: (row) => (row.id === tray ? 'mark' : row.id === rejected ? 'delete' : 'keep'),
    });
    expect(tally).toMatchObject({ handedIn: 3, refused: 1, waiting: 1 });
    expect(await left()).toEqual([`${tray} marked`, denied, later]);
    expect(accepted).not.toBe('');
  });

  it.each(['unreachable', 'denied'] as const)(
    '[DE141] keeps everything where the school is %s',
    async (code) => {
      const ids = await writeRows(db, 3);
      const tally = await handInRows(db, { send: async () => ({ ok: false, code }), ...all });
      expect(tally).toMatchObject({ handedIn: 0, stopped: code });
      expect(await left()).toEqual(ids);
    },
  );

  it('[DE141] keeps a row of which the answer says nothing', async () => {
    const ids = await writeRows(db, 2);
    const tally = await handInRows(db, { send: async () => ({ ok: true, verdicts: [] }), ...all });
    expect(tally).toMatchObject({ waiting: 2 });
    expect(await left()).toEqual(ids);
  });

  it('[DE141] leaves a row that is sealed for no school to its author', async () => {
    const [open = ''] = await writeRows(db, 1, { sealed: false });
    const [sealed = ''] = await writeRows(db, 1);
    expect(await handInRows(db, { ...school(), ...all })).toMatchObject({ handedIn: 1, unsealed: 1 });
    expect(sent.flat().map(({ id }) => id)).toEqual([sealed]);
    expect(await left()).toEqual([open]);
  });

  it('[DE142] passes by what is not wanted', async () => {
    const [own = ''] = await writeRows(db, 1, { generation: 2 });
    await writeRows(db, 1, { generation: 1 });
    await handInRows(db, { ...school(), ...all, wants: ({ generation }) => generation === 1 });
    expect(await left()).toEqual([own]);
  });
});
