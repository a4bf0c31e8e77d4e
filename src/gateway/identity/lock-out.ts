import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';

/** Wrong passwords before the first wait. */
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Tries are forgotten after a quiet day. */
const FORGET_MS = 86_400_000;
const MAX_KEPT = 50_000;

interface Tries {
  count: number;
  lastAt: number;
}

/**
 * Slows down guessing per login and address: whoever guesses locks out themselves there, never a school behind
 * other addresses. A login that does not exist is counted like any other.
 */
export class LockOut {
  readonly #now: Clock;
  readonly #tries = new Map<string, Tries>();

  constructor(now: Clock) {
    this.#now = now;
  }

  /**
   * Counts a try before it is judged, so that many at once are not one. Gives the seconds to wait, 0 where the try
   * may go ahead; a try during the wait is not counted.
   */
  begin(login: string, address: string): number {
    const key = keyOf(login, address);
    const now = this.#now();
    const known = this.#tries.get(key);
    const tries = known && now - known.lastAt < FORGET_MS ? known : { count: 0, lastAt: now };
    const waitMs = tries.lastAt + waitAfter(tries.count) - now;
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    this.#tries.delete(key);
    this.#tries.set(key, { count: tries.count + 1, lastAt: now });
    if (this.#tries.size > MAX_KEPT) this.#forgetOldest();
    return 0;
  }

  /** The password was right. */
  clear(login: string, address: string): void {
    this.#tries.delete(keyOf(login, address));
  }

  #forgetOldest(): void {
    const [oldest] = this.#tries.keys();
    if (oldest !== undefined) this.#tries.delete(oldest);
  }
}

function waitAfter(count: number): number {
  if (count < FREE_TRIES) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(count - FREE_TRIES, 20), LONGEST_WAIT_MS);
}

function keyOf(login: string, address: string): string {
  return createHash('sha256').update(login).update('\0').update(networkOf(address)).digest('base64url');
}

/** One household or school has a whole /64 of IPv6 addresses at hand. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
