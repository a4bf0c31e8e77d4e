import * as z from 'zod/mini';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';

const BELIEVED_MS = 5_000;

const recordShape = z.object({ allowed: z.boolean(), by: z.string(), at: z.int() });

/** What a school has said itself of its blanket permission. */
export type SchoolBlanket = z.infer<typeof recordShape>;

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly now: Clock;
}

/** 包括的許可: whether the people of a school may hold its register outside. */
export class BlanketPermissions {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #now: Clock;
  readonly #believed = new Map<string, { blanket: SchoolBlanket | null; readAt: number }>();

  constructor({ store, db, now }: Options) {
    this.#store = store;
    this.#db = db;
    this.#now = now;
  }

  /** null: the school has said nothing, the board's policy holds. */
  async find(schoolCode: string): Promise<SchoolBlanket | null> {
    const now = this.#now();
    const known = this.#believed.get(schoolCode);
    if (known && Math.abs(now - known.readAt) < BELIEVED_MS) return known.blanket;
    const parsed = recordShape.safeParse(await this.#store.getRecord(this.#db, recordId(schoolCode)));
    const blanket = parsed.success ? parsed.data : null;
    this.#believed.set(schoolCode, { blanket, readAt: now });
    return blanket;
  }

  /** False where another was set at the same time. */
  async set(schoolCode: string, allowed: boolean, by: string): Promise<boolean> {
    const _id = recordId(schoolCode);
    const present = await this.#store.getRecord(this.#db, _id);
    const put = await this.#store.putRecord(this.#db, {
      _id,
      ...(present?._rev === undefined ? {} : { _rev: present._rev }),
      allowed,
      by,
      at: this.#now(),
    });
    this.#believed.delete(schoolCode);
    return put.ok;
  }
}

const recordId = (schoolCode: string): string => `permit-blanket:${schoolCode}`;
