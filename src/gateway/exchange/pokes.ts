import type { StreamKey } from '../../ledger/stream.ts';
import type { Poke } from '../../sync/protocol.ts';

type Listener = (poke: Poke) => void;

/** Tells who listens to a stream that it has news, never what. */
export class Pokes {
  readonly #listeners = new Map<StreamKey, Set<Listener>>();

  subscribe(streams: Iterable<StreamKey>, listener: Listener): () => void {
    const keys = [...streams];
    for (const key of keys) {
      const listeners = this.#listeners.get(key) ?? new Set();
      listeners.add(listener);
      this.#listeners.set(key, listeners);
    }
    return () => {
      for (const key of keys) {
        const listeners = this.#listeners.get(key);
        listeners?.delete(listener);
        if (listeners?.size === 0) this.#listeners.delete(key);
      }
    };
  }

  publish(poke: Poke): void {
    for (const listener of this.#listeners.get(poke.stream) ?? []) listener(poke);
  }
}
