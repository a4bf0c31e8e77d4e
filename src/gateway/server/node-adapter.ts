import type { IncomingMessage, ServerResponse } from 'node:http';

/** A node request as the web's: with its raw path, and a body that is read as it comes. */
export function toWebRequest(
  message: IncomingMessage,
  host: string,
  secure: boolean,
  signal: AbortSignal,
): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || name === 'host') continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  headers.set('host', host);
  const path = message.url?.startsWith('/') ? message.url : '/';
  const method = message.method ?? 'GET';
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, duplex: 'half' };
  if (method !== 'GET' && method !== 'HEAD') {
    init.body = bodyOf(message);
  }
  return new Request(`${secure ? 'https' : 'http'}://${host}${path}`, init);
}

/** What a reader does not want stays unread: the connection is the server's to end. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = message.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = (await chunks.next()) as IteratorResult<Uint8Array<ArrayBuffer>>;
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Sends an answer at the pace the reader takes it. A body that fails on the way cuts the connection. */
export async function sendWebResponse(
  answer: Response,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.statusCode = answer.status;
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie') response.setHeader(name, value);
  });
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  // What is left of an unread body must not be taken for the next request.
  if (!message.complete && message.method !== 'GET') response.setHeader('connection', 'close');
  if (!answer.body || message.method === 'HEAD') {
    await answer.body?.cancel();
    response.end();
    return;
  }
  response.flushHeaders();
  const reader = answer.body.getReader();
  const gone = (): void => void reader.cancel().catch(() => undefined);
  response.once('close', gone);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || response.destroyed) break;
      if (!response.write(value)) await drained(response);
    }
    response.end();
  } catch {
    response.destroy();
  } finally {
    response.off('close', gone);
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
