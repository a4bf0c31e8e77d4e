import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

export interface Argon2Cost {
  /** KiB. */
  readonly memorySize: number;
  readonly iterations: number;
  readonly parallelism: number;
}

type Job =
  | { readonly type: 'hash'; readonly password: string; readonly salt: Uint8Array; readonly cost: Argon2Cost }
  | { readonly type: 'verify'; readonly password: string; readonly hash: string };

/** More waiting sign-ins than this are turned away: each costs memory and about 50 ms of one core. */
const MAX_WAITING = 100;

/** Too many sign-ins at once. */
export class HasherBusy extends Error {
  override readonly name = 'HasherBusy';
}

/**
 * hash-wasm computes without a pause, so it does so beside the thread that answers requests. The thread's program
 * is a text because it has to be found both in the sources and in a bundle.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { argon2id, argon2Verify } = require(workerData);
parentPort.on('message', async ({ id, job }) => {
  try {
    const result = job.type === 'hash'
      ? await argon2id({ password: job.password, salt: job.salt, hashLength: 32, outputType: 'encoded', ...job.cost })
      : await argon2Verify({ password: job.password, hash: job.hash });
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error && error.message) });
  }
});`;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Argon2Thread {
  #worker: Worker | null = null;
  #nextId = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Resolves to a PHC string for `hash`, to a boolean for `verify`. Throws HasherBusy. */
  run(job: Job): Promise<unknown> {
    if (this.#waiting.size >= MAX_WAITING) return Promise.reject(new HasherBusy());
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      const worker = (this.#worker ??= this.#start());
      worker.ref();
      worker.postMessage({ id, job });
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const library = createRequire(import.meta.url).resolve('hash-wasm');
    const worker = new Worker(PROGRAM, { eval: true, workerData: library });
    worker.on('message', ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error('argon2 failed'));
    });
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('argon2 thread ended')));
    worker.unref();
    return worker;
  }

  #fail(error: Error): void {
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
