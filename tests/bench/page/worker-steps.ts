/** A worker that does one thing at a time when asked, and says so when it is ready. */
type Steps = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

export function serveSteps(steps: Steps): void {
  addEventListener('message', (event: MessageEvent<{ step: string; argument: never }>) => {
    const { step, argument } = event.data;
    const run = steps[step] ?? (() => Promise.reject(new Error(`no step ${step}`)));
    run(argument).then(
      (result) => postMessage({ result }),
      (error: unknown) =>
        postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  postMessage({ ready: true });
}

/** Waits until the worker has loaded, so that no side pays for its script in the measured span. */
export async function startWorker(
  worker: Worker,
): Promise<(step: string, argument?: unknown) => Promise<unknown>> {
  await nextMessage(worker);
  return async (step, argument) => {
    const answer = nextMessage(worker);
    worker.postMessage({ step, argument });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(error);
    return result;
  };
}

function nextMessage(worker: Worker): Promise<{ result?: unknown; error?: string }> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', (event) => resolve(event.data), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
  });
}
