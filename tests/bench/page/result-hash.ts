import type { StoredEntry } from '#ledger/erasure.ts';

/** The answer of the query that ends every first sync: all entries, in order of their ids, every field. */
export interface QueryAnswer {
  readonly count: number;
  readonly hash: string;
}

/** The same for every side of a comparison, and for the server that knows what the answer must be. */
export async function answerOverAll(entries: readonly StoredEntry[]): Promise<QueryAnswer> {
  const sorted = [...entries].sort((a, b) => (a._id < b._id ? -1 : 1));
  return { count: sorted.length, hash: await hashOfText(sorted.map(lineOf).join('\n')) };
}

/** First 128 bits of SHA-256. */
export async function hashOfText(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function lineOf(entry: StoredEntry): string {
  if ('erased' in entry) return `${entry._id} ${entry._rev}`;
  const { _id, _rev, v, kind, salt, on, madeAt, by, device, received } = entry;
  const cells = entry.cells.map(({ key, value, over }) => [key, value, over]);
  const stamp = received && [received.at, received.by, received.device, received.n, received.mac];
  return JSON.stringify([_id, _rev, v, kind, salt, on, madeAt, by, device, cells, stamp]);
}
