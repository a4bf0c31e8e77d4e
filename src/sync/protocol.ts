import * as z from 'zod/mini';
import { protections, type Protection } from '../access/protection.ts';
import type { Digest } from '../ledger/digest.ts';
import type { Received } from '../ledger/entry.ts';
import type { EntryId, Period } from '../ledger/entry-id.ts';

import type { StreamKey } from '../ledger/stream.ts';

/** Version of what device and gateway say to each other. A newer one is answered with 426 and a sentence. */
export const PROTOCOL_VERSION = 1;

/** Names the person whose vault is open: the session's cookie may be somebody else's on a shared tablet. */
export const PERSON_HEADER = 'amenimo-person';

/** Most entries in one push, and the most bytes of one request's body. */
export const MAX_PUSH_ENTRIES = 200;
export const MAX_REQUEST_BYTES = 4_194_304;

/** Where a side stands in a stream: how many entries it has, and the digest of their hashes. */
export interface StreamState {
  readonly count: number;
  readonly digest: Digest;
}

/**
 * One request for all streams. A stream that is not named is one the device does not hold: it gets all of it.
 * `compare` is sent after the gateway asked for it: the hashes the device holds in periods that differ.
 */
export interface ExchangeRequest {
  readonly protocol: number;
  readonly app: string;
  readonly device: string;
  /** What guards the keys of this device's storage; left out by those that know of a password alone. */
  readonly protection?: Protection;
  readonly streams: Readonly<Record<StreamKey, StreamState>>;
  readonly compare?: Readonly<Record<StreamKey, Readonly<Record<Period, readonly string[]>>>>;
  readonly push: readonly PushedEntry[];
}

export interface PushedEntry {
  readonly stream: StreamKey;
  /** Judged one by one: a poison entry does not hold up the others. Unknown until checked. */
  readonly entry: unknown;
}

export type Verdict =
  | { readonly id: EntryId; readonly verdict: 'accepted'; readonly received: Received }
  | { readonly id: EntryId; readonly verdict: 'refused'; readonly code: string }
  | { readonly id: EntryId; readonly verdict: 'later'; readonly code: string };

/** What the gateway says first: its own state, after the push, and its verdict on each pushed entry, in order. */
export interface ExchangeHead {
  readonly protocol: number;
  /** The gateway's clock, epoch milliseconds. */
  readonly now: number;
  readonly verdicts: readonly Verdict[];
  readonly streams: Readonly<Record<StreamKey, StreamAnswer>>;
  /** Streams the device named and may not read (any more): it drops them after handing over what is unsent. */
  readonly lost: readonly StreamKey[];
}

export interface StreamAnswer extends StreamState {
  /** `memory`: the device keeps it until it locks and writes none of it to its storage. */
  readonly hold: 'disk' | 'memory';
  /** Held under a permit that ends then, epoch milliseconds: the device drops it by itself, offline too. */
  readonly until?: number;
  /**
   * `equal`: nothing follows. `blocks`: all that the device lacks follows. `compare`: the two differ in a way that
   * counting cannot settle; `periods` is the gateway's state by period and the device answers with its hashes.
   */
  readonly follow: 'equal' | 'blocks' | 'compare';
  readonly periods?: Readonly<Record<Period, StreamState>>;
  /** Ids the device named in `compare` that the gateway lacks (a restored backup): to be handed back. */
  readonly wanted?: readonly EntryId[];
}

/** What stands before the bytes of a block: gzip of the JSON array of its entries. */
export interface BlockMeta extends StreamState {
  readonly stream: StreamKey;
  readonly period: Period;
}

export interface Block {
  readonly meta: BlockMeta;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Sent in a server-sent event: that a stream has news, never what. */
export interface Poke {
  readonly stream: StreamKey;
  readonly count: number;
}

const streamState = z.strictObject({
  count: z.int().check(z.minimum(0)),
  digest: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
});

export const exchangeRequestShape = z.strictObject({
  protocol: z.int(),
  app: z.string().check(z.maxLength(40)),
  device: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  protection: z.optional(z.enum(protections)),
  streams: z.record(z.string().check(z.maxLength(160)), streamState),
  compare: z.optional(
    z.record(
      z.string().check(z.maxLength(160)),
      z.record(
        z.string().check(z.regex(/^\d{4}-\d{2}$/)),
        z.array(z.string().check(z.regex(/^[a-zA-Z]{2,32}:[0-9a-f]{32}(?:!)?$/))),
      ),
    ),
  ),
  push: z
    .array(z.strictObject({ stream: z.string().check(z.maxLength(160)), entry: z.unknown() }))
    .check(z.maxLength(MAX_PUSH_ENTRIES)),
});

/** How a `compare` names an entry of a period: kind and hash, with `!` where the device has its erasure. */
export function compareToken(kind: string, hash: string, erased: boolean): string {
  return `${kind}:${hash}${erased ? '!' : ''}`;
}
