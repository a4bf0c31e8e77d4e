import type { Clock } from '../clock.ts';
import { networkOf } from './network-of.ts';

/** Wrong passwords that any network has at hand, and how fast they come back. */
const FREE_FAILURES = 60;
const REFILL_MS = 6_000;
/** What each login that signs in rightly adds, once a day: a school behind one address makes more mistakes. */
const EARNED_FAILURES = 5;
const MOST_EARNED = 2_000;
const EARNED_FOR_MS = 86_400_000;
const MAX_KEPT = 20_000;
/** Tries under way at once: as many as the hasher lets wait. */
const MAX_AT_ONCE = 100;

interface Allowance {
  left: number;
  filledAt: number;
  underWay: number;
  /** When each login last earned. */
  readonly earnedAt: Map<string, number>;
}

/** Slows down trying many logins from one network; how much is let through grows with the people who work there. */
export class AddressAllowance {
  readonly #now: Clock;
  readonly #allowances = new Map<string, Allowance>();

  constructor(now: Clock) {
    this.#now = now;
  }

  /** Seconds to wait until the next try from there; 0 where there is none. */
  waitSeconds(address: string): number {
    const { left, filledAt, underWay } = this.#get(address);
    if (underWay >= MAX_AT_ONCE) return 1;
    return left >= 1 ? 0 : Math.max(1, Math.ceil((filledAt + (1 - left) * REFILL_MS - this.#now()) / 1000));
  }

  begin(address: string): void {
    this.#get(address).underWay += 1;
  }

  /** The try that was begun was not looked at. */
  cancel(address: string): void {
    const allowance = this.#get(address);
    allowance.underWay = Math.max(0, allowance.underWay - 1);
  }

  /** The try that was begun was wrong. Of many at once each counts, so that there may be more to come back than one. */
  failed(address: string): void {
    this.cancel(address);
    this.#get(address).left -= 1;
  }

  /** The try that was begun was right. */
  succeeded(address: string, login: string): void {
    this.cancel(address);
    const allowance = this.#get(address);
    const now = this.#now();
    if (now - (allowance.earnedAt.get(login) ?? -EARNED_FOR_MS) < EARNED_FOR_MS) return;
    allowance.earnedAt.delete(login);
    allowance.earnedAt.set(login, now);
    for (const oldest of allowance.earnedAt.keys()) {
      if (allowance.earnedAt.size <= MOST_EARNED / EARNED_FAILURES) break;
      allowance.earnedAt.delete(oldest);
    }
    allowance.left = Math.min(mostOf(allowance), allowance.left + EARNED_FAILURES);
  }

  #get(address: string): Allowance {
    const key = networkOf(address);
    const now = this.#now();
    const known = this.#allowances.get(key) ?? {
      left: FREE_FAILURES,
      filledAt: now,
      underWay: 0,
      earnedAt: new Map(),
    };
    const filled = Math.max(0, now - known.filledAt) / REFILL_MS;
    known.left = Math.min(Math.max(mostOf(known), known.left), known.left + filled);
    known.filledAt = now;
    this.#allowances.delete(key);
    this.#allowances.set(key, known);
    for (const oldest of this.#allowances.keys()) {
      if (this.#allowances.size <= MAX_KEPT) break;
      this.#allowances.delete(oldest);
    }
    return known;
  }
}

function mostOf({ earnedAt }: Allowance): number {
  return FREE_FAILURES + earnedAt.size * EARNED_FAILURES;
}
