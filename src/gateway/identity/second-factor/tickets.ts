import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { openText, sealText } from './factor-seal.ts';

export const TICKET_MS = 300_000;
/** Wrong codes that one ticket bears. */
export const TRIES_PER_TICKET = 5;
const MAX_LENGTH = 4096;
const SWEEP_MS = 10_000;

export interface Ticket<Content> {
  readonly id: string;
  readonly content: Content;
}

interface Sealed {
  readonly id: string;
  readonly expiresAt: number;
  readonly content: unknown;
}

/**
 * What a browser carries from one step of a proof to the next: sealed, short-lived, good for one proof. Nothing is
 * kept for a ticket that nobody uses, so asking for many fills no memory. The key ends with the process, and every
 * ticket with it.
 */
export class Tickets {
  readonly #key = randomBytes(32);
  readonly #now: Clock;
  /** Tries by ticket, until it runs out; a spent one has all of them. */
  readonly #tries = new Map<string, { count: number; expiresAt: number }>();

  #sweptAt = 0;

  constructor(now: Clock) {
    this.#now = now;
  }

  issue(purpose: string, content: unknown): string {
    const sealed: Sealed = {
      id: randomBytes(16).toString('base64url'),
      expiresAt: this.#now() + TICKET_MS,
      content,
    };
    return sealText(this.#key, purpose, JSON.stringify(sealed));
  }

  /** Opens a ticket for one more try; null where it is not ours, for another purpose, over, spent or tried out. */
  try<Content>(purpose: string, token: string): Ticket<Content> | null {
    const text = token.length > MAX_LENGTH ? null : openText(this.#key, purpose, token);
    const now = this.#now();
    this.#sweep(now);
    if (text === null) return null;
    const { id, expiresAt, content } = JSON.parse(text) as Sealed;
    const count = (this.#tries.get(id)?.count ?? 0) + 1;
    if (now >= expiresAt || count > TRIES_PER_TICKET) return null;
    this.#tries.set(id, { count, expiresAt });
    return { id, content: content as Content };
  }

  /** The proof is made: whether this was the first to spend the ticket. */
  spend({ id }: Pick<Ticket<unknown>, 'id'>): boolean {
    const tried = this.#tries.get(id);
    if (!tried || tried.count === Infinity) return false;
    this.#tries.set(id, { ...tried, count: Infinity });
    return true;
  }

  /** Now and then: to look through all of them at each try would be work that anybody could cause. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < SWEEP_MS && now >= this.#sweptAt) return;
    this.#sweptAt = now;
    for (const [id, { expiresAt }] of this.#tries) if (now >= expiresAt) this.#tries.delete(id);
  }
}
