import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';
import type { Audit, AuditEvent } from './audit.ts';
import { CHAIN_START, ChainSeal, type AuditEntry, type ChainPlace } from './audit-entry.ts';
import { ChainRecords, headText, type Batch } from './chain-records.ts';
import type { AuditWitness } from './witness-file.ts';

/** Most entries in one record. */
export const MAX_BATCH = 200;
/** Each lost to another process that was quicker. */
const ATTEMPTS = 50;

interface Options {
  readonly store: DocumentStore;
  /** `audit-<board>` */
  readonly db: string;
  readonly key: Uint8Array;
  readonly now: Clock;
  /** Left out: a database that is set back as a whole goes unnoticed. */
  readonly witness?: AuditWitness;
}

interface Waiting {
  readonly event: AuditEvent;
  readonly at: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Damage = 'headMissing' | 'headForged' | 'setBack';

/**
 * One gateway's chain. A single writer takes what has come up meanwhile and writes it as one record, then the head.
 * See SPEC.md for what a crash, a second process and a damaged chain come to.
 */
export class StoredAudit implements Audit {
  readonly seal: ChainSeal;
  readonly records: ChainRecords;
  readonly #now: Clock;
  readonly #waiting: Waiting[] = [];
  #tip: { place: ChainPlace; headRev: string } | null = null;
  #writing: Promise<void> | null = null;
  readonly #witness: AuditWitness | null;
  #witnessing: Promise<void> | null = null;
  #known: ChainPlace | null = null;

  private constructor({ store, db, key, now, witness }: Options) {
    this.#witness = witness ?? null;
    this.seal = new ChainSeal(key);
    this.records = new ChainRecords(store, db, this.seal.gateway);
    this.#now = now;
  }

  /** Opens the chain of this key, begins it, or takes up what a crash left. A damage is written into the chain. */
  static async open(options: Options): Promise<StoredAudit> {
    await options.store.ensureDatabase(options.db);
    const audit = new StoredAudit(options);
    audit.#known = (await options.witness?.read(audit.seal.gateway)) ?? null;
    const damage = await audit.#load();
    if (damage !== null) await audit.record(damageEvent(damage));
    return audit;
  }

  /** How far the chain has come by all that this gateway knows; a database that ends before was cut off. */
  get known(): ChainPlace | null {
    return this.#known;
  }

  get place(): ChainPlace {
    return this.#tip?.place ?? CHAIN_START;
  }

  record(event: AuditEvent): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ event, at: this.#now(), resolve, reject });
    });
    this.#writing ??= this.#write();
    return written;
  }

  /** Resolves when nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
    while (this.#witnessing) await this.#witnessing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        await this.#commit(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // Whether it reached the store is not known: the next one looks.
        this.#tip = null;
        for (const { reject } of batch) reject(error);
      }
    }
    // At once, and not in a later turn: what is told between would find a writer that has ended.
    this.#writing = null;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    let strangers = 0;
    let taken = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const damage = this.#tip ? null : await this.#load();
      if (damage !== null) void this.record(damageEvent(damage)).catch(() => undefined);
      const tip = this.#tip;
      if (!tip) throw new Error('the audit chain has no end');
      // The number was taken and still nothing of ours is there: a record that no gateway wrote. It stays, to be found.
      strangers = taken === tip.place.seq + 1 ? strangers + 1 : 0;
      const entries: AuditEntry[] = [];
      for (const { event, at } of batch) {
        entries.push(this.seal.entryAfter(entries.at(-1) ?? tip.place, at, event));
      }
      if (!(await this.records.putBatch(entries, strangers))) {
        taken = tip.place.seq + 1;
        this.#tip = null;
        continue;
      }
      const place = placeOf(entries.at(-1) as AuditEntry);
      this.#remember(place);
      const headRev = await this.records.putHead(this.seal, place, tip.headRev);
      // Somebody else has moved the head: over these entries, which are in the store.
      this.#tip = headRev === null ? null : { place, headRev };
      return;
    }
    throw new Error('the audit chain is being written by too many');
  }

  /** Finds the end of the chain and brings the head to it. */
  async #load(): Promise<Damage | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { head, rev, there } = await this.records.findHead();
      const sound = head !== null && this.seal.isOurs(headText(head), head.seal);
      const from = sound ? head : await this.#findEnd();
      const isNew = !there && from.seq === 0;
      const place = await this.#follow(from);
      const stands = sound && place.seq === head.seq && rev !== undefined;
      const headRev = stands ? rev : await this.records.putHead(this.seal, place, rev);
      if (headRev === null) continue;
      this.#tip = { place, headRev };
      const isSetBack = this.#known !== null && place.seq < this.#known.seq;
      this.#remember(place);
      if (isSetBack) return 'setBack';
      return sound || isNew ? null : there ? 'headForged' : 'headMissing';
    }
    throw new Error('the head of the audit chain keeps changing');
  }

  /** Nobody waits for the witness: it says how far the chain had come at least. */
  #remember(place: ChainPlace): void {
    this.#known = place;
    if (this.#witness) this.#witnessing ??= this.#bearWitness(this.#witness);
  }

  async #bearWitness(witness: AuditWitness): Promise<void> {
    let written: ChainPlace | null = null;
    try {
      while (this.#known && this.#known !== written) {
        written = this.#known;
        await witness.write(this.seal.gateway, written);
      }
    } catch {
      // A full disk: the next entry tries again.
    }
    this.#witnessing = null;
  }

  /** What was written after the head, before a crash. */
  async #follow(from: ChainPlace): Promise<ChainPlace> {
    let place = from;
    for (;;) {
      const batches = await this.records.findBatchesAt(place.seq + 1);
      const next = batches.find((batch) => this.#continues(place, batch));
      const last = next?.entries?.at(-1);
      if (!last) return place;
      place = placeOf(last);
    }
  }

  #continues(from: ChainPlace, { entries }: Batch): boolean {
    let place = from;
    for (const entry of entries ?? []) {
      if (!entry || entry.seq !== place.seq + 1 || entry.previous !== place.hash) return false;
      if (!this.seal.isOurEntry(entry)) return false;
      place = placeOf(entry);
    }
    return place.seq > from.seq;
  }

  /** The last sealed entry that is there, where the head does not say. */
  async #findEnd(): Promise<ChainPlace> {
    const { anchor } = await this.records.findAnchor();
    let end: ChainPlace = anchor ? { seq: anchor.seq, hash: anchor.hash } : CHAIN_START;
    for (const { entries } of await this.records.listAll()) {
      for (const entry of entries ?? []) {
        if (entry && entry.seq > end.seq && this.seal.isOurEntry(entry)) end = placeOf(entry);
      }
    }
    return end;
  }
}

function damageEvent(code: Damage): AuditEvent {
  return { kind: 'auditDamaged', by: null, code };
}

function placeOf({ seq, hash }: AuditEntry): ChainPlace {
  return { seq, hash };
}
