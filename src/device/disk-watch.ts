import { findStorageProblem, type StorageProblem } from './storage-probe.ts';

const LOOK_AGAIN_MS = 10_000;

/** Knows whether the disk is full. While it is, it looks by itself whether there is room again. */
export class DiskWatch {
  readonly #onChange: () => void;
  readonly #lookAgainMs: number;
  #isFull = false;
  #looking: Promise<StorageProblem | null> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: () => void, lookAgainMs = LOOK_AGAIN_MS) {
    this.#onChange = onChange;
    this.#lookAgainMs = lookAgainMs;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** What keeps this browser from writing at this moment. Rejects where its storage hangs. */
  look(): Promise<StorageProblem | null> {
    this.#looking ??= findStorageProblem()
      .then((problem) => {
        this.#note(problem === 'storageFull');
        return problem;
      })
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** Something found no room. */
  noteFull(): void {
    this.#note(true);
  }

  #note(isFull: boolean): void {
    clearTimeout(this.#timer);
    if (isFull)
      this.#timer = setTimeout(() => void this.look().catch(() => this.noteFull()), this.#lookAgainMs);
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#onChange();
  }
}
