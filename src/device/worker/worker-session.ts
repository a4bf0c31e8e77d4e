import type { Grant } from '../../access/subject.ts';
import type { Period } from '../../ledger/entry-id.ts';
import { periodOfId } from '../../ledger/entry-id.ts';
import { parseRegisterDatabase, parseStreamKey, type StreamKey } from '../../ledger/stream.ts';
import type { Trigger } from '../../sync/device-schedule.ts';
import { confirmedGrants } from '../confirmed-grants.ts';
import { openChannel, personChannelName, type Channel, type PersonMessage } from '../channel.ts';
import type { PersonDatabase } from '../person-database.ts';
import type { Query, SyncView } from '../views.ts';
import { webCrypto } from '../web-crypto.ts';
import { DeviceReporter } from './device-reporter.ts';
import { ExchangeRunner } from './exchange-runner.ts';
import { HeldBlocks } from './held-blocks.ts';
import { JournalReader, type OpenRow } from './journal-reader.ts';
import { LiveQueries } from './live-queries.ts';
import type { FromWorker, ToWorker, WorkerIdentity } from './messages.ts';
import { openPersonStore, type PersonStore } from './person-store.ts';
import { Registers, touchesQuery } from './registers.ts';
import { FIRST_SYNC_STATE, type SharedSyncState } from './sync-state.ts';

const DATE_CHECK_MS = 20_000;
const MERGE_DELAY_MS = 400;

/** Everything a tab does off the main thread for one person, from unlock to lock. */
export class WorkerSession {
  readonly #identity: WorkerIdentity;
  readonly #post: (message: FromWorker) => void;
  readonly #db: PersonDatabase;
  readonly #channel: Channel<PersonMessage>;
  readonly #held: HeldBlocks;
  readonly #journal: JournalReader;
  readonly #registers: Registers;
  readonly #queries: LiveQueries;
  readonly #whole: Set<StreamKey>;
  readonly #kept: PersonStore;
  #grants: readonly Grant[];
  #streams: ReadonlySet<StreamKey>;
  #school: string | null;
  #runner: ExchangeRunner | null = null;
  #sync: SharedSyncState = FIRST_SYNC_STATE;
  #clockOffset: number;
  #merging = false;

