const CHECK_MS = 5_000;
const TELL_MS = 10_000;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'touchstart', 'wheel'] as const;

/**
 * Locks after some idle minutes. It compares clocks rather than trusting one long timer: a sleeping tablet's timers
 * sleep too.
 */
export class AutoLock {
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  readonly #onLife: () => void;
  #lastAt = 0;
  #toldAt = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** `onLife` is called now and then while the person is active, to tell the other tabs. */
  constructor(idleMinutes: number, onIdle: () => void, onLife: () => void) {
    this.#idleMs = idleMinutes * 60_000;
    this.#onIdle = onIdle;
    this.#onLife = onLife;
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#lastAt = Date.now();
    this.#timer = setInterval(this.#check, CHECK_MS);
    for (const sign of SIGNS_OF_LIFE) addEventListener(sign, this.#live, { passive: true, capture: true });
    document.addEventListener('visibilitychange', this.#check);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, this.#live, { capture: true });
    document.removeEventListener('visibilitychange', this.#check);
  }

  /** Another tab of the same person is in use. */
  touch(): void {
    this.#lastAt = Date.now();
  }

  readonly #live = (): void => {
    // First the check: the tap that wakes a tablet must not keep open what had to be locked.
    this.#check();
    if (this.#timer === null) return;
    const now = Date.now();
    this.#lastAt = now;
    if (Math.abs(now - this.#toldAt) < TELL_MS) return;
    this.#toldAt = now;
    this.#onLife();
  };

  readonly #check = (): void => {
    const idle = Date.now() - this.#lastAt;
    // A clock that was set back says nothing about idleness; counting starts anew.
    if (idle < 0) this.#lastAt = Date.now();
    else if (idle >= this.#idleMs) this.#onIdle();
  };
}
