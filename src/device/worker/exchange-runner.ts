import { DeviceExchange, type ExchangeEvents, type Progress } from '../../sync/device-exchange.ts';
import {
  StorageFailure,
  TransportFailure,
  type DeviceBlocks,
  type DeviceJournal,
} from '../../sync/device-ports.ts';
import { ExchangeSchedule, type SyncPhase, type Trigger } from '../../sync/device-schedule.ts';
import type { Poke } from '../../sync/protocol.ts';
import { askSession, type SessionAnswer } from '../session-api.ts';
import { HttpTransport } from './http-transport.ts';
import { isDatabaseError } from './journal-reader.ts';

export interface RunnerPorts {
  readonly personId: string;
  readonly device: string;
  readonly app: string;
  readonly blocks: DeviceBlocks;
  readonly journal: DeviceJournal;
  /** Whether the person's profile names a stream. */
  isKnown(stream: string): boolean;
  onSession(session: SessionAnswer): void;
  onClock(offsetMs: number): void;
  onPhase(phase: SyncPhase): void;
  /** After each whole exchange, with the gateway's clock: a clock here may jump in the middle of one. */
  onContact(schoolNow: number): void;
  onProgress(progress: Progress): void;
  onStreams(whole: Readonly<Record<string, boolean>>): void;
  onLost(stream: string): void;
  /** After an exchange, when nothing presses. */
  onRest(): void;
}

/** Runs the exchange in the one tab that does: schedule, pokes, and the check whose session it is. */
export class ExchangeRunner {
  readonly #ports: RunnerPorts;
  readonly #exchange: DeviceExchange;
  readonly #schedule: ExchangeSchedule;
  #events: EventSource | null = null;
  #verified: boolean;
  #profileIsOld = false;
  /** What the gateway's clock showed in its last answer. */
  #schoolNow = 0;
  /** How many entries each stream is said to have. */
  readonly #poked = new Map<string, number>();

  /** `verified`: the session at the gateway was begun by this person just now. */
  constructor(ports: RunnerPorts, verified: boolean) {
    this.#ports = ports;
    this.#verified = verified;
    const { personId, device, app, blocks, journal } = ports;
    const timers = {
      now: () => performance.now(),
      random: () => Math.random(),
      after: (ms: number, callback: () => void) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    };
    const events: ExchangeEvents = {
      onHead: (head) => {
        this.#schoolNow = head.now;
        ports.onClock(head.now - Date.now());
        // A stream this device was not told of at sign-in: ask what else has changed.
        if (!Object.keys(head.streams).every((stream) => ports.isKnown(stream))) this.#profileIsOld = true;
      },
      onProgress: (progress) => ports.onProgress(progress),
      onStreams: (whole) => ports.onStreams(whole),
      onLost: (stream) => ports.onLost(stream),
    };
    const transport = new HttpTransport(personId);
    this.#exchange = new DeviceExchange(
      { blocks, journal, transport, now: timers.now },
      { app, device },
      events,
    );
    this.#schedule = new ExchangeSchedule({
      timers,
      round: () => this.#round(),
      forgetDeferrals: () => this.#exchange.forgetDeferrals(),
      nextReadyAt: () => this.#exchange.nextReadyAt(),
      isLive: () => this.#events?.readyState === EventSource.OPEN,
      onPhase: (phase) => {
        if (phase === 'signedOut') this.#closeEvents();
        ports.onPhase(phase);
      },
      onContact: () => {
        this.#openEvents();
        this.#answerPokes();
        ports.onContact(this.#schoolNow);
      },
    });
    this.#schedule.trigger('asked');
  }

  trigger(trigger: Trigger): void {
    this.#schedule.trigger(trigger);
  }

  /** Somebody signed in: the cookie may be this person's again, or no longer. */
  sessionChanged(): void {
    this.#verified = false;
    this.#closeEvents();
    this.#schedule.trigger('signedIn');
  }

  quiet(): Promise<void> {
    return this.#schedule.quiet();
  }

  async #round() {
    if (!this.#verified) await this.#verify();
    try {
      const result = await this.#exchange.round();
      if (!result.again) this.#ports.onRest();
      return result;
    } catch (error) {
      if (isDatabaseError(error)) throw new StorageFailure('journal', { cause: error });
      throw error;
    }
  }

  /** Rows must never go up in another person's name: the gateway would refuse them for good. */
  async #verify(): Promise<void> {
    const answer = await askSession();
    if (!answer.ok) {
      if (answer.code === 'badCredentials') throw new TransportFailure('signedOut');
      if (answer.code === 'appTooOld') throw new TransportFailure('appTooOld');
      throw new TransportFailure(answer.code === 'offline' ? 'unreachable' : 'busy');
    }
    if (answer.session.person.id !== this.#ports.personId) throw new TransportFailure('signedOut');
    this.#verified = true;
    this.#profileIsOld = false;
    this.#ports.onSession(answer.session);
  }

  #openEvents(): void {
    if (this.#profileIsOld) this.#verified = false;
    if (this.#events && this.#events.readyState !== EventSource.CLOSED) return;
    const events = new EventSource('/api/events');
    this.#events = events;
    let openedBefore = false;
    events.addEventListener('open', () => {
      // Between two connections pokes are lost.
      if (openedBefore) this.#schedule.trigger('news');
      openedBefore = true;
    });
    events.addEventListener('error', () => {
      // Refused for good: the session has ended, and the next exchange says so at once.
      if (events.readyState === EventSource.CLOSED) this.#schedule.trigger('news');
    });
    events.addEventListener('poke', (event: MessageEvent<string>) => {
      const poke = parsePoke(event.data);
      if (!poke) return;
      this.#poked.set(poke.stream, poke.count);
      this.#answerPokes();
    });
  }

  /** Of what this device itself has just handed over it need not be told: an exchange under way is waited for. */
  #answerPokes(): void {
    if (this.#schedule.phase === 'exchanging') return;
    const states = this.#ports.blocks.states();
    const isNews = [...this.#poked].some(([stream, count]) => (states[stream]?.count ?? 0) < count);
    this.#poked.clear();
    if (isNews) this.#schedule.trigger('news');
  }

  #closeEvents(): void {
    this.#events?.close();
    this.#events = null;
  }
}

function parsePoke(text: string): Poke | null {
  try {
    const { stream, count } = JSON.parse(text) as Partial<Poke>;
    return typeof stream === 'string' && typeof count === 'number' ? { stream, count } : null;
  } catch {
    return null;
  }
}
