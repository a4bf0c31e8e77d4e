import type { Query } from '../views.ts';

interface Watch {
  readonly query: Query;
  stale: boolean;
  lastText: string | null;
}

/** Changes that come closer together than this are answered together. */
const MIN_INTERVAL_MS = 40;

/** Answers watched queries anew after every change that touches them, and only those. */
export class LiveQueries {
  readonly #watches = new Map<number, Watch>();
  readonly #answer: (query: Query) => Promise<unknown>;
  readonly #post: (id: number, result: unknown) => void;
  readonly #onBug: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #flushing = false;
  #lastFlushAt = -Infinity;

  constructor(
    answer: (query: Query) => Promise<unknown>,
    post: (id: number, result: unknown) => void,
    onBug: (error: unknown) => void,
  ) {
    this.#answer = answer;
    this.#post = post;
    this.#onBug = onBug;
  }

  watch(id: number, query: Query): void {
    this.#watches.set(id, { query, stale: true, lastText: null });
    this.#schedule(0);
  }

  unwatch(id: number): void {
    this.#watches.delete(id);
  }

  touch(touches: (query: Query) => boolean): void {
    let any = false;
    for (const watch of this.#watches.values()) {
      if (watch.stale || !touches(watch.query)) continue;
      watch.stale = true;
      any = true;
    }
    if (any) this.#schedule(Math.max(0, this.#lastFlushAt + MIN_INTERVAL_MS - performance.now()));
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null) {
      if (delayMs > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#flush();
    }, delayMs);
  }

  async #flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#lastFlushAt = performance.now();
    try {
      for (const [id, watch] of [...this.#watches]) {
        if (!watch.stale || this.#watches.get(id) !== watch) continue;
        watch.stale = false;
        await this.#recompute(id, watch);
      }
    } finally {
      this.#flushing = false;
    }
    if ([...this.#watches.values()].some((watch) => watch.stale)) this.#schedule(MIN_INTERVAL_MS);
  }

  async #recompute(id: number, watch: Watch): Promise<void> {
    let result: unknown;
    try {
      result = await this.#answer(watch.query);
    } catch (error) {
      this.#onBug(error);
      return;
    }
    if (this.#watches.get(id) !== watch) return;
    const text = JSON.stringify(result);
    if (text === watch.lastText) return;
    watch.lastText = text;
    this.#post(id, result);
  }
}
