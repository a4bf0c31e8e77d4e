import { MAX_HANDED_IN, type HandInVerdict, type SealedRow } from '../sync/hand-in.ts';
import type { JournalRow, PersonDatabase } from './person-database.ts';

/** Enough for a slow line, and far from what the gateway takes at most. */
const MAX_BATCH_ROWS = Math.min(20, MAX_HANDED_IN);
const MAX_BATCH_BYTES = 524_288;

export type SendResult =
  | { readonly ok: true; readonly verdicts: readonly HandInVerdict[] }
  /** `denied`: not from here, or not any more. */
  | { readonly ok: false; readonly code: 'unreachable' | 'denied' };

export interface HandInPorts {
  send(rows: readonly SealedRow[]): Promise<SendResult>;
  /** Which of a database's rows are to be handed in. */
  wants(row: JournalRow): boolean;
  /** What is to become of a row that the school has seen and not taken into the register. */
  afterRefusal(row: JournalRow, code: string): 'delete' | 'keep' | 'mark';
  /** What the school said of one batch, before the next is sent. */
  onBatch?(batch: { readonly handedIn: number; readonly refused: number }): Promise<void>;
}

export interface HandInTally {
  /** In the register, or in the school's tray. */
  readonly handedIn: number;
  /** Seen by the school and of no worth to it: spoiled, or of nobody it knows. */
  readonly refused: number;
  /** To be brought again. */
  readonly waiting: number;
  /** Sealed for no school: only their author can bring them. */
  readonly unsealed: number;
  readonly stopped: 'unreachable' | 'denied' | null;
}

/** Codes by which the school says that it keeps the row's body. */
const keptAtSchool: ReadonlySet<string> = new Set(['inTray', 'rejected']);

/**
 * Brings a person's sealed rows to the school, without opening one: by whoever is signed in, or by a lost device.
 * A row goes from the disk only after the school has said that it has it.
 */
export async function handInRows(db: PersonDatabase, ports: HandInPorts): Promise<HandInTally> {
  const tally = { handedIn: 0, refused: 0, waiting: 0, unsealed: 0 };
  const keys = await db.journal.toCollection().primaryKeys();
  let batch: (JournalRow & { readonly seq: number })[] = [];
  let bytes = 0;
  const flush = async (): Promise<'unreachable' | 'denied' | null> => {
    if (batch.length === 0) return null;
    const result = await ports.send(batch.map(sealedRowOf).filter((row) => row !== null));
    if (!result.ok) return result.code;
    const verdicts = new Map(result.verdicts.map((verdict) => [verdict.id, verdict]));
    const { handedIn, refused } = tally;
    for (const row of batch) await settle(db, row, verdicts.get(row.id), ports, tally);
    await ports.onBatch?.({ handedIn: tally.handedIn - handedIn, refused: tally.refused - refused });
    [batch, bytes] = [[], 0];
    return null;
  };
  for (let at = 0; at < keys.length; at += MAX_BATCH_ROWS) {
    for (const row of await db.journal.bulkGet(keys.slice(at, at + MAX_BATCH_ROWS))) {
      if (row?.seq === undefined || !ports.wants(row)) continue;
      if (!row.wraps.school) {
        tally.unsealed += 1;
        continue;
      }
      const isFull = batch.length >= MAX_BATCH_ROWS || bytes + row.sealed.length > MAX_BATCH_BYTES;
      const stopped = isFull ? await flush() : null;
      if (stopped) return { ...tally, stopped };
      batch.push({ ...row, seq: row.seq });
      bytes += row.sealed.length;
    }
  }
  const stopped = await flush();
  return { ...tally, stopped };
}

async function settle(
  db: PersonDatabase,
  row: JournalRow & { readonly seq: number },
  verdict: HandInVerdict | undefined,
  { afterRefusal }: HandInPorts,
  tally: { handedIn: number; refused: number; waiting: number },
): Promise<void> {
  if (!verdict || verdict.verdict === 'later') {
    tally.waiting += 1;
    return;
  }
  if (verdict.verdict === 'accepted' || keptAtSchool.has(verdict.code)) tally.handedIn += 1;
  else tally.refused += 1;
  const action = verdict.verdict === 'accepted' ? 'delete' : afterRefusal(row, verdict.code);
  if (action === 'delete') await db.journal.delete(row.seq);
  else if (action === 'mark') await db.journal.update(row.seq, { handedIn: true });
}

function sealedRowOf({ id, stream, sealed, wraps }: JournalRow): SealedRow | null {
  return wraps.school && { id, stream, sealed, wrap: wraps.school };
}
