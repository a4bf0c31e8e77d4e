import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { Entry, Received } from './entry.ts';
import { hashOfId, type EntryId } from './entry-id.ts';
import { hashText, type Hash } from './hash.ts';

/**
 * The one permitted second revision: what was written is gone, who removed it and why stays. The keys and `over`
 * stay too, they hold no personal value; without them an erased entry in the middle of a history would let the
 * value it replaced rise again beside the one that replaced it.
 */
export interface ErasedEntry {
  readonly _id: EntryId;
  readonly _rev: string;
  readonly erased: true;
  readonly v: number;
  readonly kind: string;
  readonly on: CalendarDate;
  readonly erasedBy: string;
  readonly erasedAt: number;
  readonly why: string;
  readonly cells: readonly { readonly key: string; readonly over: readonly EntryId[] }[];
  readonly received?: Received;
}

export type StoredEntry = Entry | ErasedEntry;

export function isErased(stored: StoredEntry): stored is ErasedEntry {
  return 'erased' in stored;
}

/** One erasure of an entry has one revision, whoever asks: a second request is the same document. */
export function erasureHash(id: EntryId): Hash {
  return hashText(`erased:${id}`);
}

export function eraseEntry(entry: Entry, by: string, at: number, why: string): ErasedEntry {
  return {
    _id: entry._id,
    _rev: `2-${erasureHash(entry._id)}`,
    erased: true,
    v: entry.v,
    kind: entry.kind,
    on: entry.on,
    erasedBy: by,
    erasedAt: at,
    why,
    cells: entry.cells.map(({ key, over }) => ({ key, over })),
    ...(entry.received ? { received: entry.received } : {}),
  };
}

/** The hash that a stored entry adds to its stream's digest: an erasure is news, so it counts differently. */
export function digestHash(stored: StoredEntry): Hash {
  return isErased(stored) ? erasureHash(stored._id) : hashOfId(stored._id);
}

/** What a store is asked to keep for an entry: its revision and, for an erasure, the revision before it. */
export function revisionsOf(stored: StoredEntry): { start: number; ids: string[] } {
  const hash = hashOfId(stored._id);
  return isErased(stored) ? { start: 2, ids: [erasureHash(stored._id), hash] } : { start: 1, ids: [hash] };
}
