import * as z from 'zod/mini';
import type { DocumentStore, GatewayRecord } from '../store/document-store.ts';
import { parseAuditEntry, type AuditEntry, type ChainPlace, type ChainSeal } from './audit-entry.ts';

/** Numbers that are listed at once. */
export const BLOCK_SIZE = 1000;
const DIGITS = 12;

const sealed = { seq: z.int().check(z.minimum(0)), hash: z.string(), seal: z.string() };
const headShape = z.object(sealed);
const anchorShape = z.object({ ...sealed, at: z.int(), sweptAt: z.int() });

export type Head = z.output<typeof headShape>;
/** Stands for all that was removed because its time was over: the chain goes on from here. */
export type Anchor = z.output<typeof anchorShape>;

/** Entries that were written together. */
export interface Batch {
  readonly record: GatewayRecord;
  /** The number that its id names. */
  readonly first: number;
  /** null where the record is not one that a gateway writes. */
  readonly entries: readonly (AuditEntry | null)[] | null;
}

/** The records of one gateway's chain in `audit-<board>`. */
export class ChainRecords {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #gateway: string;

  constructor(store: DocumentStore, db: string, gateway: string) {
    this.#store = store;
    this.#db = db;
    this.#gateway = gateway;
  }

  /** False where the number is taken. `strangers`: how many records have this number that are none of the chain. */
  async putBatch(entries: readonly AuditEntry[], strangers: number): Promise<boolean> {
    const first = entries[0]?.seq ?? 0;
    const suffix = strangers === 0 ? '' : `-${strangers}`;
    const record = { _id: `${this.#prefix}${padded(first)}${suffix}`, entries };
    return (await this.#store.putRecord(this.#db, record)).ok;
  }

  async findBatchesAt(first: number): Promise<Batch[]> {
    return (await this.#store.listRecords(this.#db, `${this.#prefix}${padded(first)}`)).map(readBatch);
  }

  /** The records whose first number lies in the block of a thousand. */
  async listBlock(block: number): Promise<Batch[]> {
    const digits = String(block).padStart(DIGITS - 3, '0');
    return (await this.#store.listRecords(this.#db, `${this.#prefix}${digits}`)).map(readBatch);
  }

  /** Records with numbers of no block up to this one; there are none in a sound chain. */
  async listAfterBlock(block: number): Promise<Batch[]> {
    const digits = String(block).padStart(DIGITS - 3, '0');
    const found: Batch[] = [];
    for (let place = digits.length - 1; place >= 0; place--) {
      for (let digit = Number(digits[place]) + 1; digit <= 9; digit++) {
        const prefix = `${this.#prefix}${digits.slice(0, place)}${digit}`;
        found.push(...(await this.#store.listRecords(this.#db, prefix)).map(readBatch));
      }
    }
    return found;
  }

  async listAll(): Promise<Batch[]> {
    return (await this.#store.listRecords(this.#db, this.#prefix)).map(readBatch);
  }

  async remove({ record }: Batch): Promise<void> {
    await this.#store.deleteRecord(this.#db, record._id, record._rev ?? '');
  }

  async findHead(): Promise<{ head: Head | null; rev: string | undefined; there: boolean }> {
    const record = await this.#store.getRecord(this.#db, `head:${this.#gateway}`);
    const parsed = headShape.safeParse(record);
    return { head: parsed.success ? parsed.data : null, rev: record?._rev, there: record !== null };
  }

  /** The new revision, or null where somebody else has written it meanwhile. */
  async putHead(seal: ChainSeal, { seq, hash }: ChainPlace, rev: string | undefined): Promise<string | null> {
    const record = { _id: `head:${this.#gateway}`, ...(rev === undefined ? {} : { _rev: rev }), seq, hash };
    const put = await this.#store.putRecord(this.#db, {
      ...record,
      seal: seal.sign(headText({ seq, hash })),
    });
    return put.ok ? put.rev : null;
  }

  async findAnchor(): Promise<{ anchor: Anchor | null; rev: string | undefined; there: boolean }> {
    const record = await this.#store.getRecord(this.#db, `anchor:${this.#gateway}`);
    const parsed = anchorShape.safeParse(record);
    return { anchor: parsed.success ? parsed.data : null, rev: record?._rev, there: record !== null };
  }

  async putAnchor(seal: ChainSeal, anchor: Omit<Anchor, 'seal'>, rev: string | undefined): Promise<boolean> {
    const record = { _id: `anchor:${this.#gateway}`, ...(rev === undefined ? {} : { _rev: rev }), ...anchor };
    const put = await this.#store.putRecord(this.#db, { ...record, seal: seal.sign(anchorText(anchor)) });
    return put.ok;
  }

  get #prefix(): string {
    return `entries:${this.#gateway}:`;
  }
}

/** The chains that a database has the head of, in order. */
export async function listChains(store: DocumentStore, db: string): Promise<string[]> {
  return (await store.listRecords(db, 'head:')).map(({ _id }) => _id.slice('head:'.length));
}

export function headText({ seq, hash }: ChainPlace): string {
  return `head ${seq} ${hash}`;
}

export function anchorText({ seq, hash, at, sweptAt }: Omit<Anchor, 'seal'>): string {
  return `anchor ${seq} ${hash} ${at} ${sweptAt}`;
}

function padded(seq: number): string {
  return String(seq).padStart(DIGITS, '0');
}

function readBatch(record: GatewayRecord): Batch {
  const number = /:(\d{12})(?:-\d)?$/.exec(record._id)?.[1];
  const { entries } = record;
  return {
    record,
    first: number === undefined ? 0 : Number(number),
    entries: Array.isArray(entries) && number !== undefined ? entries.map(parseAuditEntry) : null,
  };
}
