import { beforeEach, expect, test } from 'vitest';
import type { RoundResult } from './device-exchange.ts';
import { TransportFailure } from './device-ports.ts';
import { ExchangeSchedule, type SyncPhase } from './device-schedule.ts';

/** A clock the test winds by hand. */
class HandClock {
  time = 0;
  #due: { at: number; call: () => void }[] = [];
  after(ms: number, call: () => void): () => void {
    const each = { at: this.time + ms, call };
    this.#due.push(each);
    return () => (this.#due = this.#due.filter((other) => other !== each));
  }
  get next(): number | null {
    return this.#due.length === 0 ? null : Math.min(...this.#due.map(({ at }) => at)) - this.time;
  }
  async wind(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      const due = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = Math.max(this.time, due.at);
      this.#due = this.#due.filter((other) => other !== due);
      due.call();
      for (let i = 0; i < 10; i += 1) await Promise.resolve();
    }
    this.time = until;
  }
}

let clock: HandClock;
let rounds: number;
let phases: SyncPhase[];
let outcome: () => Promise<RoundResult>;
let schedule: ExchangeSchedule;
let forgotten: number;

beforeEach(() => {
  clock = new HandClock();
  rounds = 0;
  forgotten = 0;
  phases = [];
  outcome = async () => ({ whole: true, again: false });
  schedule = new ExchangeSchedule({
    timers: { now: () => clock.time, after: (ms, call) => clock.after(ms, call), random: () => 1 },
    round: () => {
      rounds += 1;
      return outcome();
    },
    forgetDeferrals: () => (forgotten += 1),
    nextReadyAt: () => null,
    isLive: () => true,
    onPhase: (phase) => phases.push(phase),
    onContact: () => undefined,
  });
});

const fail = (reason: ConstructorParameters<typeof TransportFailure>[0], retryAfterMs?: number) => () =>
  Promise.reject(new TransportFailure(reason, retryAfterMs));

test('[DE20] one exchange at a time; what comes meanwhile starts the next', async () => {
  let finish = (): void => undefined;
  outcome = () => new Promise((resolve) => (finish = () => resolve({ whole: true, again: false })));
  schedule.trigger('row');
  await clock.wind(1);
  schedule.trigger('row');
  schedule.trigger('news');
  await clock.wind(5_000);
  expect(rounds).toBe(1);
  finish();
  await clock.wind(1);
  await clock.wind(1);
  expect(rounds).toBe(2);
});

test('[DE20] pokes that come together are answered together', async () => {
  schedule.trigger('news');
  schedule.trigger('news');
  await clock.wind(30);
  expect(rounds).toBe(0);
  await clock.wind(30);
  expect(rounds).toBe(1);
});

test('[DE21] pauses grow to a minute, and a reason ends them', async () => {
  outcome = fail('notOurs');
  schedule.trigger('asked');
  await clock.wind(0);
  const pauses: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    pauses.push(clock.next ?? 0);
    await clock.wind(clock.next ?? 0);
  }
  expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(pauses.at(-1)).toBe(60_000);
  const before = rounds;
  schedule.trigger('news');
  await clock.wind(1_000);
  expect(rounds).toBe(before);
  schedule.trigger('online');
  await clock.wind(0);
  expect(rounds).toBe(before + 1);
  expect(clock.next).toBe(1_000);
  expect(phases.at(-1)).toBe('offline');
  expect(forgotten).toBe(2);
});

test('[DE21] a server that cannot be reached is not missed for long', async () => {
  outcome = fail('unreachable');
  schedule.trigger('asked');
  for (let i = 0; i < 8; i += 1) await clock.wind(clock.next ?? 0);
  expect(clock.next).toBe(15_000);
});

test('[DE21] a server that names a time is not asked before it', async () => {
  outcome = fail('busy', 30_000);
  schedule.trigger('asked');
  await clock.wind(0);
  expect(clock.next).toBe(30_000);
  expect(phases.at(-1)).toBe('serverTrouble');
});

test('[DE22] signed out: nothing is sent until somebody signs in', async () => {
  outcome = fail('signedOut');
  schedule.trigger('asked');
  await clock.wind(0);
  expect(phases.at(-1)).toBe('signedOut');
  for (const trigger of ['row', 'online', 'visible', 'asked', 'news'] as const) schedule.trigger(trigger);
  await clock.wind(600_000);
  expect(rounds).toBe(1);
  outcome = async () => ({ whole: true, again: false });
  schedule.trigger('signedIn');
  await clock.wind(0);
  expect(rounds).toBe(2);
  expect(phases.at(-1)).toBe('idle');
});
