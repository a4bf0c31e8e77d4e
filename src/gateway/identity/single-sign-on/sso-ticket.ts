import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';

/** What a browser carries from the start of a sign-in to its return, sealed: nobody can read or make one. */
export interface SsoTicket {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly device: string;
  readonly expiresAt: number;
}

export const SSO_TICKET_MS = 600_000;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_LENGTH = 1024;

const shape = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  device: z.string(),
  expiresAt: z.int(),
});

/** Seals tickets under a key of its own, derived from the sessions'. */
export class SsoTickets {
  readonly #key: Uint8Array;
  readonly #now: Clock;
  /** States that have come back, until they run out: one ticket is good for one return. */
  readonly #used = new Map<string, number>();

  constructor(sessionKey: Uint8Array, now: Clock) {
    this.#key = new Uint8Array(hkdfSync('sha256', sessionKey, '', 'single sign-on ticket', 32));
    this.#now = now;
  }

  seal(ticket: Omit<SsoTicket, 'expiresAt'>): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const text = JSON.stringify({ ...ticket, expiresAt: this.#now() + SSO_TICKET_MS });
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64url',
    );
  }

  /** Opens a ticket the first time it comes back; null for anything else. */
  redeem(sealed: string | null): SsoTicket | null {
    const ticket = sealed === null || sealed.length > MAX_LENGTH ? null : this.#open(sealed);
    const now = this.#now();
    for (const [state, expiresAt] of this.#used) if (expiresAt <= now) this.#used.delete(state);
    if (!ticket || ticket.expiresAt <= now || this.#used.has(ticket.state)) return null;
    this.#used.set(ticket.state, ticket.expiresAt);
    return ticket;
  }

  #open(sealed: string): SsoTicket | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      const parsed = shape.safeParse(JSON.parse(text.toString('utf8')));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }
}
