import { gunzipSync } from 'node:zlib';
import type { StoredEntry } from '../../ledger/erasure.ts';
import { readBlockText } from '../../sync/block-codec.ts';
import { readFrames } from '../../sync/frames.ts';
import {
  PROTOCOL_VERSION,
  type BlockMeta,
  type ExchangeHead,
  type ExchangeRequest,
  type PushedEntry,
  type Verdict,
} from '../../sync/protocol.ts';
import { streamKey, type Stream } from '../../ledger/stream.ts';

const ORIGIN = 'http://school.test';

export interface ReceivedBlock {
  readonly meta: BlockMeta;
  readonly entries: readonly StoredEntry[];
}

export interface ExchangeAnswer {
  readonly head: ExchangeHead;
  readonly blocks: readonly ReceivedBlock[];
}

/** A browser, as far as a gateway sees it: a cookie, an origin, and requests. */
export class TestClient {
  cookie: string | null = null;
  readonly device: string;
  readonly #send: (request: Request) => Promise<Response>;
  requestCount = 0;

  constructor(send: (request: Request) => Promise<Response>, device: string) {
    this.#send = send;
    this.device = device;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    this.requestCount += 1;
    const all: Record<string, string> = { origin: ORIGIN, host: 'school.test', ...headers };
    if (this.cookie !== null) all.cookie ??= this.cookie;
    if (body !== undefined) all['content-type'] ??= 'application/json';
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.#send(new Request(`${ORIGIN}${path}`, { method, headers: all, body: text }));
    const cookie = answer.headers.getSetCookie()[0];
    if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? null;
    return answer;
  }

  signIn(login: string, password: string): Promise<Response> {
    return this.send('POST', '/api/session', { login, password, device: this.device });
  }

  requestOf(parts: Partial<ExchangeRequest> = {}): ExchangeRequest {
    return { protocol: PROTOCOL_VERSION, app: 'test', device: this.device, streams: {}, push: [], ...parts };
  }

  async exchange(parts: Partial<ExchangeRequest> = {}): Promise<ExchangeAnswer> {
    const answer = await this.send('POST', '/api/exchange', this.requestOf(parts));
    if (answer.status !== 200) throw new Error(`exchange answered ${answer.status}: ${await answer.text()}`);
    return readExchange(answer);
  }

  /** Pushes entries into one stream; the verdicts, in order. */
  async push(stream: Stream, ...entries: readonly unknown[]): Promise<readonly Verdict[]> {
    const push = entries.map((entry): PushedEntry => ({ stream: streamKey(stream), entry }));
    return (await this.exchange({ push })).head.verdicts;
  }

  /** All that this person gets of a stream. */
  async pull(stream: Stream): Promise<StoredEntry[]> {
    const { blocks } = await this.exchange();
    return blocks.filter(({ meta }) => meta.stream === streamKey(stream)).flatMap(({ entries }) => entries);
  }
}

export async function readExchange(answer: Response): Promise<ExchangeAnswer> {
  let head: ExchangeHead | null = null;
  const blocks: ReceivedBlock[] = [];
  for await (const frame of readFrames(answer.body as unknown as AsyncIterable<Uint8Array>)) {
    if (frame.type === 'head') head = frame.head;
    if (frame.type === 'block') {
      const { meta, bytes } = frame.block;
      blocks.push({ meta, entries: readBlockText(gunzipSync(bytes).toString('utf8')) });
    }
  }
  if (!head) throw new Error('an answer without a head');
  return { head, blocks };
}

/** `accepted`, `refused:code` or `later:code`, as tests name what became of a row. */
export function nameOf(verdict: Verdict | undefined): string {
  if (!verdict) return 'none';
  return verdict.verdict === 'accepted' ? 'accepted' : `${verdict.verdict}:${verdict.code}`;
}
