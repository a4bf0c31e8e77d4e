import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { canonicalJson } from '../../ledger/canonical.ts';
import { auditKinds, type AuditEvent } from './audit.ts';

/** One link of the chain. */
export interface AuditEntry {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** The gateway's clock when it was told, epoch milliseconds. */
  readonly at: number;
  readonly event: AuditEvent;
  /** The hash of the entry before; `FIRST_PREVIOUS` for the first. */
  readonly previous: string;
  /** SHA-256 of all of the above and the gateway's name, in canonical JSON. */
  readonly hash: string;
  /** HMAC of the hash: who can write the database cannot make one. */
  readonly seal: string;
}

/** Where a chain stands: the number and the hash of an entry. */
export interface ChainPlace {
  readonly seq: number;
  readonly hash: string;
}

export const FIRST_PREVIOUS = '0'.repeat(64);
export const CHAIN_START: ChainPlace = { seq: 0, hash: FIRST_PREVIOUS };

const digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const word = z.string().check(z.maxLength(400));

const entryShape = z.strictObject({
  seq: z.int().check(z.minimum(1)),
  at: z.int(),
  event: z.strictObject({
    kind: z.enum(auditKinds),
    by: z.nullable(word),
    device: z.optional(word),
    session: z.optional(word),
    school: z.optional(word),
    target: z.optional(word),
    code: z.optional(word),
    count: z.optional(z.int()),
    happenedAt: z.optional(z.int()),
  }),
  previous: digest,
  hash: digest,
  seal: digest,
});

export function parseAuditEntry(value: unknown): AuditEntry | null {
  const parsed = entryShape.safeParse(value);
  return parsed.success ? (parsed.data as AuditEntry) : null;
}

/** Makes and recognises the links of one gateway's chain. */
export class ChainSeal {
  /** Names the chain; as stable as the key. */
  readonly gateway: string;
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
    this.gateway = this.sign('audit chain').slice(0, 12);
  }

  sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }

  isOurs(text: string, seal: unknown): boolean {
    if (typeof seal !== 'string') return false;
    const given = Buffer.from(seal);
    const right = Buffer.from(this.sign(text));
    return given.length === right.length && timingSafeEqual(given, right);
  }

  entryAfter(before: ChainPlace, at: number, event: AuditEvent): AuditEntry {
    const open = { seq: before.seq + 1, at, event: withoutAbsent(event), previous: before.hash };
    const hash = hashOfEntry(this.gateway, open);
    return { ...open, hash, seal: this.sign(`entry ${hash}`) };
  }

  isOurEntry(entry: AuditEntry): boolean {
    return hashOfEntry(this.gateway, entry) === entry.hash && this.isOurs(`entry ${entry.hash}`, entry.seal);
  }
}

export function hashOfEntry(
  gateway: string,
  { seq, at, event, previous }: Omit<AuditEntry, 'hash' | 'seal'>,
): string {
  return createHash('sha256').update(canonicalJson({ gateway, seq, at, event, previous })).digest('hex');
}

function withoutAbsent(event: AuditEvent): AuditEvent {
  return Object.fromEntries(
    Object.entries(event).filter(([, value]) => value !== undefined),
  ) as unknown as AuditEvent;
}
