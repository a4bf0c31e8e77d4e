import { canReadStream } from '../../access/register-access.ts';
import type { Subject } from '../../access/subject.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { Entry } from '../../ledger/entry.ts';
import { parseRegisterDatabase, streamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { BlockBudget } from './block-budget.ts';
import { OpenStream } from './open-stream.ts';
import type { StampSeal, Stamper, StreamStamper } from './stamp.ts';
import { WriteQueue } from './write-queue.ts';

/** Streams kept open at once: the index of a year costs about 2 MB. */
const MAX_OPEN_STREAMS = 400;
/** How long the list of databases is believed. */
const BELIEVED_MS = 5_000;

interface Options {
  readonly store: DocumentStore;
  readonly seal: StampSeal;
  readonly now: Clock;
  readonly budget?: BlockBudget;
}

/** The streams there are, and those in use. */
export class Streams implements Stamper {
  readonly queue = new WriteQueue();
  readonly #store: DocumentStore;
  readonly #seal: StampSeal;
  readonly #now: Clock;
  readonly #budget: BlockBudget;
  /** In order of use, the longest unused first. */
  readonly #open = new Map<StreamKey, Promise<OpenStream>>();
  #databases: { names: ReadonlySet<string>; readAt: number } | null = null;

  constructor({ store, seal, now, budget = new BlockBudget() }: Options) {
    this.#store = store;
    this.#seal = seal;
    this.#now = now;
    this.#budget = budget;
  }

  async exists(stream: Stream): Promise<boolean> {
    return stream.scope === 'register' && (await this.#registers()).has(stream.db);
  }

  /** The streams that this person may read today, in order of their names. */
  async readableBy(subject: Subject): Promise<Stream[]> {
    const today = calendarDateAt(this.#now());
    return (await this.list()).filter((stream) => canReadStream(subject, stream, today).allowed);
  }

  async list(): Promise<Stream[]> {
    return [...(await this.#registers())].sort().map((db) => ({ db, scope: 'register' }));
  }

  /** Opens a stream that exists. */
  open(stream: Stream): Promise<OpenStream> {
    const key = streamKey(stream);
    const opening = this.#open.get(key) ?? OpenStream.open(this.#store, this.#budget, stream);
    this.#open.delete(key);
    this.#open.set(key, opening);
    opening.catch(() => this.#open.delete(key));
    for (const [oldest] of this.#open) {
      if (this.#open.size <= MAX_OPEN_STREAMS) break;
      this.#open.delete(oldest);
    }
    return opening;
  }

  /**
   * Lets a program that writes past this class (an import) do so alone: pushes wait meanwhile, and afterwards
   * everything is read anew.
   */
  async writeAround<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.runAlone(async () => {
      try {
        return await work();
      } finally {
        this.#open.clear();
        this.#databases = null;
      }
    });
  }

  async openStream(stream: Stream): Promise<StreamStamper> {
    this.#databases = null;
    // Whoever stamps also stores, past this class: what was read of the stream before is not its end.
    this.#open.delete(streamKey(stream));
    let n = (await this.exists(stream)) ? (await this.open(stream)).index.lastN : 0;
    return {
      stamp: (entry: Entry, received) => ({
        ...entry,
        received: this.#seal.stamp(stream, entry._id, { ...received, n: ++n }),
      }),
    };
  }

  async #registers(): Promise<ReadonlySet<string>> {
    const now = this.#now();
    if (!this.#databases || Math.abs(now - this.#databases.readAt) >= BELIEVED_MS) {
      const names = await this.#store.listDatabases();
      this.#databases = {
        names: new Set(names.filter((name) => parseRegisterDatabase(name) !== null)),
        readAt: now,
      };
    }
    return this.#databases.names;
  }
}
