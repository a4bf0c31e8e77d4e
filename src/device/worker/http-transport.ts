import { TransportFailure, type Transport } from '../../sync/device-ports.ts';
import { BrokenAnswer, FRAMES_CONTENT_TYPE, readFrames, type Frame } from '../../sync/frames.ts';
import { PERSON_HEADER, type ExchangeRequest } from '../../sync/protocol.ts';

/** A line that carries less than this for so long is held to be dead. */
const QUIET_MS = 20_000;
const MIN_BYTES_PER_PERIOD = 512;
/** What a slow line still sends in a second. */
const SLOW_BYTES_PER_MS = 4;

/** Ends a request that no longer moves. */
class Watchdog {
  readonly #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  #bytes = 0;
  expired = false;

  constructor(uploadBytes: number) {
    this.#timer = setTimeout(() => this.#expire(), QUIET_MS + uploadBytes / SLOW_BYTES_PER_MS);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  received(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < MIN_BYTES_PER_PERIOD) return;
    this.#bytes = 0;
    this.restart();
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), QUIET_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #expire(): void {
    this.expired = true;
    this.#abort.abort();
  }
}

export class HttpTransport implements Transport {
  readonly #personId: string;

  constructor(personId: string) {
    this.#personId = personId;
  }

  async *exchange(request: ExchangeRequest): AsyncGenerator<Frame> {
    const body = JSON.stringify(request);
    const watchdog = new Watchdog(body.length);
    try {
      const response = await fetch('/api/exchange', {
        method: 'POST',
        headers: { 'content-type': 'application/json', [PERSON_HEADER]: this.#personId },
        body,
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'manual',
        signal: watchdog.signal,
      });
      if (!isOurs(response)) throw failureOf(response);
      watchdog.restart();
      yield* readFrames(chunksOf(response, watchdog));
    } catch (error) {
      if (error instanceof TransportFailure) throw error;
      if (watchdog.expired) throw new TransportFailure('timeout');
      throw new TransportFailure(error instanceof BrokenAnswer ? 'notOurs' : 'unreachable');
    } finally {
      watchdog.stop();
    }
  }
}

function isOurs(response: Response): boolean {
  return response.status === 200 && contentType(response) === FRAMES_CONTENT_TYPE;
}

function contentType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}

async function* chunksOf(response: Response, watchdog: Watchdog): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    watchdog.received(value.length);
    yield value;
  }
}

/** What an answer that is not a whole one means. A page of a captive portal may bear any status. */
export function failureOf(response: Response): TransportFailure {
  const { status } = response;
  const speaksJson = contentType(response) === 'application/json';
  if (status === 401) return new TransportFailure(speaksJson ? 'signedOut' : 'notOurs');
  if (status === 426) return new TransportFailure('appTooOld');
  if (status === 413 || (status === 400 && speaksJson) || status === 500)
    return new TransportFailure('badBatch');
  if (status === 429 || status > 500) return new TransportFailure('busy', retryAfterMs(response));
  return new TransportFailure('notOurs');
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1000 : undefined;
}
