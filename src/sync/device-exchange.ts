import type { Entry } from '../ledger/entry.ts';
import type { EntryId, Period } from '../ledger/entry-id.ts';
import type { StreamKey } from '../ledger/stream.ts';
import { checkHead } from './device-head.ts';
import { TransportFailure, type DeviceBlocks, type DeviceJournal, type Transport } from './device-ports.ts';
import { PushQueue } from './device-push.ts';
import { BrokenAnswer } from './frames.ts';
import {
  PROTOCOL_VERSION,
  type ExchangeHead,
  type ExchangeRequest,
  type PushedEntry,
  type StreamState,
} from './protocol.ts';

export interface ExchangeIdentity {
  readonly app: string;
  readonly device: string;
}

/** How far the device has come towards what the gateway said it has. */
export interface Progress {
  readonly have: number;
  readonly total: number;
}

export interface ExchangeEvents {
  /** The gateway's first words have arrived: its clock, and what there is to come. */
  onHead(head: ExchangeHead): void;
  onProgress(progress: Progress): void;
  /** For each stream the gateway named: whether this device now has all of it. */
  onStreams(whole: Readonly<Record<StreamKey, boolean>>): void;
  onLost(stream: StreamKey): void;
}

export interface RoundResult {
  /** False where the server could not take what was pushed, and a smaller batch is to be tried. */
  readonly whole: boolean;
  /** Something is left to say at once: more rows, a comparison, entries to hand back. */
  readonly again: boolean;
}

const sameState = (a: StreamState | undefined, b: StreamState): boolean =>
  (a?.count ?? 0) === b.count && (a === undefined ? b.count === 0 : a.digest === b.digest);

/**
 * The device's side of the exchange: one request and its answer at a time. It remembers what the gateway asked for
 * (a comparison, entries to hand back); what is on this device it asks its ports.
 */
export class DeviceExchange {
  readonly #blocks: DeviceBlocks;
  readonly #journal: DeviceJournal;
  readonly #transport: Transport;
  readonly #identity: ExchangeIdentity;
  readonly #events: ExchangeEvents;
  readonly #now: () => number;
  readonly #queue = new PushQueue();
  /** The gateway's periods of streams it wants compared. */
  readonly #toCompare = new Map<StreamKey, Readonly<Record<Period, StreamState>>>();
  readonly #toHandBack = new Map<EntryId, StreamKey>();
  readonly #lost = new Set<StreamKey>();
  /** What both sides were when a comparison was last asked for: the same again leads nowhere. */
  readonly #asked = new Map<StreamKey, string>();
  #unsettled = false;

  constructor(
    ports: { blocks: DeviceBlocks; journal: DeviceJournal; transport: Transport; now: () => number },
    identity: ExchangeIdentity,
    events: ExchangeEvents,
  ) {
    this.#blocks = ports.blocks;
    this.#journal = ports.journal;
    this.#transport = ports.transport;
    this.#now = ports.now;
    this.#identity = identity;
    this.#events = events;
  }

  /** When a row that was put off wants to be tried again; null where there is none. */
  nextReadyAt(): number | null {
    return this.#queue.nextReadyAt(this.#journal.waiting());
  }

  /** What was put off is tried again at once: somebody asked for it, or the server is another. */
  forgetDeferrals(): void {
    this.#queue.forgetDeferrals();
  }

