import type { Query, ResultOf, SyncView } from './views.ts';
import type { ToWorker } from './worker/messages.ts';

interface Watch {
  readonly query: Query;
  readonly listener: (result: never) => void;
}

interface Ports {
  /** To the worker of the person who is here, if anybody is. */
  readonly post: (message: ToWorker) => void;
  /** What the page itself adds to the worker's view of the sync. */
  readonly more: () => Pick<SyncView, 'persisted' | 'diskFull'>;
  readonly onSync: (present: SyncView, before: SyncView | null) => void;
}

/** What the screens are watching. It outlives the person: whoever unlocks sees the same screen again. */
export class ScreenWatches {
  readonly #ports: Ports;
  readonly #watches = new Map<number, Watch>();
  #nextId = 1;
  #lastSync: SyncView | null = null;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get lastContactAt(): number | null {
    return this.#lastSync?.lastContactAt ?? null;
  }

  watch<Q extends Query>(query: Q, listener: (result: ResultOf<Q>) => void): () => void {
    const id = this.#nextId++;
    this.#watches.set(id, { query, listener });
    this.#ports.post({ type: 'watch', id, query });
    return () => {
      this.#watches.delete(id);
      this.#ports.post({ type: 'unwatch', id });
    };
  }

  /** To a worker that has just opened. */
  askAgain(): void {
    for (const [id, { query }] of this.#watches) this.#ports.post({ type: 'watch', id, query });
  }

  /** The worker that said it is gone. */
  forgetSync(): void {
    this.#lastSync = null;
  }

  pass(id: number, result: unknown): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    if (watch.query.type !== 'sync') return watch.listener(result as never);
    const before = this.#lastSync;
    this.#lastSync = result as SyncView;
    this.#ports.onSync(this.#lastSync, before);
    watch.listener({ ...this.#lastSync, ...this.#ports.more() } as never);
  }

  /** After a change of what the page adds. */
  passSyncAgain(): void {
    if (!this.#lastSync) return;
    for (const [id, { query }] of this.#watches) if (query.type === 'sync') this.pass(id, this.#lastSync);
  }
}
