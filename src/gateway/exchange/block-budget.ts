import type { Digest } from '../../ledger/digest.ts';

/** A block ready to send: what it holds by count and digest, and its gzip. */
export interface PreparedBlock {
  readonly count: number;
  readonly digest: Digest;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Something whose bytes can be dropped and made again. */
export interface Droppable {
  drop(): void;
}

/** Keeps all prepared bytes of the gateway below a limit: what was not asked for longest goes first. */
export class BlockBudget {
  readonly #maxBytes: number;
  readonly #sizes = new Map<Droppable, number>();
  #bytes = 0;

  constructor(maxBytes = 268_435_456) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  use(owner: Droppable, size: number): void {
    this.release(owner);
    this.#sizes.set(owner, size);
    this.#bytes += size;
    for (const [oldest] of this.#sizes) {
      if (this.#bytes <= this.#maxBytes || oldest === owner) break;
      this.release(oldest);
      oldest.drop();
    }
  }

  release(owner: Droppable): void {
    this.#bytes -= this.#sizes.get(owner) ?? 0;
    this.#sizes.delete(owner);
  }
}
