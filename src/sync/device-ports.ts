import type { Entry } from '../ledger/entry.ts';
import type { EntryId, Period } from '../ledger/entry-id.ts';
import type { StoredEntry } from '../ledger/erasure.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { Frame } from './frames.ts';
import type { Block, ExchangeRequest, StreamState } from './protocol.ts';

/** What the school has, as far as this device holds it. */
export interface DeviceBlocks {
  states(): Readonly<Record<StreamKey, StreamState>>;
  periodStates(stream: StreamKey): Readonly<Record<Period, StreamState>>;
  /** What `compare` says of a period: the tokens of all entries held. */
  tokensOf(stream: StreamKey, period: Period): Promise<string[]>;
  /** Those of the ids that are held, to be handed back after a restored backup. */
  findHeld(stream: StreamKey, ids: readonly EntryId[]): Promise<StoredEntry[]>;
  /** How a stream is to be held from now on, and until when. What lay elsewhere goes before the next block comes. */
  place(stream: StreamKey, hold: 'disk' | 'memory', until: number | null): Promise<void>;
  /** Takes a block in; may resolve before it is durable. Throws BrokenAnswer where its content belies its meta. */
  take(block: Block): Promise<void>;
  /** Keeps those of the accepted entries that no block has brought. */
  keepAccepted(stream: StreamKey, entries: readonly Entry[]): Promise<void>;
  /** Resolves when all that was taken is durable. Throws StorageFailure. */
  settled(): Promise<void>;
  /** Drops all blocks of a stream, and its key. */
  drop(stream: StreamKey): Promise<void>;
}

/** A row of the journal that waits for a verdict. */
export interface WaitingRow {
  readonly id: EntryId;
  readonly stream: StreamKey;
  readonly entry: Entry;
}

/** What the school does not have yet. */
export interface DeviceJournal {
  /** Takes up rows that other tabs wrote. */
  refresh(): Promise<void>;
  /** In the order they were written. */
  waiting(): readonly WaitingRow[];
  /** Removes rows whose entries are durable among the blocks. */
  arrived(ids: readonly EntryId[]): Promise<void>;
  /** Keeps the row, never to be sent again by itself. */
  refused(id: EntryId, code: string): Promise<void>;
}

export type TransportReason =
  /** No connection, or it broke before an answer began. */
  | 'unreachable'
  /** Too few bytes for too long. */
  | 'timeout'
  /** An answer that is not the gateway's: a captive portal, a proxy's page, a cut. */
  | 'notOurs'
  | 'signedOut'
  /** The gateway wants a newer app. */
  | 'appTooOld'
  /** 413, or a server error that may come from what was pushed. */
  | 'badBatch'
  /** 429, 503: come again later. */
  | 'busy';

/** Why an exchange came to nothing. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly reason: TransportReason;
  readonly retryAfterMs: number | undefined;
  constructor(reason: TransportReason, retryAfterMs?: number) {
    super(reason);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** This device cannot keep what came: full, broken or gone. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}

export interface Transport {
  /** One POST; frames as they arrive. Ends after `end`; throws TransportFailure on anything else. */
  exchange(request: ExchangeRequest): AsyncIterable<Frame>;
}

export interface Timers {
  /** Milliseconds of a clock that only goes forward, whatever the person does to the wall clock. */
  now(): number;
  /** Calls back once after `ms`; returns how to cancel. */
  after(ms: number, callback: () => void): () => void;
  /** Between 0 and 1. */
  random(): number;
}
