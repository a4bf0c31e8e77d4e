import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../ledger/canonical.ts';
import type { Entry, Received } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import type { ErasedEntry } from '../../ledger/erasure.ts';
import { streamKey, type Stream } from '../../ledger/stream.ts';

/** What a stamp says, before the gateway's seal. */
export type StampFacts = Omit<Received, 'mac'>;

/**
 * Seals stamps and erasures. An id names its body, so the seal over stream, id and stamp covers the entry. An
 * erasure has no body to name: its seal, in the place of the stamp's, covers all of it.
 */
export class StampSeal {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  stamp(stream: Stream, id: EntryId, { at, by, device, n }: StampFacts): Received {
    return { at, by, device, n, mac: this.#macOf({ stream: streamKey(stream), id, at, by, device, n }) };
  }

  isOurs(stream: Stream, id: EntryId, received: Received): boolean {
    return isSame(received.mac, this.stamp(stream, id, received).mac);
  }

  sealErasure(stream: Stream, erased: ErasedEntry): ErasedEntry {
    if (!erased.received) return erased;
    return { ...erased, received: { ...erased.received, mac: this.#erasureMac(stream, erased) } };
  }

  isOurErasure(stream: Stream, erased: ErasedEntry): boolean {
    return erased.received !== undefined && isSame(erased.received.mac, this.#erasureMac(stream, erased));
  }

  #erasureMac(stream: Stream, erased: ErasedEntry): string {
    const { mac, ...facts } = erased.received ?? { mac: '' };
    return this.#macOf({ stream: streamKey(stream), erased: { ...erased, received: facts } });
  }

  #macOf(value: unknown): string {
    return createHmac('sha256', this.#key).update(canonicalJson(value)).digest('hex').slice(0, 32);
  }
}

function isSame(a: string, b: string): boolean {
  const left = new TextEncoder().encode(a);
  const right = new TextEncoder().encode(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Stamps entries that this program makes itself (import, practice city) as the next ones of a stream. */
export interface Stamper {
  /** Reads where the stream stands now; nothing else may write to it until the last stamped entry is stored. */
  openStream(stream: Stream): Promise<StreamStamper>;
}

export interface StreamStamper {
  /** The entry with its stamp; each call takes the next place in the stream. `at` is epoch milliseconds. */
  stamp(entry: Entry, received: { readonly at: number; readonly by: string; readonly device: string }): Entry;
}
