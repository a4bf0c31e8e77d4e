import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { networkOf } from './network-of.ts';

/** Wrong passwords before the first wait. */
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Tries are forgotten after a quiet day. */
const FORGET_MS = 86_400_000;
const MAX_KEPT = 50_000;

/** Tries under way at once while there is no wait: one login on many devices, all at 8:15. */
const MAX_AT_ONCE = 50;

interface Tries {
  failed: number;
  lastFailedAt: number;
  underWay: number;
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
   * Asks to try. Gives the seconds to wait, or 0: then the try is under way until `end`. Behind a wait there is one
   * try at a time, so that many at once are not one.
   */
  begin(login: string, address: string): number {
    const tries = this.#get(keyOf(login, address));
    const waitMs = tries.lastFailedAt + waitAfter(tries.failed) - this.#now();
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    if (tries.underWay >= (tries.failed < FREE_TRIES ? MAX_AT_ONCE : 1)) return 1;
    tries.underWay += 1;
    return 0;
  }

  /** The try that `begin` let go was not looked at, which tells nothing. */
  cancel(login: string, address: string): void {
    const tries = this.#get(keyOf(login, address));
    tries.underWay = Math.max(0, tries.underWay - 1);
  }

  /** The try that `begin` let go is over. */
  end(login: string, address: string, right: boolean): void {
    const tries = this.#get(keyOf(login, address));
    tries.underWay = Math.max(0, tries.underWay - 1);
    tries.failed = right ? 0 : tries.failed + 1;
    tries.lastFailedAt = this.#now();
  }

  #get(key: string): Tries {
    const known = this.#tries.get(key);
    const now = this.#now();
    const fresh = known && (known.underWay > 0 || now - known.lastFailedAt < FORGET_MS);
    const tries = fresh ? known : { failed: 0, lastFailedAt: now, underWay: 0 };
    this.#tries.delete(key);
    this.#tries.set(key, tries);
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= MAX_KEPT) break;
      this.#tries.delete(oldest);
    }
    return tries;
  }
}

/** How long after that many wrong tries, milliseconds. */
export function waitAfter(count: number): number {
  if (count < FREE_TRIES) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(count - FREE_TRIES, 20), LONGEST_WAIT_MS);
}

function keyOf(login: string, address: string): string {
  return createHash('sha256').update(login).update('\0').update(networkOf(address)).digest('base64url');
}
