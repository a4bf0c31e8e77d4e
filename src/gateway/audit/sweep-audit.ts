import type { AuditEntry } from './audit-entry.ts';
import { anchorText, BLOCK_SIZE, type Batch } from './chain-records.ts';
import { retentionMs } from './retention.ts';
import type { StoredAudit } from './stored-audit.ts';

/** Blocks of a thousand numbers that one sweep looks at; the next one goes on. */
const MAX_BLOCKS = 20;

/**
 * Removes whole records from the beginning of the chain whose every entry is older than the retention, and leaves an
 * anchor in their place first. Stops at the first record that is younger or damaged. Gives how many entries went.
 */
export async function sweepAudit(audit: StoredAudit, now: number, retentionDays: number): Promise<number> {
  const { records, seal } = audit;
  const cutoff = now - retentionMs(retentionDays);
  const { anchor, rev } = await records.findAnchor();
  if (anchor && !seal.isOurs(anchorText(anchor), anchor.seal)) return 0;
  const start = anchor?.seq ?? 0;
  const firstBlock = Math.floor(start / BLOCK_SIZE);
  const lastBlock = Math.min(Math.floor(audit.place.seq / BLOCK_SIZE), firstBlock + MAX_BLOCKS);
  let swept = 0;
  const gone: Batch[] = [];
  let last: AuditEntry | null = null;
  let expected = start + 1;
  scan: for (let block = firstBlock; block <= lastBlock; block++) {
    for (const batch of await records.listBlock(block)) {
      if (batch.first <= start) {
        // Left by a sweep that was interrupted.
        await records.remove(batch);
        continue;
      }
      const entries = batch.entries ?? [];
      const whole = entries.length > 0 && entries.every((entry) => isOver(entry, cutoff, audit));
      if (!whole || batch.first !== expected) break scan;
      gone.push(batch);
      last = entries.at(-1) as AuditEntry;
      expected = last.seq + 1;
      swept += entries.length;
    }
  }
  if (!last) return 0;
  const { seq, hash, at } = last;
  if (!(await records.putAnchor(seal, { seq, hash, at, sweptAt: now }, rev))) return 0;
  for (const batch of gone) await records.remove(batch);
  await audit.record({ kind: 'auditSwept', by: null, count: swept });
  return swept;
}

function isOver(entry: AuditEntry | null, cutoff: number, { seal }: StoredAudit): boolean {
  return entry !== null && entry.at < cutoff && seal.isOurEntry(entry);
}
