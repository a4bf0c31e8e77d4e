import type { StreamKey } from '../ledger/stream.ts';
import { PERSON_HEADER } from '../sync/protocol.ts';
import type { PersonDatabase } from './person-database.ts';

/** What was done with a device that the school's access log must know of, told in ids. */
export interface UseNote {
  readonly kind: 'printed' | 'exported' | 'readInBulk';
  readonly stream: StreamKey;
  /** Ids of what it was, with slashes between: a homeroom and a month. */
  readonly what: string;
  readonly count: number;
}

export interface AuditNote extends UseNote {
  /** By the school's clock, epoch milliseconds. */
  readonly happenedAt: number;
}

/** Most notes in one report; the gateway takes no more. */
const MAX_NOTES = 200;
/** Answers after which the same notes would be refused again and again. */
const HOPELESS: ReadonlySet<unknown> = new Set(['badRequest', 'denied']);

/** Keeps a note until the school has it. It holds ids alone, so it lies on the disk as it is. */
export async function keepAuditNote(db: PersonDatabase, note: AuditNote): Promise<void> {
  await db.writeMeta(`auditNote/${crypto.randomUUID()}`, note);
}

interface SendPorts {
  readonly fetcher?: typeof fetch;
  readonly locks?: Pick<LockManager, 'request'>;
}

/** Tells the school what is kept, one tab at a time, and forgets what it has taken. Does nothing where it cannot. */
export async function sendAuditNotes(
  db: PersonDatabase,
  personId: string,
  { fetcher = fetch, locks = navigator.locks }: SendPorts = {},
): Promise<void> {
  await locks.request(`audit-notes-${personId}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    while (await sendSome(db, personId, fetcher)) continue;
  });
}

/** Whether there may be more to send. */
async function sendSome(db: PersonDatabase, personId: string, fetcher: typeof fetch): Promise<boolean> {
  const rows = await db.meta.where('key').startsWith('auditNote/').limit(MAX_NOTES).toArray();
  if (rows.length === 0) return false;
  const answer = await report(rows, personId, fetcher);
  if (answer === 'later') return false;
  if (answer === 'taken') await db.meta.bulkDelete(rows.map(({ key }) => key));
  // One of them spoils the report: each is told alone, and the one that is refused is dropped.
  else {
    for (const row of rows) {
      if ((await report([row], personId, fetcher)) === 'later') return false;
      await db.meta.delete(row.key);
    }
  }
  return rows.length === MAX_NOTES;
}

type ReportAnswer = 'taken' | 'refused' | 'later';

async function report(
  rows: readonly { readonly value: unknown }[],
  personId: string,
  fetcher: typeof fetch,
): Promise<ReportAnswer> {
  try {
    const answer = await fetcher('/api/audit/report', {
      method: 'POST',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: { 'content-type': 'application/json', [PERSON_HEADER]: personId },
      body: JSON.stringify({ notes: rows.map(({ value }) => value) }),
    });
    // A captive portal answers with status 200 too.
    const body = (await answer.json()) as { recorded?: unknown; code?: unknown } | null;
    if (answer.ok && body?.recorded === rows.length) return 'taken';
    return HOPELESS.has(body?.code) ? 'refused' : 'later';
  } catch {
    return 'later';
  }
}

/** Sends them as long as the database is open: locked meanwhile, they are kept and told after the next unlock. */
export async function tellAuditNotes(db: PersonDatabase, personId: string): Promise<void> {
  try {
    await sendAuditNotes(db, personId);
  } catch (error) {
    if (db.isOpen()) throw error;
  }
}