  /** One request and its whole answer. Throws TransportFailure or StorageFailure; what came before is kept. */
  async round(): Promise<RoundResult> {
    await this.#journal.refresh();
    const request = await this.#makeRequest();
    let head: ExchangeHead | null = null;
    try {
      for await (const frame of this.#transport.exchange(request)) {
        if (frame.type === 'head') {
          if (head) throw new TransportFailure('notOurs');
          head = checkHead(frame.head, request);
          this.#events.onHead(head);
          for (const [stream, { hold, until = null }] of Object.entries(head.streams))
            await this.#blocks.place(stream, hold, until);
          this.#reportProgress(head);
        } else if (frame.type === 'block') {
          if (!head || !Object.hasOwn(head.streams, frame.block.meta.stream))
            throw new TransportFailure('notOurs');
          await this.#blocks.take(frame.block);
          this.#reportProgress(head);
        }
      }
      if (!head) throw new TransportFailure('notOurs');
    } catch (error) {
      if (head) await this.#blocks.settled();
      const failure = error instanceof BrokenAnswer ? new TransportFailure('notOurs') : error;
      if (failure instanceof TransportFailure && this.#canTrySmaller(failure, request.push))
        return { whole: false, again: true };
      throw failure;
    }
    await this.#conclude(request, head);
    return { whole: true, again: this.#hasMore() };
  }

  /** Where the server fails on a push, the push shrinks; where it fails without one, no row is to blame. */
  #canTrySmaller(failure: TransportFailure, push: readonly PushedEntry[]): boolean {
    if (failure.reason === 'timeout') this.#queue.failed(push, this.#now());
    if (failure.reason !== 'badBatch') return false;
    if (push.length === 0) {
      this.#queue.forgetDeferrals();
      return false;
    }
    this.#queue.failed(push, this.#now());
    if (push.length === 1) this.#toHandBack.delete((push[0]?.entry as Entry)._id);
    return true;
  }

  async #findHandBack(): Promise<PushedEntry[]> {
    const found: PushedEntry[] = [];
    for (const stream of new Set(this.#toHandBack.values())) {
      const ids = [...this.#toHandBack].filter(([, of]) => of === stream).map(([id]) => id);
      const entries = await this.#blocks.findHeld(stream, ids);
      for (const entry of entries) found.push({ stream, entry });
      const held = new Set(entries.map((entry) => entry._id));
      for (const id of ids) if (!held.has(id)) this.#toHandBack.delete(id);
    }
    return found;
  }

  async #makeRequest(): Promise<ExchangeRequest> {
    const handBack = await this.#findHandBack();
    const compare: Record<StreamKey, Record<Period, string[]>> = {};
    for (const [stream, theirs] of this.#toCompare) compare[stream] = await this.#differing(stream, theirs);
    return {
      protocol: PROTOCOL_VERSION,
      ...this.#identity,
      streams: this.#blocks.states(),
      ...(this.#toCompare.size > 0 ? { compare } : {}),
      push: this.#queue.choose(this.#journal.waiting(), handBack, this.#now()),
    };
  }

  async #differing(
    stream: StreamKey,
    theirs: Readonly<Record<Period, StreamState>>,
  ): Promise<Record<Period, string[]>> {
    const ours = this.#blocks.periodStates(stream);
    const differing: Record<Period, string[]> = {};
    for (const period of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const their = theirs[period];
      if (their && sameState(ours[period], their)) continue;
      differing[period] = ours[period] ? await this.#blocks.tokensOf(stream, period) : [];
    }
    return differing;
  }

  /** Blocks first, rows second: a crash between leaves an entry in both, which folds to one. */
  async #conclude(request: ExchangeRequest, head: ExchangeHead): Promise<void> {
    await this.#blocks.settled();
    const waiting = new Set(this.#journal.waiting().map((row) => row.id));
    const accepted = new Map<StreamKey, Entry[]>();
    for (const [index, verdict] of head.verdicts.entries()) {
      this.#toHandBack.delete(verdict.id);
      const pushed = request.push[index];
      if (!pushed || !waiting.has(verdict.id)) continue;
      if (verdict.verdict === 'accepted') {
        const entry = { ...(pushed.entry as Entry), received: verdict.received };
        accepted.set(pushed.stream, [...(accepted.get(pushed.stream) ?? []), entry]);
      } else if (verdict.verdict === 'refused') {
        await this.#journal.refused(verdict.id, verdict.code);
        this.#queue.forget(verdict.id);
      } else {
        this.#queue.defer(verdict.id, this.#now());
      }
    }
    if (request.push.length > 0) this.#queue.succeeded();
    const arrived: EntryId[] = [];
    for (const [stream, entries] of accepted) {
      // A stream that may no longer be read is about to be dropped: nothing of it is stored again.
      if (!head.lost.includes(stream)) await this.#blocks.keepAccepted(stream, entries);
      for (const { _id } of entries) arrived.push(_id);
    }
    await this.#blocks.settled();
    if (arrived.length > 0) {
      await this.#journal.arrived(arrived);
      for (const id of arrived) this.#queue.forget(id);
    }
    for (const stream of head.lost) this.#lost.add(stream);
    for (const stream of Object.keys(head.streams)) this.#lost.delete(stream);
    await this.#dropLost();
    this.#compareStates(head);
  }

  /** What is unsent of a lost stream is handed over first; only then its blocks and key go. */
  async #dropLost(): Promise<void> {
    for (const stream of [...this.#lost]) {
      if (this.#journal.waiting().some((row) => row.stream === stream)) continue;
      await this.#blocks.drop(stream);
      this.#lost.delete(stream);
      this.#toCompare.delete(stream);
      this.#events.onLost(stream);
    }
  }

  #compareStates(head: ExchangeHead): void {
    const ours = this.#blocks.states();
    const whole: Record<StreamKey, boolean> = {};
    this.#unsettled = false;
    for (const [stream, answer] of Object.entries(head.streams)) {
      whole[stream] = sameState(ours[stream], answer);
      for (const id of answer.wanted ?? []) this.#toHandBack.set(id, stream);
      this.#toCompare.delete(stream);
      if (whole[stream]) {
        this.#asked.delete(stream);
        continue;
      }
      const asked = JSON.stringify([ours[stream], answer.count, answer.digest]);
      const isNew = this.#asked.get(stream) !== asked;
      this.#asked.set(stream, asked);
      if (!isNew) continue;
      if (answer.follow === 'compare') this.#toCompare.set(stream, answer.periods ?? {});
      else this.#unsettled = true;
    }
    this.#reportProgress(head);
    this.#events.onStreams(whole);
  }

  #hasMore(): boolean {
    return (
      this.#unsettled ||
      this.#toCompare.size > 0 ||
      this.#toHandBack.size > 0 ||
      this.#queue.hasReady(this.#journal.waiting(), this.#now())
    );
  }

  #reportProgress(head: ExchangeHead): void {
    const ours = this.#blocks.states();
    let have = 0;
    let total = 0;
    for (const [stream, answer] of Object.entries(head.streams)) {
      have += Math.min(ours[stream]?.count ?? 0, answer.count);
      total += answer.count;
    }
    this.#events.onProgress({ have, total });
  }
}
