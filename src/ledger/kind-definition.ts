import type * as z from 'zod/mini';
import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { DatabaseClass } from './stream.ts';

/** What the ledger must know of a kind of entry. */
export interface KindDefinition {
  /** Newest shape this program writes and reads. A newer one is kept, shown as unreadable and left alone. */
  readonly version: number;
  /** The only databases an entry of this kind lies in: they decide how important it is. */
  readonly database: DatabaseClass;
  /**
   * `month`: stored under the month of `on`. `year`: stands for the school year, stored under `yyyy-00`.
   * `lasting`: stands for as long as its database does, stored under `0000-00`.
   */
  readonly placement: 'month' | 'year' | 'lasting';
  /** Written online only, refused when `over` is not exactly the present heads: there is nothing to merge. */
  readonly linear: boolean;
  /** Whether a key belongs to this kind and to an entry about the day `on`. */
  readonly ownsKey: (key: string, on: CalendarDate) => boolean;
  readonly value: z.ZodMiniType;
}
