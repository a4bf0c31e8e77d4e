import * as z from 'zod/mini';
import {
  firstSecurityPolicy,
  securityPolicyShape,
  type SecurityPolicy,
} from '../../access/security-policy.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';

const RECORD = 'policy:security';
/** How long the policy is believed without asking the store. */
const BELIEVED_MS = 5_000;

/** A version of the policy; number 0 is what holds until a board has decided. */
export interface PolicyVersion {
  readonly version: number;
  readonly policy: SecurityPolicy;
  /** The person's id; null for number 0. */
  readonly by: string | null;
  readonly at: number | null;
}

const recordShape = z.object({
  version: z.int().check(z.minimum(1)),
  policy: securityPolicyShape,
  by: z.string(),
  at: z.int(),
});

const firstVersion: PolicyVersion = { version: 0, policy: firstSecurityPolicy, by: null, at: null };

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly now: Clock;
}

/** The board's security policy, every version of it. */
export class StoredPolicy {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #now: Clock;
  #believed: { current: PolicyVersion; rev: string | undefined; readAt: number } | null = null;

  constructor({ store, db, now }: Options) {
    this.#store = store;
    this.#db = db;
    this.#now = now;
  }

  async current(): Promise<PolicyVersion> {
    const now = this.#now();
    if (this.#believed && Math.abs(now - this.#believed.readAt) < BELIEVED_MS) return this.#believed.current;
    return (await this.#read()).current;
  }

  /** Puts a new version in the place of the one that was looked at; `stale` where that is no longer the present one. */
  async set(
    policy: SecurityPolicy,
    replaces: number,
    by: string,
  ): Promise<{ readonly ok: true; readonly current: PolicyVersion } | { readonly ok: false }> {
    const { current, rev } = await this.#read();
    if (current.version !== replaces) return { ok: false };
    if (current.version > 0) {
      // Kept before it is replaced: a cut in between leaves it there twice rather than nowhere.
      await this.#store.putRecord(this.#db, { _id: `policy-history:${current.version}`, ...current });
    }
    const next = { version: current.version + 1, policy, by, at: this.#now() };
    const put = await this.#store.putRecord(this.#db, {
      _id: RECORD,
      ...(rev === undefined ? {} : { _rev: rev }),
      ...next,
    });
    this.#believed = null;
    return put.ok ? { ok: true, current: next } : { ok: false };
  }

  /** Every version that was ever set, the newest first. */
  async history(): Promise<PolicyVersion[]> {
    const [{ current }, records] = await Promise.all([
      this.#read(),
      this.#store.listRecords(this.#db, 'policy-history:'),
    ]);
    const older = records.map(readVersion).filter((version) => version !== null);
    const all =
      current.version > 0 ? [current, ...older.filter((each) => each.version !== current.version)] : [];
    return all.sort((a, b) => b.version - a.version);
  }

  async #read(): Promise<{ current: PolicyVersion; rev: string | undefined }> {
    const record = await this.#store.getRecord(this.#db, RECORD);
    const current = (record && readVersion(record)) ?? firstVersion;
    this.#believed = { current, rev: record?._rev, readAt: this.#now() };
    return this.#believed;
  }
}

function readVersion(record: unknown): PolicyVersion | null {
  const parsed = recordShape.safeParse(record);
  return parsed.success ? parsed.data : null;
}
