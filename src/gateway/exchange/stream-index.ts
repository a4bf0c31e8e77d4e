import { addToDigest, EMPTY_DIGEST, type Digest } from '../../ledger/digest.ts';
import { parseEntryId, periodOfId, type EntryId, type Period } from '../../ledger/entry-id.ts';
import { digestHash, isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { hashOfId } from '../../ledger/entry-id.ts';
import type { Hash } from '../../ledger/hash.ts';
import type { Stream } from '../../ledger/stream.ts';
import type { StreamState } from '../../sync/protocol.ts';
import type { DocumentStore } from '../store/document-store.ts';

/** What the index keeps of one entry. */
export interface Row {
  readonly id: EntryId;
  /** Its place by the gateway's stamp. */
  readonly n: number;
  /** What it adds to the stream's digest. */
  readonly hash: Hash;
  readonly erased: boolean;
}

/** What an addition did, for whoever keeps something made of the rows. */
export interface IndexChange {
  /** Periods whose rows did not only grow at their end. */
  readonly disturbed: ReadonlySet<Period>;
}

/**
 * The order of a stream's entries: by the stamp's `n`, ties (a backup was restored) by hash. With the sum of hashes
 * up to each place, one look tells whether what a device has is a beginning of it.
 */
export class StreamIndex {
  #rows: Row[] = [];
  readonly #byId = new Map<EntryId, Row>();
  /** `#sums[i]`: the digest of the first i rows. */
  #sums: Digest[] = [EMPTY_DIGEST];
  readonly #periods = new Map<Period, Row[]>();
  readonly #periodStates = new Map<Period, StreamState>();

  static async load(store: DocumentStore, stream: Stream): Promise<StreamIndex> {
    const index = new StreamIndex();
    const rows: Row[] = [];
    // Of records a database begins with its first entry.
    if (!(await store.hasDatabase(stream.db))) return index;
    // ';' follows ':' in ASCII.
    for await (const batch of store.readEntries(stream.db, {
      startId: `${stream.scope}:`,
      endId: `${stream.scope};`,
    })) {
      for (const entry of batch) if (parseEntryId(entry._id)) rows.push(rowOf(entry));
    }
    index.#insert(rows);
    return index;
  }

  get state(): StreamState {
    return { count: this.#rows.length, digest: this.#sums[this.#rows.length] as Digest };
  }

  /** The `n` of the last entry; the next one gets one more. */
  get lastN(): number {
    const n = this.#rows.at(-1)?.n ?? 0;
    return n === UNSTAMPED ? (this.#rows.findLast((row) => row.n !== UNSTAMPED)?.n ?? 0) : n;
  }

  find(id: EntryId): Row | undefined {
    return this.#byId.get(id);
  }

  /** Whether a device with this state has exactly the first `count` entries. */
  isPrefix({ count, digest }: StreamState): boolean {
    return this.#sums[count] === digest;
  }

  rowsFrom(position: number): readonly Row[] {
    return this.#rows.slice(position);
  }

  periods(): Period[] {
    return [...this.#periods.keys()].sort();
  }

  rowsOf(period: Period): readonly Row[] {
    return this.#periods.get(period) ?? [];
  }

  stateOf(period: Period): StreamState {
    let state = this.#periodStates.get(period);
    if (!state) {
      const rows = this.rowsOf(period);
      state = {
        count: rows.length,
        digest: addToDigest(
          EMPTY_DIGEST,
          rows.map((row) => row.hash),
        ),
      };
      this.#periodStates.set(period, state);
    }
    return state;
  }

  /** Takes in what was stored: new entries, and erasures of known ones. */
  add(entries: readonly StoredEntry[]): IndexChange {
    const disturbed = new Set<Period>();
    const added: Row[] = [];
    for (const entry of entries) {
      const row = rowOf(entry);
      const known = this.#byId.get(row.id);
      if (!known) added.push(row);
      else if (row.erased && !known.erased) disturbed.add(this.#replace(known, row));
    }
    for (const period of this.#insert(added)) disturbed.add(period);
    return { disturbed };
  }

  #replace(known: Row, row: Row): Period {
    const kept: Row = { ...row, n: known.n };
    const at = this.#rows.indexOf(known);
    this.#rows[at] = kept;
    this.#byId.set(row.id, kept);
    const period = periodOfId(row.id);
    const rows = this.#periods.get(period) ?? [];
    rows[rows.indexOf(known)] = kept;
    this.#periodStates.delete(period);
    this.#sumFrom(at);
    return period;
  }

  #insert(added: Row[]): Set<Period> {
    const disturbed = new Set<Period>();
    if (added.length === 0) return disturbed;
    const rows = added.sort(byPlace);
    const last = this.#rows.at(-1);
    const appends = !last || byPlace(last, rows[0] as Row) < 0;
    const from = appends ? this.#rows.length : 0;
    for (const row of rows) {
      this.#byId.set(row.id, row);
      const period = periodOfId(row.id);
      const ofPeriod = this.#periods.get(period) ?? [];
      const lastOfPeriod = ofPeriod.at(-1);
      if (lastOfPeriod && byPlace(lastOfPeriod, row) > 0) disturbed.add(period);
      ofPeriod.push(row);
      this.#periods.set(period, ofPeriod);
      this.#periodStates.delete(period);
      this.#rows.push(row);
    }
    for (const period of disturbed) this.#periods.get(period)?.sort(byPlace);
    if (!appends) this.#rows.sort(byPlace);
    this.#sumFrom(from);
    return disturbed;
  }

  #sumFrom(from: number): void {
    let sum = this.#sums[from] as Digest;
    this.#sums.length = from + 1;
    for (let at = from; at < this.#rows.length; at++) {
      sum = addToDigest(sum, [(this.#rows[at] as Row).hash]);
      this.#sums.push(sum);
    }
  }
}

/** An entry that came round the gateway has no stamp; it stands behind all that have one, `verify` names it. */
const UNSTAMPED = Number.MAX_SAFE_INTEGER;

function rowOf(entry: StoredEntry): Row {
  return {
    id: entry._id,
    n: entry.received?.n ?? UNSTAMPED,
    hash: digestHash(entry),
    erased: isErased(entry),
  };
}

function byPlace(a: Row, b: Row): number {
  return a.n - b.n || (hashOfId(a.id) < hashOfId(b.id) ? -1 : hashOfId(a.id) === hashOfId(b.id) ? 0 : 1);
}
