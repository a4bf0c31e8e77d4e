import { canReadStream } from '../../access/register-access.ts';
import type { Subject } from '../../access/subject.ts';
import { calendarDateAt, schoolYearOf } from '../../domain/calendar/calendar-date.ts';
import type { Entry } from '../../ledger/entry.ts';
import {
  classScope,
  parseRegisterDatabase,
  parseSchoolDatabase,
  recordsStream,
  registerStream,
  streamKey,
  type Stream,
  type StreamKey,
} from '../../ledger/stream.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { BlockBudget } from './block-budget.ts';
import { OpenStream } from './open-stream.ts';
import type { StandingFacts } from './stream-folds.ts';
import type { StampSeal, Stamper, StreamStamper } from './stamp.ts';
import { WriteQueue } from './write-queue.ts';

/** Registers kept open at once: the index of a year costs about 2 MB. */
const MAX_OPEN_REGISTERS = 400;
/** Other streams kept open at once; each holds some entries of one class, or of all pupils of a school. */
const MAX_OPEN_RECORDS = 4000;
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
  readonly #openRecords = new Map<StreamKey, Promise<OpenStream>>();
  #databases: { names: ReadonlySet<string>; readAt: number } | null = null;

  constructor({ store, seal, now, budget = new BlockBudget() }: Options) {
    this.#store = store;
    this.#seal = seal;
    this.#now = now;
    this.#budget = budget;
  }

  /** A stream of records is there as soon as its class is: its database begins with its first entry. */
  async exists(stream: Stream): Promise<boolean> {
    const database = parseSchoolDatabase(stream.db);
    if (!database) return false;
    const { schoolCode } = database;
    switch (database.class) {
      case 'register':
        return stream.scope === 'register' && (await this.#registers()).has(stream.db);
      case 'records': {
        const register = registerStream(schoolCode, database.schoolYear);
        if (!(await this.exists(register))) return false;
        const { roster } = await (await this.open(register)).folds.standing();
        return [...roster.homerooms.keys()].some((id) => classScope(id) === stream.scope);
      }
      case 'official1':
        return stream.scope === 'official' && (await this.#newestRegister(schoolCode)) !== null;
      case 'official2':
        return false;
    }
  }

  /** The streams that this person may know today and a device might hold, in order of their names. */
  async readableBy(subject: Subject): Promise<Stream[]> {
    const today = calendarDateAt(this.#now());
    const readable: Stream[] = [];
    for (const register of await this.list()) {
      if (!canReadStream(subject, register, today).allowed) continue;
      readable.push(register);
      for (const stream of await this.#recordsOf(register)) {
        if (canReadStream(subject, stream, today).allowed) readable.push(stream);
      }
    }
    return readable;
  }

  /** The registers there are. */
  async list(): Promise<Stream[]> {
    return [...(await this.#registers())].sort().map((db) => ({ db, scope: 'register' }));
  }

  /** Every stream that holds an entry, for whoever looks through all of them. */
  async stored(): Promise<Stream[]> {
    const stored = await this.list();
    for (const db of (await this.#store.listDatabases()).sort()) {
      const database = parseSchoolDatabase(db);
      if (!database || database.class === 'register') continue;
      const scopes = new Set<string>();
      for await (const batch of this.#store.readEntries(db)) {
        for (const entry of batch) scopes.add(entry._id.slice(0, entry._id.indexOf(':')));
      }
      for (const scope of [...scopes].sort()) stored.push({ db, scope });
    }
    return stored;
  }

  /** Opens a stream that exists. */
  open(stream: Stream): Promise<OpenStream> {
    const key = streamKey(stream);
    const isRegister = parseRegisterDatabase(stream.db) !== null;
    const streams = isRegister ? this.#open : this.#openRecords;
    const opening =
      streams.get(key) ??
      OpenStream.open(this.#store, this.#budget, stream, () => this.#factsOfSchool(stream));
    streams.delete(key);
    streams.set(key, opening);
    opening.catch(() => streams.delete(key));
    for (const [oldest] of streams) {
      if (streams.size <= (isRegister ? MAX_OPEN_REGISTERS : MAX_OPEN_RECORDS)) break;
      streams.delete(oldest);
    }
    return opening;
  }

  /** To be called before anything is written to a stream that exists. */
  async prepareToWrite(stream: Stream): Promise<void> {
    if (parseRegisterDatabase(stream.db) === null) await this.#store.ensureDatabase(stream.db);
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
        this.#openRecords.clear();
        this.#databases = null;
      }
    });
  }

  async openStream(stream: Stream): Promise<StreamStamper> {
    this.#databases = null;
    // Whoever stamps also stores, past this class: what was read of the stream before is not its end.
    this.#open.delete(streamKey(stream));
    this.#openRecords.delete(streamKey(stream));
    let n = (await this.exists(stream)) ? (await this.open(stream)).index.lastN : 0;
    return {
      stamp: (entry: Entry, received) => ({
        ...entry,
        received: this.#seal.stamp(stream, entry._id, { ...received, n: ++n }),
      }),
    };
  }

  async #recordsOf(register: Stream): Promise<Stream[]> {
    const database = parseRegisterDatabase(register.db);
    if (!database) return [];
    const { roster } = await (await this.open(register)).folds.standing();
    return [...roster.homerooms.keys()].map((id) =>
      recordsStream(database.schoolCode, database.schoolYear, id),
    );
  }

  async #factsOfSchool(stream: Stream): Promise<StandingFacts> {
    const database = parseSchoolDatabase(stream.db);
    const register =
      database === null || database.schoolYear === null
        ? await this.#newestRegister(database?.schoolCode ?? '')
        : registerStream(database.schoolCode, database.schoolYear);
    if (!register) throw new Error('records of a school without a register');
    return (await this.open(register)).folds.standing();
  }

  /** The register of the present school year, or the last one there is. */
  async #newestRegister(schoolCode: string): Promise<Stream | null> {
    const years = [...(await this.#registers())]
      .map(parseRegisterDatabase)
      .filter((register) => register?.schoolCode === schoolCode)
      .map((register) => register?.schoolYear ?? 0)
      .sort((a, b) => b - a);
    const thisYear = schoolYearOf(calendarDateAt(this.#now()));
    const year = years.find((each) => each <= thisYear) ?? years[0];
    return year === undefined ? null : registerStream(schoolCode, year);
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
