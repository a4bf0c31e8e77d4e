import type { FromWorker, ToWorker, WorkerIdentity } from './worker/messages.ts';

export interface WorkerEvents {
  onResult(id: number, result: unknown): void;
  onMessage(message: Extract<FromWorker, { type: 'enrollments' | 'clock' | 'session' }>): void;
}

type Opened = { readonly ok: true } | { readonly ok: false; readonly reason: 'noStorage' | 'storageHangs' };

/** The page's end of this tab's worker. */
export class WorkerHost {
  readonly #worker: Worker;
  readonly #events: WorkerEvents;
  readonly #waiting = new Map<number, () => void>();
  #opened: ((result: Opened) => void) | null = null;
  #nextId = 1;

  constructor(events: WorkerEvents) {
    this.#events = events;
    this.#worker = new Worker(new URL('./worker/device-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = (event: MessageEvent<FromWorker>) => this.#receive(event.data);
    this.#worker.onerror = (event) => {
      this.#opened?.({ ok: false, reason: 'noStorage' });
      reportError(new Error(`worker: ${event.message}`));
    };
  }

  open(identity: WorkerIdentity, verified: boolean): Promise<Opened> {
    return new Promise((resolve) => {
      this.#opened = resolve;
      this.post({ type: 'open', identity, verified });
    });
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Resolves when no exchange is under way, or after `ms`. */
  async quiet(ms: number): Promise<void> {
    const id = this.#nextId++;
    const quiet = new Promise<void>((resolve) => this.#waiting.set(id, resolve));
    this.post({ type: 'quiet', id });
    await Promise.race([quiet, new Promise((resolve) => setTimeout(resolve, ms))]);
    this.#waiting.delete(id);
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'opened':
        this.#opened?.({ ok: true });
        break;
      case 'unusable':
        this.#opened?.({ ok: false, reason: message.reason });
        break;
      case 'result':
        this.#events.onResult(message.id, message.result);
        break;
      case 'quiet':
        this.#waiting.get(message.id)?.();
        break;
      case 'bug':
        reportError(new Error(message.message));
        break;
      default:
        this.#events.onMessage(message);
    }
  }
}
