import type { Entry } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore, GatewayRecord } from '../store/document-store.ts';

const DAY_MS = 86_400_000;
/** Rows that one person may lay into trays on one day: a term of one teacher's work, and no more. */
const MAX_PER_PERSON_AND_DAY = 1000;
/** How long it is believed that a school has no tray. */
const BELIEVED_MS = 5_000;

/** What became of a row that is real (its hash is right) and was not taken into the register. */
export type TrayRecord =
  /** Waits for the office, with its body. */
  | { readonly state: 'waiting'; readonly code: string; readonly entry: Entry }
  /** Waits on its device for something that may still come; the office may let it in without. */
  | { readonly state: 'held'; readonly code: string; readonly entry: Entry }
  /** Only its id is known, so that a later row may name it in `over`. */
  | { readonly state: 'refused'; readonly code: string; readonly entry: null };

/** `taken`, `rejected`: the office has decided. `arrived`: its author brought it in after all. */
export type TrayState = TrayRecord['state'] | 'taken' | 'rejected' | 'arrived';

export interface TrayDecision {
  readonly by: string;
  readonly at: number;
  /** Why it was rejected. */
  readonly why?: string;
}

/** A row as it lies in the tray. Nothing is ever deleted: what was decided stands beside it. */
export interface TrayRow {
  readonly id: EntryId;
  readonly stream: StreamKey;
  readonly state: TrayState;
  readonly code: string;
  readonly entry: Entry | null;
  /** Who brought it: the author, whoever handed it in, or a lost device. */
  readonly from: string;
  readonly device: string;
  readonly at: number;
  readonly decision: TrayDecision | null;
}

interface Options {
  readonly store: DocumentStore;
  readonly now: Clock;
}

/**
 * A school's tray: what its people wrote and the gateway may not accept by itself. Nothing that a teacher wrote is
 * thrown away because a right ended meanwhile.
 */
export class Tray {
  readonly #store: DocumentStore;
  readonly #now: Clock;
  readonly #absent = new Map<string, number>();
  #quota = { day: 0, used: new Map<string, number>() };

  constructor({ store, now }: Options) {
    this.#store = store;
    this.#now = now;
  }

  /** Keeps one row; gives how it lies there now, null where this person has laid in too much today. */
  async lay(
    school: string,
    stream: StreamKey,
    id: EntryId,
    from: { readonly personId: string; readonly device: string },
    row: TrayRecord,
  ): Promise<TrayState | null> {
    const db = databaseOf(school);
    const known = await this.#read(school, id);
    if (known && weightOf(known.state as TrayState) >= weightOf(row.state)) return known.state as TrayState;
    if (!this.#takeQuota(from.personId)) return null;
    await this.#store.ensureDatabase(db);
    this.#absent.delete(db);
    await this.#store.putRecord(db, {
      _id: recordId(id),
      ...(known?._rev === undefined ? {} : { _rev: known._rev }),
      stream,
      from: from.personId,
      device: from.device,
      at: this.#now(),
      ...row,
    });
    return row.state;
  }

  /** Whether the school has seen this row and not taken it. One that is only held may still come by itself. */
  async knows(school: string, id: EntryId): Promise<boolean> {
    const state = (await this.#read(school, id))?.state;
    return state !== undefined && state !== 'held';
  }

  async find(school: string, id: EntryId): Promise<TrayRow | null> {
    const record = await this.#read(school, id);
    return record && rowOf(record);
  }

  /** Every row that somebody has to look at, the longest waiting first; and what was decided since `since`. */
  async list(school: string, since: number): Promise<TrayRow[]> {
    const db = databaseOf(school);
    if (!(await this.#exists(db))) return [];
    return (await this.#store.listRecords(db, recordId('')))
      .map(rowOf)
      .filter(({ state, decision }) =>
        state === 'waiting' || state === 'held' ? true : decision !== null && decision.at >= since,
      )
      .sort((a, b) => a.at - b.at);
  }

  /** Notes what became of a row that lay open; false where it no longer does. */
  async settle(
    school: string,
    id: EntryId,
    state: 'taken' | 'rejected' | 'arrived',
    decision: TrayDecision | null,
  ): Promise<boolean> {
    const record = await this.#read(school, id);
    if (!record || !isOpen(record.state as TrayState)) return false;
    return (await this.#store.putRecord(databaseOf(school), { ...record, state, decision })).ok;
  }

  async #read(school: string, id: EntryId): Promise<GatewayRecord | null> {
    const db = databaseOf(school);
    return (await this.#exists(db)) ? this.#store.getRecord(db, recordId(id)) : null;
  }

  async #exists(db: string): Promise<boolean> {
    const now = this.#now();
    const askedAt = this.#absent.get(db);
    if (askedAt !== undefined && Math.abs(now - askedAt) < BELIEVED_MS) return false;
    const exists = await this.#store.hasDatabase(db);
    if (exists) this.#absent.delete(db);
    else this.#absent.set(db, now);
    return exists;
  }

  #takeQuota(personId: string): boolean {
    const day = Math.floor(this.#now() / DAY_MS);
    if (this.#quota.day !== day) this.#quota = { day, used: new Map() };
    const used = this.#quota.used.get(personId) ?? 0;
    if (used >= MAX_PER_PERSON_AND_DAY) return false;
    this.#quota.used.set(personId, used + 1);
    return true;
  }
}

/** Whether the office may still decide. */
export function isOpen(state: TrayState): boolean {
  return state === 'waiting' || state === 'held';
}

/** A body is never replaced by less: who has a row waiting keeps it. */
function weightOf(state: TrayState): number {
  return state === 'refused' ? 0 : state === 'held' ? 1 : 2;
}

function rowOf(record: GatewayRecord): TrayRow {
  const row = record as unknown as TrayRow;
  const { stream, state, code, entry, from, device, at, decision } = row;
  const id = record._id.slice(recordId('').length);
  return { id, stream, state, code, entry, from, device, at, decision: decision ?? null };
}

const databaseOf = (school: string): string => `tray-${school.toLowerCase()}`;
const recordId = (id: EntryId): string => `row:${id}`;
