import type { EntryId } from '../ledger/entry-id.ts';
import type { WaitingRow } from './device-ports.ts';
import { MAX_PUSH_ENTRIES, MAX_REQUEST_BYTES, type PushedEntry } from './protocol.ts';

/** A push leaves room for the rest of the request, and gets through a slow line in bearable time. */
export const MAX_PUSH_BYTES = MAX_REQUEST_BYTES / 4;

const FIRST_DEFER_MS = 15_000;
const MAX_DEFER_MS = 600_000;

interface Deferral {
  readonly until: number;
  readonly delay: number;
}

/**
 * Chooses what goes into the next request. Rows go in the order they were written. A batch that makes the server
 * fail is halved until the one row stands alone that does it; that row then waits and the others pass it by.
 */
export class PushQueue {
  #limit = MAX_PUSH_ENTRIES;
  readonly #deferred = new Map<EntryId, Deferral>();
  readonly #bytes = new WeakMap<object, number>();

  /** The rows for one request, oldest first; `extra` fills what they leave. */
  choose(waiting: readonly WaitingRow[], extra: readonly PushedEntry[], now: number): PushedEntry[] {
    const batch: PushedEntry[] = [];
    let bytes = 0;
    for (const item of [...waiting.filter((row) => !this.#isDeferred(row.id, now)), ...extra]) {
      const size = this.#sizeOf(item.entry as object);
      if (batch.length >= this.#limit || (batch.length > 0 && bytes + size > MAX_PUSH_BYTES)) break;
      bytes += size;
      batch.push({ stream: item.stream, entry: item.entry });
    }
    return batch;
  }

  /** Whether any row could be sent now. */
  hasReady(waiting: readonly WaitingRow[], now: number): boolean {
    return waiting.some((row) => !this.#isDeferred(row.id, now));
  }

  /** The next instant at which a deferred row wants to be tried again. */
  nextReadyAt(waiting: readonly WaitingRow[]): number | null {
    let next: number | null = null;
    for (const row of waiting) {
      const until = this.#deferred.get(row.id)?.until;
      if (until !== undefined && (next === null || until < next)) next = until;
    }
    return next;
  }

  succeeded(): void {
    this.#limit = Math.min(MAX_PUSH_ENTRIES, this.#limit * 2);
  }

  /** The server could not take this batch: the next one is smaller, or goes without the one row in it. */
  failed(batch: readonly PushedEntry[], now: number): void {
    if (batch.length === 0) return;
    if (batch.length > 1) this.#limit = Math.floor(batch.length / 2);
    else this.defer((batch[0]?.entry as { _id: EntryId })._id, now);
  }

  /** The gateway cannot judge this entry yet, or fails on it. */
  defer(id: EntryId, now: number): void {
    const delay = Math.min(MAX_DEFER_MS, (this.#deferred.get(id)?.delay ?? FIRST_DEFER_MS / 2) * 2);
    this.#deferred.set(id, { until: now + delay, delay });
  }

  forget(id: EntryId): void {
    this.#deferred.delete(id);
  }

  forgetDeferrals(): void {
    this.#deferred.clear();
  }

  #isDeferred(id: EntryId, now: number): boolean {
    const deferral = this.#deferred.get(id);
    return deferral !== undefined && deferral.until > now;
  }

  /** Upper bound of the UTF-8 bytes. */
  #sizeOf(entry: object): number {
    let size = this.#bytes.get(entry);
    if (size === undefined) {
      size = JSON.stringify(entry).length * 3;
      this.#bytes.set(entry, size);
    }
    return size;
  }
}
