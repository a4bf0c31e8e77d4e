import { parseEntryId } from '../../ledger/entry-id.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';
import { parseStreamKey } from '../../ledger/stream.ts';
import type { BlockMeta } from '../../sync/protocol.ts';

/** Whether all entries of a block belong to the stream and period that its meta names. */
export function checkedPeriod(meta: BlockMeta, entries: readonly StoredEntry[]): boolean {
  const stream = parseStreamKey(meta.stream);
  if (!stream) return false;
  return entries.every((entry) => {
    const id = parseEntryId(entry._id);
    return id !== null && id.scope === stream.scope && id.period === meta.period;
  });
}
