import type { EntryId } from '../../ledger/entry-id.ts';
import { isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { Fold } from '../../ledger/fold.ts';

/**
 * One period of one stream in memory. Every cell belongs to one period, because its key carries the day or stands
 * for the year; so each period folds by itself and is read only when somebody asks for it.
 */
export class PeriodModel {
  fold = new Fold();
  /** Ids among the blocks, and whether the erasure is there; null until the blocks were read. */
  held: Map<EntryId, boolean> | null = null;
  /** Cells with several heads: the candidates for a conflict. */
  readonly openKeys = new Set<string>();

  get isLoaded(): boolean {
    return this.held !== null;
  }

  /** Takes in entries the school has. Gives the keys that changed. */
  addHeld(entries: readonly StoredEntry[]): string[] {
    const held = (this.held ??= new Map());
    const changed: string[] = [];
    for (const entry of entries) {
      held.set(entry._id, isErased(entry));
      changed.push(...this.add(entry));
    }
    return changed;
  }

  /** Takes in an entry of the journal, or one the school has. */
  add(entry: StoredEntry): readonly string[] {
    const changed = this.fold.add(entry);
    for (const key of changed) {
      if (this.fold.headsOf(key).length > 1) this.openKeys.add(key);
      else this.openKeys.delete(key);
    }
    return changed;
  }

  /** Whether the blocks hold this already: an erasure is news where only its entry is held. */
  knows(entry: StoredEntry): boolean {
    const erased = this.held?.get(entry._id);
    return erased !== undefined && (erased || !isErased(entry));
  }

  /** Forgets all: to be read again. */
  reset(): void {
    this.fold = new Fold();
    this.held = null;
    this.openKeys.clear();
  }
}
