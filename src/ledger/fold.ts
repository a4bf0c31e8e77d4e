import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { canonicalJson, type Json } from './canonical.ts';
import type { Received } from './entry.ts';
import type { EntryId } from './entry-id.ts';
import { isErased, type ErasedEntry, type StoredEntry } from './erasure.ts';
import { hashText, type Hash } from './hash.ts';
import { findKind } from './kinds.ts';

/** What all writes of one entry share. */
export interface EntryFacts {
  readonly id: EntryId;
  readonly kind: string;
  readonly v: number;
  readonly on: CalendarDate;
  readonly by: string;
  readonly device: string;
  readonly madeAt: number;
  readonly group: string | undefined;
  readonly received: Received | undefined;
  /** False where the entry's version or kind is newer than this program: its cells are read-only here. */
  readonly readable: boolean;
  readonly erased: Pick<ErasedEntry, 'erasedBy' | 'erasedAt' | 'why'> | undefined;
}

/** One write of one cell, as it stands in the cell's history. */
export interface Write {
  readonly entry: EntryFacts;
  /** undefined where the text was erased. */
  readonly value: Json | undefined;
  readonly over: readonly EntryId[];
}

/** A multi-value register: every write it was ever given. */
export interface CellHistory {
  readonly key: string;
  readonly writes: readonly Write[];
}

function factsOf(stored: StoredEntry): EntryFacts {
  const definition = findKind(stored.kind);
  const readable = definition !== undefined && stored.v <= definition.version;
  // Field by field: spreading here was nearly the whole cost of a fold.
  if (isErased(stored)) {
    return {
      id: stored._id,
      kind: stored.kind,
      v: stored.v,
      on: stored.on,
      by: '',
      device: '',
      madeAt: 0,
      group: undefined,
      received: stored.received,
      readable,
      erased: { erasedBy: stored.erasedBy, erasedAt: stored.erasedAt, why: stored.why },
    };
  }
  return {
    id: stored._id,
    kind: stored.kind,
    v: stored.v,
    on: stored.on,
    by: stored.by,
    device: stored.device,
    madeAt: stored.madeAt,
    group: stored.group,
    received: stored.received,
    readable,
    erased: undefined,
  };
}

const byId = (a: Write, b: Write): number => (a.entry.id < b.entry.id ? -1 : 1);

/**
 * The union of entries, cell by cell. Adding is idempotent and order does not matter: the same set gives the same
 * state. Nothing is ever dropped from a cell's history; an erasure takes the text and leaves the write.
 */
export class Fold {
  readonly #entries = new Map<EntryId, EntryFacts>();
  readonly #cells = new Map<string, Write[]>();

  get entryCount(): number {
    return this.#entries.size;
  }

  /** Adds one stored entry and names the cells it changed: none where it was known already. */
  add(stored: StoredEntry): readonly string[] {
    const known = this.#entries.get(stored._id);
    const erases = isErased(stored);
    if (known && (known.erased || !erases)) return this.#acknowledge(known, stored);
    const entry = factsOf(stored);
    this.#entries.set(entry.id, entry);
    const keys: string[] = [];
    for (const cell of stored.cells) {
      const write: Write = {
        entry,
        value: 'value' in cell ? (cell.value as Json) : undefined,
        over: cell.over,
      };
      this.#put(cell.key, write, known !== undefined);
      keys.push(cell.key);
    }
    return keys;
  }

  /** The gateway's stamp is the one thing that may come later than the entry itself. */
  #acknowledge(known: EntryFacts, stored: StoredEntry): readonly string[] {
    if (known.received || !stored.received) return [];
    const entry: EntryFacts = { ...known, received: stored.received };
    this.#entries.set(entry.id, entry);
    const keys = stored.cells.map((cell) => cell.key);
    for (const key of keys) {
      const writes = this.#cells.get(key);
      const at = writes?.findIndex((write) => write.entry.id === entry.id) ?? -1;
      const write = writes?.[at];
      if (writes && write) writes[at] = { ...write, entry };
    }
    return keys;
  }

  #put(key: string, write: Write, replaces: boolean): void {
    const writes = this.#cells.get(key);
    if (!writes) {
      this.#cells.set(key, [write]);
      return;
    }
    const at = replaces ? writes.findIndex((other) => other.entry.id === write.entry.id) : -1;
    if (at >= 0) writes[at] = write;
    else writes.push(write);
  }

  has(id: EntryId): boolean {
    return this.#entries.has(id);
  }

  findEntry(id: EntryId): EntryFacts | undefined {
    return this.#entries.get(id);
  }

  keys(): IterableIterator<string> {
    return this.#cells.keys();
  }

  findCell(key: string): CellHistory | undefined {
    const writes = this.#cells.get(key);
    return writes && { key, writes };
  }

  /** The writes that no other write of this cell replaces, in the order of their hashes. An erased one is no value. */
  headsOf(key: string): readonly Write[] {
    const writes = this.#cells.get(key);
    if (!writes) return [];
    if (writes.length === 1) return writes[0]?.entry.erased ? [] : writes;
    const replaced = new Set<EntryId>();
    for (const write of writes) for (const id of write.over) replaced.add(id);
    return writes.filter((write) => !replaced.has(write.entry.id) && !write.entry.erased).sort(byId);
  }

  /** One text for one set of entries, whatever the order they came in. For comparison, not for transport. */
  canonicalState(): string {
    const cells = [...this.#cells.keys()].sort().map((key) => ({
      key,
      heads: this.headsOf(key).map((write) => write.entry.id),
      writes: [...(this.#cells.get(key) ?? [])].sort(byId).map((write) => ({
        id: write.entry.id,
        erased: write.entry.erased !== undefined,
        over: [...write.over].sort(),
        ...(write.value === undefined ? {} : { value: write.value }),
      })),
    }));
    return canonicalJson(cells);
  }

  canonicalHash(): Hash {
    return hashText(this.canonicalState());
  }
}

/** Folds from scratch. */
export function foldEntries(entries: Iterable<StoredEntry>): Fold {
  const fold = new Fold();
  for (const entry of entries) fold.add(entry);
  return fold;
}

/** The ids a new write of this cell must name: the heads as painted, and what an unacknowledged head replaced. */
export function overOf(painted: readonly Write[]): EntryId[] {
  const over = new Set<EntryId>();
  for (const head of painted) {
    over.add(head.entry.id);
    if (!head.entry.received) for (const id of head.over) over.add(id);
  }
  return [...over].sort();
}
