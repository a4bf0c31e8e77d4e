import { canonicalJson, type Json } from '../ledger/canonical.ts';
import { fromUtf8, utf8, type CryptoPort } from '../vault/crypto-port.ts';
import { openEnvelope, sealEnvelope, type EnvelopePlace } from '../vault/envelope.ts';
import { hiddenName } from '../vault/hidden-name.ts';
import { isQuotaError } from './journal-writer.ts';
import type { DraftRow, PersonDatabase } from './person-database.ts';
import { withTimeLimit } from './time-limit.ts';

/** Longest time between a keystroke and its way to the disk. */
const COALESCE_MS = 300;

/** A lock waits for the last change to be written, but no storage that hangs may keep the device open. */
const LAST_WRITE_MS = 1_000;

/** One thing that was begun. */
export interface Draft {
  /** Which cell or text it is of. */
  readonly key: string;
  /** When it was last changed, by the corrected clock. */
  readonly at: number;
  readonly value: Json;
}

export type DraftResult =
  { readonly ok: true } | { readonly ok: false; readonly code: 'storageFull' | 'storageTrouble' | 'locked' };

export interface DraftKeys {
  readonly content: CryptoKey;
  readonly names: CryptoKey;
}

export interface DraftsPorts {
  readonly db: PersonDatabase;
  /** Asked at the first draft, not at the unlock: the first time it writes a salt, and the disk may be full. */
  keys(): Promise<DraftKeys>;
  now(): number;
}

interface Change {
  /** Null drops the draft. */
  readonly draft: Draft | null;
  readonly done: ((result: DraftResult) => void)[];
}

/** The drafts of one open vault: the one thing on this device that is overwritten. */
export class Drafts {
  readonly #ports: DraftsPorts;
  readonly #crypto: CryptoPort;
  #changes = new Map<string, Change>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #keys: Promise<DraftKeys> | null = null;

  constructor(ports: DraftsPorts, crypto: CryptoPort) {
    this.#ports = ports;
    this.#crypto = crypto;
  }

  /** Resolves once this value, or a later one of the same key, is durable on the disk. */
  save(key: string, value: Json): Promise<DraftResult> {
    const result = this.#change(key, { key, at: this.#ports.now(), value });
    this.#timer ??= setTimeout(() => void this.flush(), COALESCE_MS);
    return result;
  }

  async drop(key: string): Promise<DraftResult> {
    const result = this.#change(key, null);
    await this.flush();
    return result;
  }

  /** Null, too, where the storage does not answer: a draft that cannot be read keeps nobody from the field. */
  async find(key: string): Promise<Draft | null> {
    await this.flush();
    try {
      const { names } = await this.#openKeys();
      const row = await this.#ports.db.drafts.get(await hiddenName(this.#crypto, names, key));
      const draft = row ? await this.#open(row) : null;
      return draft?.key === key ? draft : null;
    } catch {
      return null;
    }
  }

  /** All that this vault can read; what an older one left is passed over. */
  async list(): Promise<readonly Draft[]> {
    await this.flush();
    try {
      const rows = await this.#ports.db.drafts.toArray();
      if (rows.length === 0) return [];
      const drafts = await Promise.all(rows.map((row) => this.#open(row)));
      return drafts.filter((draft) => draft !== null);
    } catch {
      return [];
    }
  }

  /** Resolves when nothing is left to write. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changes.size > 0) this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  /** For the lock: writes what is in hand while there are keys. */
  async close(): Promise<void> {
    await withTimeLimit(this.flush(), LAST_WRITE_MS).catch(() => undefined);
  }

  #change(key: string, draft: Draft | null): Promise<DraftResult> {
    return new Promise((resolve) => {
      const done = [...(this.#changes.get(key)?.done ?? []), resolve];
      this.#changes.set(key, { draft, done });
    });
  }

  async #writeAll(): Promise<void> {
    const changes = this.#changes;
    this.#changes = new Map();
    if (changes.size === 0) return;
    const result = await this.#write(changes);
    for (const { done } of changes.values()) for (const tell of done) tell(result);
  }

  async #write(changes: ReadonlyMap<string, Change>): Promise<DraftResult> {
    try {
      const keys = await this.#openKeys();
      const rows: DraftRow[] = [];
      const dropped: string[] = [];
      for (const [key, { draft }] of changes) {
        const name = await hiddenName(this.#crypto, keys.names, key);
        if (draft) rows.push(await this.#seal(keys, name, draft));
        else dropped.push(name);
      }
      await this.#store(rows, dropped);
      return { ok: true };
    } catch (error) {
      return { ok: false, code: isQuotaError(error) ? 'storageFull' : 'storageTrouble' };
    }
  }

  async #store(rows: readonly DraftRow[], dropped: string[]): Promise<void> {
    const { db } = this.#ports;
    const store = () =>
      db.transaction('rw', db.drafts, async () => {
        await db.drafts.bulkPut(rows);
        await db.drafts.bulkDelete(dropped);
      });
    try {
      await store();
    } catch (error) {
      if (isQuotaError(error)) throw error;
      // The connection may have died under us, as it does for the journal.
      db.close({ disableAutoOpen: false });
      await db.open();
      await store();
    }
  }

  async #seal({ content }: DraftKeys, name: string, draft: Draft): Promise<DraftRow> {
    const text = utf8(canonicalJson(draft));
    return { key: name, sealed: await sealEnvelope(this.#crypto, content, placeOf(name), text) };
  }

  async #open(row: DraftRow): Promise<Draft | null> {
    const { content, names } = await this.#openKeys();
    const text = await openEnvelope(this.#crypto, content, placeOf(row.key), row.sealed);
    if (!text) return null;
    const draft = JSON.parse(fromUtf8(text)) as Draft;
    return (await hiddenName(this.#crypto, names, draft.key)) === row.key ? draft : null;
  }

  #openKeys(): Promise<DraftKeys> {
    this.#keys ??= this.#ports.keys().catch((error: unknown) => {
      this.#keys = null;
      throw error;
    });
    return this.#keys;
  }
}

/** The hidden name stands for the key: a row that was moved under another pupil's name opens there no more. */
function placeOf(name: string): EnvelopePlace {
  return { store: 'drafts', name };
}
