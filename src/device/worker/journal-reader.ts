import Dexie from 'dexie';
import type { Entry } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import type { DeviceJournal, WaitingRow } from '../../sync/device-ports.ts';
import { fromUtf8, type CryptoPort } from '../../vault/crypto-port.ts';
import { openEnvelope } from '../../vault/envelope.ts';
import { journalPlace } from '../../vault/journal-place.ts';
import { openContentKey, type Wraps } from '../../vault/sealing.ts';
import type { JournalRow, PersonDatabase } from '../person-database.ts';

/** A row of the journal, opened. */
export interface OpenRow extends WaitingRow {
  readonly seq: number;
  readonly at: number;
  readonly state: 'waiting' | 'refused';
  readonly code: string | null;
}

export interface JournalEvents {
  onAdded(row: OpenRow): void;
  onRefused(row: OpenRow): void;
  /** Arrived, or sent back, in this or another tab: something about what waits is other than it was. */
  onChange(): void;
}

/** The journal as the worker sees it: read once, then kept in step with what the tabs write. */
export class JournalReader implements DeviceJournal {
  readonly #db: PersonDatabase;
  readonly #crypto: CryptoPort;
  readonly #vaultKey: CryptoKey;
  readonly #events: JournalEvents;
  readonly #rows = new Map<number, OpenRow>();
  /** Rows of another of the person's vaults: they stay for whoever can open them. */
  readonly #foreign = new Set<number>();
  readonly #contentKeys = new Map<string, Promise<CryptoKey | null>>();
  #refreshing: Promise<void> | null = null;

  constructor(db: PersonDatabase, crypto: CryptoPort, vaultKey: CryptoKey, events: JournalEvents) {
    this.#db = db;
    this.#crypto = crypto;
    this.#vaultKey = vaultKey;
    this.#events = events;
  }

  rows(): OpenRow[] {
    return [...this.#rows.values()].sort((a, b) => a.seq - b.seq);
  }

  waiting(): OpenRow[] {
    return this.rows().filter((row) => row.state === 'waiting');
  }

  refusedRows(): OpenRow[] {
    return this.rows().filter((row) => row.state === 'refused');
  }

  /** A row this tab has just written: no need to read it. */
  add(row: OpenRow): void {
    if (this.#rows.has(row.seq)) return;
    this.#rows.set(row.seq, row);
    this.#events.onAdded(row);
    this.#events.onChange();
  }

  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async arrived(ids: readonly EntryId[]): Promise<void> {
    const seqs = this.#seqsOf(ids);
    await this.#db.journal.bulkDelete(seqs);
    for (const seq of seqs) this.#rows.delete(seq);
    this.#events.onChange();
  }

  async refused(id: EntryId, code: string): Promise<void> {
    for (const seq of this.#seqsOf([id])) {
      await this.#db.journal.update(seq, { state: 'refused', code });
      this.#setRefused(seq, code);
    }
  }

  async #refresh(): Promise<void> {
    const keys = new Set(await this.#db.journal.toCollection().primaryKeys());
    let changed = false;
    for (const seq of this.#rows.keys()) {
      if (keys.has(seq)) continue;
      this.#rows.delete(seq);
      changed = true;
    }
    const missing = [...keys].filter((seq) => !this.#rows.has(seq) && !this.#foreign.has(seq));
    for (const row of await this.#db.journal.bulkGet(missing)) {
      if (row?.seq === undefined || this.#rows.has(row.seq)) continue;
      const opened = await this.#open(row.seq, row);
      if (!opened) this.#foreign.add(row.seq);
      else if (!this.#rows.has(row.seq)) {
        this.#rows.set(row.seq, opened);
        if (opened.state === 'waiting') this.#events.onAdded(opened);
        changed = true;
      }
    }
    if (changed) this.#events.onChange();
  }

  /** Another tab got verdicts. */
  async reread(): Promise<void> {
    await this.refresh();
    const waiting = this.waiting().map((row) => row.seq);
    for (const row of await this.#db.journal.bulkGet(waiting)) {
      if (row?.seq !== undefined && row.state === 'refused') this.#setRefused(row.seq, row.code ?? '');
    }
  }

  async #open(seq: number, row: JournalRow): Promise<OpenRow | null> {
    const key = await this.#contentKey(row.wraps);
    const plain = key && (await openEnvelope(this.#crypto, key, journalPlace(row), row.sealed));
    if (!plain) return null;
    const entry = JSON.parse(fromUtf8(plain)) as Entry;
    const { id, stream, at, state } = row;
    return { seq, id, stream, entry, at, state, code: row.code ?? null };
  }

  #contentKey(wraps: Wraps): Promise<CryptoKey | null> {
    const name = wraps.vault.join();
    const known = this.#contentKeys.get(name) ?? openContentKey(this.#crypto, this.#vaultKey, wraps);
    this.#contentKeys.set(name, known);
    return known;
  }

  #seqsOf(ids: readonly EntryId[]): number[] {
    const wanted = new Set(ids);
    return [...this.#rows.values()].filter((row) => wanted.has(row.id)).map((row) => row.seq);
  }

  #setRefused(seq: number, code: string): void {
    const row = this.#rows.get(seq);
    if (!row || row.state === 'refused') return;
    const refused: OpenRow = { ...row, state: 'refused', code };
    this.#rows.set(seq, refused);
    this.#events.onRefused(refused);
    this.#events.onChange();
  }
}

/** Whether a failure is the local database's. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof Dexie.DexieError || error instanceof DOMException;
}
