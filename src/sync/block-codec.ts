import { addToDigest, EMPTY_DIGEST } from '../ledger/digest.ts';
import { digestHash, revisionsOf, type StoredEntry } from '../ledger/erasure.ts';
import type { StreamState } from './protocol.ts';

/**
 * The text of a block: a JSON array of its entries without `_rev`, which the id implies. It is compressed by
 * whoever sends it and kept so by whoever receives it.
 */
export function writeBlockText(entries: readonly StoredEntry[]): string {
  return JSON.stringify(entries, (key, value: unknown) => (key === '_rev' ? undefined : value));
}

export function readBlockText(text: string): StoredEntry[] {
  const entries = JSON.parse(text) as (StoredEntry & { _rev: string })[];
  for (const entry of entries) {
    const { start, ids } = revisionsOf(entry);
    entry._rev = `${start}-${ids[0]}`;
  }
  return entries;
}

export function stateOf(entries: readonly StoredEntry[]): StreamState {
  return { count: entries.length, digest: addToDigest(EMPTY_DIGEST, entries.map(digestHash)) };
}
