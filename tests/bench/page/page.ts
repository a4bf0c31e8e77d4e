import { inStep, keepInStep } from './in-step.ts';
import type { FirstSyncOrder, Spans } from './ours-worker.ts';
import type { SignInOrder } from './product-device.ts';
import type { QueryAnswer } from './result-hash.ts';
import { measureTaps } from './taps.ts';
import { startWorker } from './worker-steps.ts';

export interface TimedAnswer extends QueryAnswer {
  readonly ms: number;
  /** Of ours: where the time went. */
  readonly spans?: Spans;
}

type Run = Awaited<ReturnType<typeof startWorker>>;

async function timed(run: Run, argument: unknown): Promise<TimedAnswer> {
  const startedAt = performance.now();
  const answer = (await run('firstSync', argument)) as QueryAnswer;
  return { ...answer, ms: performance.now() - startedAt };
}

/** What the runner may ask of the page, as `globalThis.bench`. */
const bench = {
  async floor(url: string): Promise<TimedAnswer> {
    const worker = new Worker(new URL('./floor-worker.ts', import.meta.url), { type: 'module' });
    return timed(await startWorker(worker), url);
  },

  async peer(url: string): Promise<TimedAnswer> {
    const worker = new Worker(new URL('./peer-worker.ts', import.meta.url), { type: 'module' });
    return timed(await startWorker(worker), url);
  },

  async firstSync(order: SignInOrder & FirstSyncOrder): Promise<TimedAnswer & { jsonBytes: number }> {
    const worker = new Worker(new URL('./ours-worker.ts', import.meta.url), { type: 'module' });
    const run = await startWorker(worker);
    await run('signIn', order);
    return { ...(await timed(run, order)), jsonBytes: (await run('jsonBytes')) as number };
  },

  taps: measureTaps,
  keepInStep,
  inStep,
};

declare global {
  var bench: Bench;
}

export type Bench = typeof bench;
globalThis.bench = bench;
