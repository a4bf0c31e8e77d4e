import { StorageFailure, TransportFailure, type Timers } from './device-ports.ts';
import type { RoundResult } from './device-exchange.ts';

export type SyncPhase = 'idle' | 'exchanging' | 'offline' | 'signedOut' | 'serverTrouble' | 'storageTrouble';

/**
 * Why to exchange now. `news`: the gateway poked, or a deferred row is due. The others also end a waiting time,
 * because they change what can be expected: a row was written, the network or the person is back.
 */
export type Trigger = 'news' | 'row' | 'online' | 'visible' | 'asked' | 'signedIn';

const POKE_DELAY_MS = 40;
const SMALLER_BATCH_DELAY_MS = 200;
const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;
/** A server that cannot be reached is not burdened by being tried; it should not be missed for long. */
const MAX_UNREACHABLE_BACKOFF_MS = 15_000;
/** Without pokes the device asks by itself. */
const POLL_MS = 60_000;
const POLL_WITH_POKES_MS = 300_000;

export interface SchedulePorts {
  readonly timers: Timers;
  round(): Promise<RoundResult>;
  /** What was put off is to be tried again. */
  forgetDeferrals(): void;
  nextReadyAt(): number | null;
  /** Whether pokes arrive. */
  isLive(): boolean;
  onPhase(phase: SyncPhase): void;
  /** After each whole exchange. */
  onContact(): void;
}

/** When to exchange: one round at a time, at once where there is a reason, with growing pauses where it fails. */
export class ExchangeSchedule {
  readonly #ports: SchedulePorts;
  #phase: SyncPhase = 'idle';
  #running = false;
  #stopped = false;
  #wanted = false;
  #failures = 0;
  #cancel: (() => void) | null = null;
  #dueAt = Infinity;
  #waiters: (() => void)[] = [];

  constructor(ports: SchedulePorts) {
    this.#ports = ports;
  }

  get phase(): SyncPhase {
    return this.#phase;
  }

  trigger(trigger: Trigger): void {
    if (this.#stopped) return;
    if (this.#phase === 'signedOut' && trigger !== 'signedIn') return;
    if (trigger === 'news' && this.#failures > 0) return;
    if (trigger !== 'news') this.#failures = 0;
    if (trigger !== 'news' && trigger !== 'row') this.#ports.forgetDeferrals();
    if (this.#running) this.#wanted = true;
    else this.#schedule(trigger === 'news' ? POKE_DELAY_MS : 0);
  }

  /** Resolves when nothing is under way; for a sign-out that hands over what it can. */
  quiet(): Promise<void> {
    if (!this.#running && this.#dueAt === Infinity) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The session at the gateway is not this person's. */
  signedOut(): void {
    this.#setPhase('signedOut');
    this.#clearTimer();
  }

  stop(): void {
    this.#stopped = true;
    this.#clearTimer();
  }

  #schedule(delayMs: number): void {
    const dueAt = this.#ports.timers.now() + delayMs;
    if (this.#stopped || dueAt >= this.#dueAt) return;
    this.#clearTimer();
    this.#dueAt = dueAt;
    this.#cancel = this.#ports.timers.after(delayMs, () => {
      this.#clearTimer();
      void this.#run();
    });
  }

  #clearTimer(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#dueAt = Infinity;
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#wanted = false;
    this.#setPhase('exchanging');
    let result: RoundResult;
    try {
      result = await this.#ports.round();
    } catch (error) {
      this.#running = false;
      this.#failed(error);
      return;
    }
    this.#running = false;
    if (!result.whole) {
      this.#schedule(SMALLER_BATCH_DELAY_MS);
      return;
    }
    this.#failures = 0;
    this.#setPhase('idle');
    this.#ports.onContact();
    if (result.again || this.#wanted) this.#schedule(0);
    else this.#rest();
  }

  #rest(): void {
    const poll = this.#ports.isLive() ? POLL_WITH_POKES_MS : POLL_MS;
    const readyAt = this.#ports.nextReadyAt();
    const wait = readyAt === null ? poll : Math.min(poll, Math.max(0, readyAt - this.#ports.timers.now()));
    this.#release();
    this.#schedule(wait);
  }

  #failed(error: unknown): void {
    const known = error instanceof TransportFailure || error instanceof StorageFailure;
    const reason = error instanceof TransportFailure ? error.reason : null;
    this.#failures += 1;
    if (reason === 'signedOut') this.#setPhase('signedOut');
    else if (error instanceof StorageFailure) this.#setPhase('storageTrouble');
    else if (reason === 'unreachable' || reason === 'timeout' || reason === 'notOurs')
      this.#setPhase('offline');
    else this.#setPhase('serverTrouble');
    this.#release();
    if (this.#phase !== 'signedOut') {
      const asked = (error instanceof TransportFailure && error.retryAfterMs) || 0;
      this.#schedule(
        this.#wanted && reason !== 'busy'
          ? MIN_BACKOFF_MS
          : Math.max(asked, this.#backoff(reason === 'unreachable')),
      );
    }
    if (!known) throw error;
  }

  /** Full jitter over a doubling interval: a school's devices must not come back in step. */
  #backoff(isUnreachable: boolean): number {
    const longest = isUnreachable ? MAX_UNREACHABLE_BACKOFF_MS : MAX_BACKOFF_MS;
    const ceiling = Math.min(longest, MIN_BACKOFF_MS * 2 ** Math.min(this.#failures - 1, 10));
    return MIN_BACKOFF_MS / 2 + this.#ports.timers.random() * (ceiling - MIN_BACKOFF_MS / 2);
  }

  #setPhase(phase: SyncPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#ports.onPhase(phase);
  }

  #release(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
