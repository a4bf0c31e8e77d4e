import { createSubscriber } from 'svelte/reactivity';
import { calendarDateAt, type CalendarDate } from '#domain/calendar/calendar-date.ts';

const HALF_MINUTE_MS = 30_000;

/** Whose time a clock shows: the device's, which the school's server corrects. */
interface TimeSource {
  now(): number;
  onStateChange(listener: () => void): unknown;
}

/** The wall clock as a rune, to the half minute: a tablet left on over night must not show yesterday as today. */
export class Clock {
  #update: (() => void) | null = null;
  #source = $state.raw<TimeSource | null>(null);
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, HALF_MINUTE_MS);
    // A sleeping tablet's timers stand still.
    document.addEventListener('visibilitychange', update);
    this.#update = update;
    return () => {
      clearInterval(timer);
      this.#update = null;
      document.removeEventListener('visibilitychange', update);
    };
  });
  #today = $derived.by(() => calendarDateAt(this.now));

  follow(source: TimeSource): void {
    this.#source = source;
    source.onStateChange(() => this.#update?.());
  }

  /** Epoch milliseconds. */
  get now(): number {
    this.#subscribe();
    return this.#source?.now() ?? Date.now();
  }

  /** The school's day, in Japan. */
  get today(): CalendarDate {
    return this.#today;
  }
}

export const clock = new Clock();
