import './testing/browser-storage.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { keepAuditNote, sendAuditNotes, type AuditNote } from './audit-notes.ts';
import { PersonDatabase } from './person-database.ts';

let serial = 0;
let db: PersonDatabase;
beforeEach(() => {
  db = new PersonDatabase(`notes-${++serial}`);
});

const note = (n: number): AuditNote => ({
  kind: 'printed',
  stream: 'register-s1-2026/register',
  what: `s1-h1/2026-05`,
  count: 1,
  happenedAt: n,
});

interface Told {
  readonly person: string | null;
  readonly notes: readonly AuditNote[];
}

/** A gateway that answers as `judge` says, and what it was told. */
function gateway(judge: (notes: readonly AuditNote[]) => Response | Promise<Response>) {
  const told: Told[] = [];
  const fetcher: typeof fetch = async (_, init) => {
    const { notes } = JSON.parse(String(init?.body)) as { notes: AuditNote[] };
    told.push({ person: new Headers(init?.headers).get('amenimo-person'), notes });
    return judge(notes);
  };
  return { told, fetcher };
}

const locks = {
  request: async (_: string, __: unknown, work: (lock: unknown) => Promise<unknown>) => work({}),
} as unknown as LockManager;
const taken = (notes: readonly AuditNote[]) => Response.json({ recorded: notes.length });
const kept = async () => (await db.meta.where('key').startsWith('auditNote/').toArray()).length;

describe('notes for the access log', () => {
  test('[DE110] are told once, and forgotten when the school has them', async () => {
    for (let n = 0; n < 3; n++) await keepAuditNote(db, note(n));
    const { told, fetcher } = gateway(taken);
    await sendAuditNotes(db, 'p1', { fetcher, locks });
    expect(told).toHaveLength(1);
    expect(told[0]?.person).toBe('p1');
    expect(told[0]?.notes.map(({ happenedAt }) => happenedAt).sort()).toEqual([0, 1, 2]);
    await sendAuditNotes(db, 'p1', { fetcher, locks });
    expect(told).toHaveLength(1);
    expect(await kept()).toBe(0);
  });

  test.each([
    ['no network', () => Promise.reject(new TypeError('offline'))],
    ['a captive portal', () => new Response('<html>', { status: 200 })],
    ['another page’s answer', () => Response.json({ ok: true })],
    ['somebody else’s session', () => Response.json({ code: 'signedOut' }, { status: 401 })],
    ['a busy school', () => Response.json({ code: 'storeUnavailable' }, { status: 503 })],
    ['a password to be changed', () => Response.json({ code: 'passwordChangeRequired' }, { status: 403 })],
  ])('[DE110] are kept over %s', async (_, judge) => {
    await keepAuditNote(db, note(1));
    await sendAuditNotes(db, 'p1', { fetcher: gateway(judge).fetcher, locks });
    expect(await kept()).toBe(1);
  });

  test('[DE110] go up in reports of 200', async () => {
    for (let n = 0; n < 201; n++) await keepAuditNote(db, note(n));
    const { told, fetcher } = gateway(taken);
    await sendAuditNotes(db, 'p1', { fetcher, locks });
    expect(told.map(({ notes }) => notes.length)).toEqual([200, 1]);
    expect(await kept()).toBe(0);
  });

  test('[DE111] one that is refused holds up no other', async () => {
    for (let n = 0; n < 3; n++) await keepAuditNote(db, note(n));
    const reached: number[] = [];
    const { fetcher } = gateway((notes) => {
      if (notes.some(({ happenedAt }) => happenedAt === 1)) {
        return Response.json({ code: 'denied' }, { status: 403 });
      }
      reached.push(...notes.map(({ happenedAt }) => happenedAt));
      return taken(notes);
    });
    await sendAuditNotes(db, 'p1', { fetcher, locks });
    expect(reached.sort()).toEqual([0, 2]);
    expect(await kept()).toBe(0);
  });

  test('[DE110] are left to the tab that is telling them', async () => {
    await keepAuditNote(db, note(1));
    const { told, fetcher } = gateway(taken);
    const busy = {
      request: async (_: string, __: unknown, work: (lock: unknown) => Promise<unknown>) => work(null),
    } as unknown as LockManager;
    await sendAuditNotes(db, 'p1', { fetcher, locks: busy });
    expect(told).toEqual([]);
    expect(await kept()).toBe(1);
  });
});
