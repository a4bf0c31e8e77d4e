import { rosterContextOf } from '../../access/roster-context.ts';
import type { RosterContext } from '../../access/register-access.ts';
import type { SchoolYear } from '../../domain/calendar/calendar-date.ts';
import type { SchoolCalendar } from '../../domain/calendar/school-calendar.ts';
import type { SchoolRoster } from '../../domain/roster/roster.ts';
import { periodOfId, type Period } from '../../ledger/entry-id.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';
import { Fold } from '../../ledger/fold.ts';
import { readCalendar, readRoster } from '../../ledger/register-view.ts';
import type { Stream } from '../../ledger/stream.ts';
import type { DocumentStore } from '../store/document-store.ts';

/** Months kept folded beside the standing entries: today's, and those that late devices write to. */
const MAX_MONTHS = 4;

/** What the standing entries of a register say, read once per change. */
export interface StandingFacts {
  readonly roster: SchoolRoster;
  readonly calendar: SchoolCalendar;
  readonly context: RosterContext;
}

/** Where the facts of a stream's school stand: in the stream itself, a register, or in the school's register. */
export type StandingSource = { readonly schoolYear: SchoolYear } | (() => Promise<StandingFacts>);

/** The folds of a stream by period, loaded when first needed and kept up with what is accepted. */
export class StreamFolds {
  readonly standingPeriod: Period;
  readonly #store: DocumentStore;
  readonly #stream: Stream;
  readonly #source: StandingSource;
  readonly #folds = new Map<Period, Promise<Fold>>();
  #facts: StandingFacts | null = null;

  constructor(store: DocumentStore, stream: Stream, standingPeriod: Period, source: StandingSource) {
    this.#store = store;
    this.#stream = stream;
    this.standingPeriod = standingPeriod;
    this.#source = source;
  }

  /** The fold of one period. */
  foldOf(period: Period): Promise<Fold> {
    const fold = this.#folds.get(period) ?? this.#load(period);
    this.#folds.delete(period);
    this.#folds.set(period, fold);
    this.#forgetOldMonths();
    return fold;
  }

  /** The roster, the calendar and who belongs where, of the school that the stream is of. */
  async standing(): Promise<StandingFacts> {
    if (typeof this.#source === 'function') return this.#source();
    const { schoolYear } = this.#source;
    const fold = await this.foldOf(this.standingPeriod);
    if (!this.#facts) {
      const roster = readRoster(fold, schoolYear);
      const calendar = readCalendar(fold, schoolYear);
      this.#facts = { roster, calendar, context: rosterContextOf(roster) };
    }
    return this.#facts;
  }

  /** What was stored; a fold that is being loaded gets it too, and adding twice changes nothing. */
  add(entries: readonly StoredEntry[]): void {
    for (const entry of entries) {
      const period = periodOfId(entry._id);
      if (period === this.standingPeriod) this.#facts = null;
      void this.#folds.get(period)?.then(
        (fold) => {
          fold.add(entry);
          if (period === this.standingPeriod) this.#facts = null;
        },
        () => undefined,
      );
    }
  }

  #load(period: Period): Promise<Fold> {
    const loading = this.#read(period);
    // What could not be read is read again when it is next needed.
    loading.catch(() => this.#folds.delete(period));
    return loading;
  }

  async #read(period: Period): Promise<Fold> {
    const fold = new Fold();
    // Of records a database begins with its first entry.
    if (!(await this.#store.hasDatabase(this.#stream.db))) return fold;
    const prefix = `${this.#stream.scope}:${period}`;
    for await (const batch of this.#store.readEntries(this.#stream.db, {
      startId: `${prefix}:`,
      endId: `${prefix};`,
    })) {
      for (const entry of batch) fold.add(entry);
    }
    return fold;
  }

  #forgetOldMonths(): void {
    for (const period of this.#folds.keys()) {
      if (this.#folds.size <= MAX_MONTHS + 1) return;
      if (period !== this.standingPeriod) this.#folds.delete(period);
    }
  }
}
