import { defaultMarks } from '../../domain/attendance/default-marks.ts';
import { monthRegister } from '../../domain/attendance/month-register.ts';
import {
  calendarDateAt,
  monthOf,
  monthsOfSchoolYear,
  type CalendarDate,
} from '../../domain/calendar/calendar-date.ts';
import { addToDigest, EMPTY_DIGEST, type Digest } from '../../ledger/digest.ts';
import { checkEntry } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import { digestHash, isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { Fold } from '../../ledger/fold.ts';
import { attendanceOf, readCalendar, readRoster } from '../../ledger/register-view.ts';
import { parseRegisterDatabase, parseSchoolDatabase, type Stream } from '../../ledger/stream.ts';
import { parseErasure } from '../exchange/check-erasure.ts';
import type { StampSeal } from '../exchange/stamp.ts';
import type { Tray } from '../exchange/tray.ts';
import type { DocumentStore } from '../store/document-store.ts';

export type FindingCode =
  /** Not an entry of this stream, or its hash, id or revision is wrong; `detail` is the ledger's code. */
  | 'badEntry'
  | 'unstamped'
  | 'forgedStamp'
  | 'forgedErasure'
  /** A document with more than one leaf: somebody wrote round the gateway. */
  | 'twoLeaves'
  /** An entry replaces one that is not here, and that the school has not refused either. */
  | 'missingOver'
  /** A sum of a month's register that does not agree with its columns. */
  | 'checkSum';

export interface Finding {
  readonly code: FindingCode;
  /** Entry id, or homeroom and month. */
  readonly where: string;
  readonly detail?: string;
}

export interface StreamReport {
  readonly entryCount: number;
  readonly digest: Digest;
  readonly registerCount: number;
  readonly findings: readonly Finding[];
}

interface Ports {
  readonly store: DocumentStore;
  readonly seal: StampSeal;
  readonly tray: Tray;
  readonly now: () => number;
}

/** Reads a whole stream from the store and checks all that can be checked; lets other work go on in between. */
export async function verifyStream({ store, seal, tray, now }: Ports, stream: Stream): Promise<StreamReport> {
  const findings: Finding[] = [];
  const fold = new Fold();
  const over = new Map<EntryId, EntryId>();
  let entryCount = 0;
  let digest = EMPTY_DIGEST;
  // A register's database has one stream, and whatever else lies in it is a finding.
  const isRegister = parseRegisterDatabase(stream.db) !== null;
  const range = isRegister ? {} : { startId: `${stream.scope}:`, endId: `${stream.scope};` };
  for await (const batch of store.readEntries(stream.db, range)) {
    for (const entry of batch) {
      entryCount += 1;
      findings.push(...findWrong(seal, stream, entry));
      if (!Array.isArray(entry.cells)) continue;
      fold.add(entry);
      for (const cell of entry.cells) for (const id of cell.over) over.set(id, entry._id);
    }
    digest = addToDigest(digest, batch.map(digestHash));
    await pause();
  }
  const school = parseSchoolDatabase(stream.db)?.schoolCode ?? '';
  for (const [id, by] of over) {
    if (fold.has(id) || (await tray.knows(school, id))) continue;
    findings.push({ code: 'missingOver', where: by, detail: id });
  }
  for (const id of await store.findConflicts(stream.db)) {
    if (isRegister || id.startsWith(`${stream.scope}:`)) findings.push({ code: 'twoLeaves', where: id });
  }
  const registers = await checkSums(fold, stream, calendarDateAt(now()));
  return {
    entryCount,
    digest,
    registerCount: registers.count,
    findings: [...findings, ...registers.findings],
  };
}

function findWrong(seal: StampSeal, stream: Stream, entry: StoredEntry): Finding[] {
  const where = entry._id;
  if (isErased(entry)) {
    const erased = parseErasure(stream, entry);
    if (!erased) return [{ code: 'badEntry', where, detail: 'erasure' }];
    if (!erased.received) return [{ code: 'unstamped', where }];
    return seal.isOurErasure(stream, erased) ? [] : [{ code: 'forgedErasure', where }];
  }
  const check = checkEntry(stream, entry);
  if (!check.ok) return [{ code: 'badEntry', where, detail: check.code }];
  if (!entry.received) return [{ code: 'unstamped', where }];
  return seal.isOurs(stream, entry._id, entry.received) ? [] : [{ code: 'forgedStamp', where }];
}

async function checkSums(
  fold: Fold,
  stream: Stream,
  today: CalendarDate,
): Promise<{ count: number; findings: Finding[] }> {
  const schoolYear = parseRegisterDatabase(stream.db)?.schoolYear;
  if (schoolYear === undefined) return { count: 0, findings: [] };
  const sources = {
    roster: readRoster(fold, schoolYear),
    calendar: readCalendar(fold, schoolYear),
    marks: defaultMarks,
    attendance: attendanceOf(fold),
  };
  const findings: Finding[] = [];
  let count = 0;
  for (const month of monthsOfSchoolYear(schoolYear)) {
    if (month > monthOf(today)) break;
    for (const homeroomId of sources.roster.homerooms.keys()) {
      const register = monthRegister({ ...sources, homeroomId, month, through: today });
      count += 1;
      for (const check of register.checks) {
        if (check.holds) continue;
        const detail = `${check.code} ${check.byRows}≠${check.byDays}`;
        findings.push({ code: 'checkSum', where: `${homeroomId} ${month}`, detail });
      }
    }
    await pause();
  }
  return { count, findings };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
