/** Epoch milliseconds. A port, so that tests own the time. */
export type Clock = () => number;

/** A clock that can be set: the practice city lives in its own school year, whatever the day outside. */
export class SettableClock {
  readonly #real: Clock;
  #offsetMs = 0;

  constructor(real: Clock) {
    this.#real = real;
  }

  readonly now: Clock = () => this.#real() + this.#offsetMs;

  /** From now on it is `epochMs`, and goes on from there. */
  set(epochMs: number): void {
    this.#offsetMs = epochMs - this.#real();
  }
}
