import type { AuditKind } from './audit.ts';
import type { AuditEntry } from './audit-entry.ts';
import { BLOCK_SIZE } from './chain-records.ts';
import type { StoredAudit } from './stored-audit.ts';

/** Blocks of a thousand numbers that one question may read. */
const MAX_BLOCKS = 20;
/** How far the gateway's clock may have gone back and forth in the chain. */
const CLOCK_SLACK_MS = 86_400_000;

export interface AuditQuery {
  /** Half-open interval of when it was told, epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
  readonly kind?: AuditKind;
  /** Who did it or to whom it was done. */
  readonly person?: string;
  readonly school?: string;
  /** Only numbers below this one: the page before ended with it. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Where to go on; null where the beginning (or `from`) is reached. A page may be short of its limit and go on. */
  readonly next: number | null;
}

/** Looks through the chain from its end, within bounds; `mayRead` is the reader's right. */
export async function findAuditEntries(
  audit: StoredAudit,
  query: AuditQuery,
  mayRead: (entry: AuditEntry) => boolean | Promise<boolean>,
): Promise<AuditPage> {
  const { from = -Infinity, until = Infinity, limit } = query;
  await audit.idle();
  const before = Math.min(query.before ?? Infinity, audit.place.seq + 1);
  const newest = Math.floor((before - 1) / BLOCK_SIZE);
  const { anchor } = await audit.records.findAnchor();
  const oldest = Math.floor(((anchor?.seq ?? 0) + 1) / BLOCK_SIZE);
  let block = until === Infinity ? newest : await findBlockOf(audit, until + CLOCK_SLACK_MS, newest);
  const entries: AuditEntry[] = [];
  for (let read = 0; block >= oldest; block--, read++) {
    const found = await readBlock(audit, block);
    if (read === MAX_BLOCKS) return { entries, next: (found[0]?.seq ?? (block + 1) * BLOCK_SIZE - 1) + 1 };
    for (const entry of found) {
      if (entry.seq >= before || entry.at < from || entry.at >= until) continue;
      if (!matches(entry, query) || !(await mayRead(entry))) continue;
      if (entries.length === limit) return { entries, next: (entries.at(-1) as AuditEntry).seq };
      entries.push(entry);
    }
    if (found.length > 0 && found.every(({ at }) => at < from - CLOCK_SLACK_MS)) break;
  }
  return { entries, next: null };
}

function matches({ event }: AuditEntry, { kind, person, school }: AuditQuery): boolean {
  if (kind !== undefined && event.kind !== kind) return false;
  if (school !== undefined && event.school !== school) return false;
  return person === undefined || event.by === person || event.target === person;
}

async function readBlock(audit: StoredAudit, block: number): Promise<AuditEntry[]> {
  const batches = await audit.records.listBlock(block);
  return batches
    .flatMap(({ entries }) => entries ?? [])
    .filter((entry) => entry !== null)
    .sort((a, b) => b.seq - a.seq);
}

/** The last block that holds something told before `at`. */
async function findBlockOf(audit: StoredAudit, at: number, newest: number): Promise<number> {
  let low = 0;
  let high = newest;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const oldest = (await readBlock(audit, middle)).at(-1);
    // What was swept is older than all that is left.
    if (!oldest || oldest.at < at) low = middle;
    else high = middle - 1;
  }
  return low;
}
