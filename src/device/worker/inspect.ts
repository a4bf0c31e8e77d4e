import { addToDigest, EMPTY_DIGEST } from '../../ledger/digest.ts';
import { digestHash, isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { foldEntries } from '../../ledger/fold.ts';
import { hashText } from '../../ledger/hash.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { HeldBlocks } from './held-blocks.ts';
import type { StreamInspection } from './messages.ts';

/** Reads everything back from the disk: what is really here, not what memory says. */
export async function inspectStreams(held: HeldBlocks, deep: boolean): Promise<StreamInspection[]> {
  const inspections: StreamInspection[] = [];
  for (const stream of held.streams()) inspections.push(await inspectStream(held, stream, deep));
  return inspections;
}

async function inspectStream(held: HeldBlocks, stream: StreamKey, deep: boolean): Promise<StreamInspection> {
  let digest = EMPTY_DIGEST;
  let count = 0;
  const marks = new Map<string, number>();
  const states: string[] = [];
  for (const period of held.periods(stream)) {
    const entries = await held.readBack(stream, period);
    digest = addToDigest(digest, entries.map(digestHash));
    count += entries.length;
    countMarks(entries, marks);
    if (deep && entries.length > 0) states.push(`${period} ${foldEntries(entries).canonicalHash()}`);
  }
  return {
    stream,
    count,
    digest,
    markCounts: Object.fromEntries([...marks].sort()),
    stateHash: deep ? hashText(states.join('\n')) : null,
    storedBytes: held.storedBytes(stream),
  };
}

function countMarks(entries: readonly StoredEntry[], marks: Map<string, number>): void {
  for (const entry of entries) {
    if (entry.kind !== 'attendance' || isErased(entry)) continue;
    for (const { value } of entry.cells) {
      const mark = (value as { mark: string } | null)?.mark ?? '';
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
    }
  }
}