  private constructor(identity: WorkerIdentity, kept: PersonStore, post: (message: FromWorker) => void) {
    const { db, blocks: store, journalKey } = kept;
    this.#kept = kept;
    this.#identity = identity;
    this.#db = db;
    this.#post = post;
    this.#grants = identity.grants;
    this.#streams = new Set(identity.streams);
    this.#school = identity.school;
    this.#whole = kept.whole;
    this.#clockOffset = kept.clockOffset;
    this.#sync = { ...FIRST_SYNC_STATE, lastContactAt: kept.lastContactAt, complete: this.#isComplete() };
    this.#held = new HeldBlocks(store, {
      onCells: (stream, period, keys) => this.#cellsChanged(stream, period, keys),
      onLoaded: () => this.#queries.touch((query) => query.type === 'conflicts'),
      onStored: (stream, blocks, rewritten) =>
        this.#channel.post({ type: 'blocks', stream, blocks, rewritten }),
      onHold: (stream, until) => this.#kept.permitEnds.note(stream, until),
      onLeftDisk: (stream) => this.#forgetStored(stream),
      onDropped: (stream) => this.#streamDropped(stream),
    });
    this.#journal = new JournalReader(db, webCrypto, journalKey, {
      onAdded: (row) => this.#rowAdded(row),
      onRefused: (row) => void this.#rowRefused(row),
      onChange: () => this.#queries.touch((query) => query.type === 'sync' || query.type === 'monthRegister'),
    });
    this.#registers = new Registers({
      held: this.#held,
      journal: this.#journal,
      subject: () => ({
        personId: identity.personId,
        grants: confirmedGrants(this.#grants, this.#sync.lastContactAt),
      }),
      chosenSchool: () => this.#school,
      wholeStreams: () => [...this.#whole],
      exchangesHere: () => this.#runner !== null,
      now: () => Date.now() + this.#clockOffset,
    });
    this.#queries = new LiveQueries(
      (query) => this.#answer(query),
      (id, result) => post({ type: 'result', id, result }),
      (error) => this.#reportBug(error),
    );
    this.#channel = openChannel(personChannelName(identity.personId), (message) => this.#heard(message));
  }

  static async open(
    identity: WorkerIdentity,
    verified: boolean,
    post: (message: FromWorker) => void,
  ): Promise<WorkerSession> {
    const session = new WorkerSession(identity, await openPersonStore(identity), post);
    await session.#start(verified);
    return session;
  }

  receive(message: Exclude<ToWorker, { type: 'open' }>): void {
    switch (message.type) {
      case 'watch':
        this.#queries.watch(message.id, message.query);
        break;
      case 'unwatch':
        this.#queries.unwatch(message.id);
        break;
      case 'row': {
        const { seq, at, stream, entry } = message;
        this.#journal.add({ seq, at, stream, entry, id: entry._id, state: 'waiting', code: null });
        this.#channel.post({ type: 'rows' });
        this.#trigger('row');
        break;
      }
      case 'profile':
        this.#grants = message.grants;
        this.#streams = new Set(message.streams);
        this.#queries.touch(() => true);
        break;
      case 'school':
        this.#school = message.school;
        this.#queries.touch((query) => query.type !== 'sync');
        break;
      case 'trigger':
        this.#trigger(message.trigger);
        break;
      case 'sessionChanged':
        this.#runner?.sessionChanged();
        break;
      case 'quiet':
        void (this.#runner?.quiet() ?? Promise.resolve()).then(() =>
          this.#post({ type: 'quiet', id: message.id }),
        );
        break;
    }
  }

  async #start(verified: boolean): Promise<void> {
    // Before anything is shown: which day it is depends on it. A sign-in without contact yet knows better.
    if (this.#clockOffset !== 0) this.#post({ type: 'clock', offsetMs: this.#clockOffset });
    // Rows and blocks have no order among each other; the first screen needs both.
    await Promise.all([this.#journal.refresh(), this.#registers.warmUp()]);
    await this.#postEnrollments();
    this.#watchDate();
    this.#channel.post({ type: 'askSyncState' });
    const lock = `amenimo-${this.#identity.personId}`;
    // Held until this worker ends; then the next tab takes over.
    void navigator.locks.request(lock, async () => {
      try {
        await this.#lead(verified);
      } catch (error) {
        this.#reportBug(error);
      }
      await new Promise(() => undefined);
    });
  }

  async #lead(verified: boolean): Promise<void> {
    await this.#held.takeOver();
    await this.#dropOver();
    const { personId, device, app } = this.#identity;
    const reporter = new DeviceReporter(this.#db, () => performance.now());
    this.#runner = new ExchangeRunner(
      {
        personId,
        device,
        app,
        blocks: this.#held,
        journal: this.#journalWithNews(),
        isKnown: (stream) => this.#streams.has(stream),
        onSession: (session) => this.#post({ type: 'session', session }),
        onClock: (offsetMs) => this.#setClock(offsetMs),
        onPhase: (phase) => this.#setSync({ phase }),
        onContact: (schoolNow) => this.#contacted(schoolNow),
        onProgress: ({ have, total }) => this.#setSync({ progress: have < total ? { have, total } : null }),
        onStreams: (whole) => void this.#streamsCompared(whole),
        onLost: (stream) => this.#streamDropped(stream),
        onRest: () => {
          this.#mergeSoon();
          // What is only in memory goes with the page: nobody who finds the device finds it.
          const states = Object.entries(this.#held.states()).filter(([key]) => !this.#held.isInMemory(key));
          reporter
            .report(Object.fromEntries(states), this.#journal.waiting().length)
            .catch((error: unknown) => this.#reportBug(error));
        },
      },
      verified,
    );
  }

  /** The exchange's journal, which also tells the other tabs of verdicts. */
  #journalWithNews() {
    const journal = this.#journal;
    return {
      refresh: () => journal.refresh(),
      waiting: () => journal.waiting(),
      arrived: async (ids: readonly string[]) => {
        await journal.arrived(ids);
        this.#channel.post({ type: 'verdicts' });
      },
      refused: async (id: string, code: string) => {
        await journal.refused(id, code);
        this.#channel.post({ type: 'verdicts' });
      },
    };
  }

  #heard(message: PersonMessage): void {
    const fail = (error: unknown) => this.#reportBug(error);
    switch (message.type) {
      case 'rows':
        this.#journal.refresh().then(() => this.#runner?.trigger('row'), fail);
        break;
      case 'verdicts':
        this.#journal.reread().catch(fail);
        break;
      case 'blocks':
        if (!this.#runner) this.#held.absorb(message.stream, message.blocks, message.rewritten).catch(fail);
        break;
      case 'dropped':
        if (!this.#runner) this.#held.dropped(message.stream).catch(fail);
        break;
      case 'syncState':
        if (!this.#runner) void this.#takeSyncState(message.state);
        break;
      case 'askSyncState':
        if (this.#runner) this.#channel.post({ type: 'syncState', state: this.#sync });
        break;
      case 'exchangeNow':
        this.#runner?.trigger('asked');
        break;
      case 'signedIn':
        this.#runner?.sessionChanged();
        break;
      // The page's own.
      case 'profile':
      case 'lock':
      case 'active':
        break;
    }
  }

  #trigger(trigger: Trigger): void {
    if (this.#runner) this.#runner.trigger(trigger);
    else if (trigger === 'asked') this.#channel.post({ type: 'exchangeNow' });
  }

  #rowAdded(row: OpenRow): void {
    const period = periodOfId(row.id);
    const keys = this.#held.model(row.stream, period).add(row.entry);
    this.#cellsChanged(row.stream, period, keys);
  }

  /** The register is folded again without the entry that does not count. */
  async #rowRefused(row: OpenRow): Promise<void> {
    const period = periodOfId(row.id);
    try {
      this.#held.forget(row.stream, period);
      const model = await this.#held.load(row.stream, period);
      for (const other of this.#journal.waiting())
        if (other.stream === row.stream && periodOfId(other.id) === period) model.add(other.entry);
    } catch (error) {
      this.#reportBug(error);
    }
    this.#cellsChanged(
      row.stream,
      period,
      row.entry.cells.map((cell) => cell.key),
    );
    this.#queries.touch((query) => query.type !== 'sync');
  }

  #cellsChanged(stream: StreamKey, period: Period, keys: readonly string[]): void {
    if (period.endsWith('-00') && keys.length > 0) {
      this.#registers.forgetStanding(stream);
      if (this.#whole.has(stream) && isRegister(stream))
        void this.#postEnrollments().catch((error) => this.#reportBug(error));
    }
    this.#queries.touch(touchesQuery(period, keys));
  }

  async #postEnrollments(): Promise<void> {
    for (const stream of this.#whole) {
      const standing = await this.#registers.standingOf(stream);
      if (!standing) continue;
      this.#post({ type: 'enrollments', stream, enrollments: standing.roster.enrollments });
    }
  }

  #streamDropped(stream: StreamKey): void {
    this.#whole.delete(stream);
    this.#registers.forgetStanding(stream);
    this.#queries.touch(() => true);
    if (!this.#runner) return;
    this.#channel.post({ type: 'dropped', stream });
    this.#forgetStored(stream);
  }

  /** Nothing of the stream is on the disk any more. */
  #forgetStored(stream: StreamKey): void {
    const stored = this.#held.streams().filter((other) => !this.#held.isInMemory(other));
    this.#kept.forget(stream, stored).catch((error: unknown) => this.#reportBug(error));
  }

  /** What lies here under a permit that has ended goes, with no word from the school. Unsent rows stay. */
  async #dropOver(): Promise<void> {
    for (const stream of this.#kept.permitEnds.over(Date.now() + this.#clockOffset)) {
      await this.#kept.permitEnds.note(stream, null);
      await this.#held.drop(stream);
    }
  }

  async #streamsCompared(whole: Readonly<Record<StreamKey, boolean>>): Promise<void> {
    const fresh = Object.keys(whole).filter((stream) => whole[stream] && !this.#whole.has(stream));
    if (fresh.length > 0) {
      for (const stream of fresh) {
        if (!this.#held.isInMemory(stream)) await this.#db.writeMeta(`complete/${stream}`, true);
        this.#whole.add(stream);
      }
      await this.#postEnrollments();
      this.#queries.touch(() => true);
    }
    this.#setSync({ complete: this.#isComplete() });
  }

  #isComplete(): boolean {
    // Records come and go with the place and the permit; the register is what a school's day needs.
    return [...this.#streams].filter(isRegister).every((stream) => this.#whole.has(stream));
  }

  #contacted(lastContactAt: number): void {
    this.#setSync({ lastContactAt });
    this.#db.writeMeta('lastContactAt', lastContactAt).catch(() => undefined);
  }

  #setClock(offsetMs: number): void {
    if (Math.abs(offsetMs - this.#clockOffset) < 200) return;
    this.#clockOffset = offsetMs;
    this.#post({ type: 'clock', offsetMs });
    this.#db.writeMeta('clockOffset', offsetMs).catch(() => undefined);
  }

  #setSync(change: Partial<SharedSyncState>): void {
    this.#sync = { ...this.#sync, ...change };
    this.#channel.post({ type: 'syncState', state: this.#sync });
    this.#queries.touch((query) => query.type === 'sync');
  }

  async #takeSyncState(state: SharedSyncState): Promise<void> {
    const becameComplete = state.complete && !this.#sync.complete;
    this.#sync = state;
    if (becameComplete) {
      for (const stream of this.#streams) if (isRegister(stream)) this.#whole.add(stream);
      await this.#postEnrollments();
      this.#queries.touch(() => true);
    }
    this.#queries.touch((query) => query.type === 'sync');
  }

  #answer(query: Query): Promise<unknown> {
    return query.type === 'sync' ? Promise.resolve(this.#syncView()) : this.#registers.answer(query);
  }

  #syncView(): SyncView {
    const waiting = this.#journal.waiting();
    return {
      ...this.#sync,
      waitingCount: waiting.length,
      waitingSince: waiting[0]?.at ?? null,
      refused: this.#journal.refusedRows().map(({ id, code, entry }) => ({
        entryId: id,
        code: code ?? '',
        madeAt: entry.madeAt,
        kind: entry.kind,
        cellCount: entry.cells.length,
      })),
      // The page's to say.
      persisted: null,
      diskFull: false,
    };
  }

  /** One period at a time, with pauses, so that nothing waits for it. */
  #mergeSoon(): void {
    if (this.#merging) return;
    this.#merging = true;
    const step = () => {
      this.#held.mergeOne().then(
        (merged) => {
          if (merged) setTimeout(step, MERGE_DELAY_MS);
          else this.#merging = false;
        },
        () => (this.#merging = false),
      );
    };
    setTimeout(step, MERGE_DELAY_MS);
  }

  /**
   * At midnight "today" is another day, though no entry changed. And a tab that was closed right after it wrote told
   * nobody of its row.
   */
  #watchDate(): void {
    let today = this.#registers.today();
    setInterval(() => {
      if (this.#runner) {
        this.#takeUpRows();
        this.#dropOver().catch((error: unknown) => this.#reportBug(error));
      }
      if (today === this.#registers.today()) return;
      today = this.#registers.today();
      this.#queries.touch((query) => query.type !== 'sync');
    }, DATE_CHECK_MS);
  }

  #takeUpRows(): void {
    const known = this.#journal.waiting().length;
    this.#journal.refresh().then(
      () => {
        if (this.#journal.waiting().length > known) this.#runner?.trigger('row');
      },
      (error: unknown) => this.#reportBug(error),
    );
  }

  #reportBug(error: unknown): void {
    const text =
      error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error);
    this.#post({ type: 'bug', message: text });
  }
}

function isRegister(stream: StreamKey): boolean {
  return parseRegisterDatabase(parseStreamKey(stream)?.db ?? '') !== null;
}
