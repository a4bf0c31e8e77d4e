import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { Entry, Received } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';
import { findKind } from '../../ledger/kinds.ts';
import { parseRegisterDatabase, parseStreamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import type { PushedEntry, Verdict } from '../../sync/protocol.ts';
import type { Clock } from '../clock.ts';
import { describeError, type Log } from '../log.ts';
import { StoreUnavailable, type DocumentStore, type UserContext } from '../store/document-store.ts';
import { standingOf, type Author, type Standing } from './author.ts';
import type { OpenStream } from './open-stream.ts';
import type { Pokes } from './pokes.ts';
import { judgeRow, type Earlier, type Judgement } from './push-judge.ts';
import type { RowSignatures } from './row-signatures.ts';
import type { StampSeal } from './stamp.ts';
import type { Streams } from './streams.ts';
import { isOpen, type Tray, type TrayRecord, type TrayState } from './tray.ts';
import { handbackContext, writerContext } from './user-context.ts';

export interface PushPorts {
  readonly store: DocumentStore;
  readonly streams: Streams;
  readonly seal: StampSeal;
  readonly tray: Tray;
  readonly signatures: RowSignatures;
  readonly pokes: Pokes;
  readonly now: Clock;
  readonly log: Log;
}

interface PushedRow {
  /** Its place in the request. */
  readonly at: number;
  readonly id: EntryId;
  readonly input: unknown;
}

/**
 * Judges and keeps what a device hands in: one verdict per row, in order. A row that is wrong, or a store that does
 * not answer, holds up no other database's rows.
 */
export async function pushEntries(
  ports: PushPorts,
  author: Author,
  pushed: readonly PushedEntry[],
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const byStream = new Map<StreamKey, PushedRow[]>();
  pushed.forEach(({ stream, entry }, at) => {
    const row = { at, id: readId(entry), input: entry };
    verdicts[at] = { id: row.id, verdict: 'refused', code: 'denied' };
    const rows = byStream.get(stream);
    if (rows) rows.push(row);
    else byStream.set(stream, [row]);
  });
  const today = calendarDateAt(ports.now());
  const pushAll = (of: (stream: Stream) => boolean) =>
    Promise.all(
      [...byStream].map(async ([key, rows]) => {
        const stream = parseStreamKey(key);
        if (!stream || !of(stream)) return;
        const standing = standingOf(author.subject, stream, today);
        if (standing === 'stranger') return;
        await pushToStream(ports, author, standing, stream, rows, verdicts);
      }),
    );
  // Registers first: what is written of a pupil elsewhere goes by where the register says that the pupil is.
  const isRegister = (stream: Stream) => parseRegisterDatabase(stream.db) !== null;
  await pushAll(isRegister);
  await pushAll((stream) => !isRegister(stream));
  return verdicts;
}

async function pushToStream(
  ports: PushPorts,
  author: Author,
  standing: Standing,
  stream: Stream,
  rows: readonly PushedRow[],
  verdicts: Verdict[],
): Promise<void> {
  const settled = new Set<number>();
  const settle = (at: number, verdict: Verdict): void => {
    verdicts[at] = verdict;
    settled.add(at);
  };
  try {
    if (!(await ports.streams.exists(stream))) return;
    await ports.streams.queue.run(stream.db, async () => {
      await ports.streams.prepareToWrite(stream);
      const opened = await ports.streams.open(stream);
      await new StreamPush(ports, author, standing, opened, settle).push(rows);
    });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    for (const { at, id } of rows) {
      if (!settled.has(at)) verdicts[at] = { id, verdict: 'later', code: 'storeUnavailable' };
    }
  }
}

/** One request's rows of one stream, under that database's lock. */
class StreamPush implements Earlier {
  readonly #ports: PushPorts;
  readonly #author: Author;
  readonly #standing: Standing;
  readonly #opened: OpenStream;
  readonly #settle: (at: number, verdict: Verdict) => void;
  readonly #pending = new Map<
    EntryId,
    { at: number; entry: StoredEntry; restored: boolean; keys: Set<string> }
  >();
  readonly #known: { at: number; id: EntryId }[] = [];
  readonly #refused = new Set<EntryId>();
  /** Lay in the tray, and are on their way into the register after all. */
  readonly #leavingTray = new Set<EntryId>();
  #nextN: number;
  #storedCount = 0;

  constructor(
    ports: PushPorts,
    author: Author,
    standing: Standing,
    opened: OpenStream,
    settle: (at: number, verdict: Verdict) => void,
  ) {
    this.#ports = ports;
    this.#author = author;
    this.#standing = standing;
    this.#opened = opened;
    this.#settle = settle;
    this.#nextN = opened.index.lastN + 1;
  }

  async push(rows: readonly PushedRow[]): Promise<void> {
    const { seal, tray, now, pokes } = this.#ports;
    const judging = { opened: this.#opened, seal, tray, today: calendarDateAt(now()) };
    try {
      for (const row of rows) {
        await this.#take(row, await this.#judge(judging, row));
      }
      await this.settle();
      await this.#answerKnown();
    } finally {
      if (this.#storedCount > 0) {
        pokes.publish({ stream: this.#opened.key, count: this.#opened.index.state.count });
      }
    }
  }

  pendingCells(id: EntryId): ReadonlySet<string> | undefined {
    return this.#pending.get(id)?.keys;
  }

  wasRefused(id: EntryId): boolean {
    return this.#refused.has(id);
  }

  hasPendingStanding(): boolean {
    return [...this.#pending.values()].some(({ entry }) => findKind(entry.kind)?.placement === 'year');
  }

  hasPendingCell(key: string): boolean {
    return [...this.#pending.values()].some(({ keys }) => keys.has(key));
  }

  async settle(): Promise<void> {
    const pending = [...this.#pending.values()];
    if (pending.length === 0) return;
    const presenter = this.#presenter;
    const handedIn = this.#author.handedInBy !== undefined;
    await this.#put(
      pending.filter((row) => !row.restored),
      handedIn ? handbackContext(presenter) : writerContext(presenter),
    );
    await this.#put(
      pending.filter((row) => row.restored),
      handbackContext(presenter),
    );
    this.#pending.clear();
  }

  /** A row that this program cannot judge is a bug here; it waits, and the rows behind it go through. */
  async #judge(judging: Parameters<typeof judgeRow>[0], row: PushedRow): Promise<Judgement> {
    try {
      return await this.#weigh(await judgeRow(judging, this.#author, this.#standing, row.input, this));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.#ports.log.error('rowNotJudged', { stream: this.#opened.key, ...describeError(error) });
      return { outcome: 'later', code: 'internal' };
    }
  }

  /** What the office has decided stands; what another hands in needs a proof of its author. */
  async #weigh(judged: Judgement): Promise<Judgement> {
    if (judged.outcome !== 'accept') return judged;
    const { tray, signatures } = this.#ports;
    const { entry } = judged;
    const laid = await tray.find(this.#opened.schoolCode, entry._id);
    if (laid?.state === 'rejected') return { outcome: 'refused', code: 'rejected' };
    if (this.#author.handedInBy !== undefined && !this.#author.isThere) {
      const signature = await signatures.check(entry);
      if (signature === 'bad') return { outcome: 'refused', code: 'badSignature' };
      if (signature === 'unsigned') return { outcome: 'tray', code: 'unsigned', entry };
    }
    if (laid && isOpen(laid.state)) this.#leavingTray.add(entry._id);
    return judged;
  }

  async #take(row: PushedRow, judged: Judgement): Promise<void> {
    const { at, id } = row;
    switch (judged.outcome) {
      case 'accept':
      case 'restore': {
        const restored = judged.outcome === 'restore';
        const entry = restored ? judged.entry : { ...judged.entry, received: this.#stamp(judged.entry._id) };
        const keys = new Set(entry.cells.map((cell) => cell.key));
        this.#pending.set(entry._id, { at, entry, restored, keys });
        return;
      }
      case 'known':
        this.#known.push({ at, id: judged.id });
        return;
      case 'later':
        if (judged.code === 'internal') this.#settle(at, { id, verdict: 'later', code: 'internal' });
        else if (this.#author.handedInBy !== undefined) await this.#layInTray(row, judged.code);
        else {
          if (judged.code === 'unknownOver') {
            await this.#lay(id, { state: 'held', code: judged.code, entry: row.input as Entry });
          }
          this.#settle(at, { id, verdict: 'later', code: judged.code });
        }
        return;
      case 'refused':
        if (judged.authenticId !== undefined) {
          this.#refused.add(judged.authenticId);
          // Its author is not there to see why, and its device may be emptied: somebody has to look.
          if (this.#author.handedInBy !== undefined) return this.#layInTray(row, judged.code);
          await this.#lay(judged.authenticId, { state: 'refused', code: judged.code, entry: null });
        }
        this.#settle(at, { id, verdict: 'refused', code: judged.code });
        return;
      case 'tray':
        this.#refused.add(id);
        await this.#layInTray(row, judged.code);
    }
  }

  /** A row whose hash is right: its body waits for the office. */
  async #layInTray({ at, id, input }: PushedRow, code: string): Promise<void> {
    const state = await this.#lay(id, { state: 'waiting', code, entry: input as Entry });
    if (state === null) this.#settle(at, { id, verdict: 'later', code: 'trayFull' });
    else this.#settle(at, { id, verdict: 'refused', code: state === 'rejected' ? 'rejected' : 'inTray' });
  }

  /** Who stands at the device. */
  get #presenter(): string {
    return this.#author.handedInBy ?? this.#author.subject.personId;
  }

  #lay(id: EntryId, row: TrayRecord): Promise<TrayState | null> {
    const from = { personId: this.#presenter, device: this.#author.device };
    return this.#ports.tray.lay(this.#opened.schoolCode, this.#opened.key, id, from, row);
  }

  #stamp(id: EntryId): Received {
    const { device } = this.#author;
    const facts = { at: this.#ports.now(), by: this.#presenter, device, n: this.#nextN++ };
    return this.#ports.seal.stamp(this.#opened.stream, id, facts);
  }

  async #put(rows: readonly { at: number; entry: StoredEntry }[], as: UserContext): Promise<void> {
    if (rows.length === 0) return;
    const entries = rows.map((row) => row.entry);
    const outcomes = await this.#ports.store.putEntries(this.#opened.stream.db, entries, as);
    const stored: StoredEntry[] = [];
    rows.forEach(({ at, entry }, i) => {
      const outcome = outcomes[i];
      if (outcome?.outcome === 'stored') {
        stored.push(entry);
        this.#settle(at, accepted(entry));
      } else if (outcome?.outcome === 'known') {
        this.#known.push({ at, id: entry._id });
      } else {
        this.#settle(at, { id: entry._id, verdict: 'refused', code: outcome?.reason ?? 'notStored' });
      }
    });
    this.#opened.stored(stored);
    this.#storedCount += stored.length;
    for (const { _id } of stored) {
      if (!this.#leavingTray.delete(_id)) continue;
      await this.#ports.tray.settle(this.#opened.schoolCode, _id, 'arrived', null);
    }
  }

  /** A repetition is answered with the stamp of the first time. */
  async #answerKnown(): Promise<void> {
    if (this.#known.length === 0) return;
    const { db } = this.#opened.stream;
    const found = await this.#ports.store.getEntries(
      db,
      this.#known.map(({ id }) => id),
    );
    // Already in the index, or put there by another program: then it is news here.
    this.#opened.stored(found.filter((entry) => entry !== null));
    this.#known.forEach(({ at, id }, i) => {
      const entry = found[i];
      this.#settle(at, entry ? accepted(entry) : { id, verdict: 'later', code: 'notStored' });
    });
  }
}

function accepted(entry: StoredEntry): Verdict {
  const { _id: id, received } = entry;
  // One that came round the gateway has arrived, and nothing proves when: it waits until somebody has looked.
  return received ? { id, verdict: 'accepted', received } : { id, verdict: 'later', code: 'unstamped' };
}

export function readId(entry: unknown): EntryId {
  const id = typeof entry === 'object' && entry !== null ? (entry as { _id?: unknown })._id : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : '';
}
