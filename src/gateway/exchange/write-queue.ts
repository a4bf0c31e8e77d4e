/** One writer at a time for each key; what waits is done in the order it came. */
export class WriteQueue {
  readonly #last = new Map<string, Promise<unknown>>();
  #alone: Promise<unknown> = Promise.resolve();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? this.#alone;
    return this.#follow(key, before, work);
  }

  /** Waits for all that was asked for before, and lets nothing begin until it is done. */
  runAlone<T>(work: () => Promise<T>): Promise<T> {
    const done = Promise.all([this.#alone, ...this.#last.values()]).then(work);
    this.#alone = settled(done);
    for (const key of this.#last.keys()) this.#last.set(key, this.#alone);
    return done;
  }

  #follow<T>(key: string, before: Promise<unknown>, work: () => Promise<T>): Promise<T> {
    const done = before.then(work);
    const end = settled(done);
    this.#last.set(key, end);
    void end.then(() => {
      if (this.#last.get(key) === end) this.#last.delete(key);
    });
    return done;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.runAlone(async () => undefined);
  }
}

function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    () => undefined,
  );
}
