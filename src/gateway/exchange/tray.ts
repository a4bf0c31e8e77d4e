import type { Entry } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';

const DAY_MS = 86_400_000;
/** Rows that one person may lay into trays on one day: a term of one teacher's work, and no more. */
const MAX_PER_PERSON_AND_DAY = 1000;

/** What became of a row that is real (its hash is right) and was not taken into the register. */
export type TrayRecord =
  /** Waits for the office, with its body. */
  | { readonly state: 'waiting'; readonly code: string; readonly entry: Entry }
  /** Only its id is known, so that a later row may name it in `over`. */
  | { readonly state: 'refused'; readonly code: string; readonly entry: null };

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
  #quota = { day: 0, used: new Map<string, number>() };

  constructor({ store, now }: Options) {
    this.#store = store;
    this.#now = now;
  }

  /** Keeps one row; false where this person has laid in too much today. */
  async lay(
    school: string,
    stream: StreamKey,
    id: EntryId,
    from: { readonly personId: string; readonly device: string },
    row: TrayRecord,
  ): Promise<boolean> {
    const db = databaseOf(school);
    const known = (await this.#store.hasDatabase(db)) ? await this.#store.getRecord(db, recordId(id)) : null;
    if (known && (known.state !== 'refused' || row.state === 'refused')) return true;
    if (!this.#takeQuota(from.personId)) return false;
    await this.#store.ensureDatabase(db);
    await this.#store.putRecord(db, {
      _id: recordId(id),
      ...(known?._rev === undefined ? {} : { _rev: known._rev }),
      stream,
      from: from.personId,
      device: from.device,
      at: this.#now(),
      ...row,
    });
    return true;
  }

  /** Whether the school has seen this row and not taken it. */
  async knows(school: string, id: EntryId): Promise<boolean> {
    const db = databaseOf(school);
    return (await this.#store.hasDatabase(db)) && (await this.#store.getRecord(db, recordId(id))) !== null;
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

const databaseOf = (school: string): string => `tray-${school.toLowerCase()}`;
const recordId = (id: EntryId): string => `row:${id}`;
