import type { FromWorker, ToWorker } from './messages.ts';
import { WorkerSession } from './worker-session.ts';
import { TimeLimitExceeded } from '../time-limit.ts';

// One person's keys, from unlock until the page ends this worker.
let session: Promise<WorkerSession> | null = null;

const post = (message: FromWorker): void => self.postMessage(message);

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.type === 'open') {
    session = WorkerSession.open(message.identity, message.verified, post);
    session.then(
      () => post({ type: 'opened' }),
      (error: unknown) => {
        post({ type: 'bug', message: String(error) });
        post({ type: 'unusable', reason: error instanceof TimeLimitExceeded ? 'storageHangs' : 'noStorage' });
      },
    );
    return;
  }
  session?.then(
    (open) => open.receive(message),
    () => undefined,
  );
};
