import type { SeededRandom } from '../../../src/gateway/practice/seeded-random.ts';
import { bodyText, type HostileRequest } from './hostile-request.ts';
import { wellFormed } from './mutations.ts';

const BAD_LINES = [
  'GET  /api/session HTTP/1.1',
  'GET /api/session HTTP/9.9',
  'GET /api/session',
  'get /api/session HTTP/1.1',
  'GET http://evil.test/api/session HTTP/1.1',
  'GET //evil.test/api/session HTTP/1.1',
  'GET /api/session#x HTTP/1.1',
  'GET /api/\u00e9\u0000 HTTP/1.1',
  'CONNECT school.test:443 HTTP/1.1',
  'TRACE /api/session HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'PRI * HTTP/2.0',
  '\u0016\u0003\u0001\u0002\u0000\u0001',
];

const BAD_HEADERS = [
  'Host: a b c',
  'Host: school.test\r\nHost: evil.test',
  'no colon at all',
  ' folded: line',
  'X-Null: a\u0000b',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 4\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: xchunked',
  'Content-Length: +7',
  'Content-Length: 99999999999999999999',
  'Expect: 100-continue',
  'Expect: something',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk',
  `Cookie: ${'a'.repeat(40_000)}`,
  Array.from({ length: 3000 }, (_, n) => `X-${n}: 1`).join('\r\n'),
  `X-Long: ${'x'.repeat(15_000)}`,
];

/** The bytes of a request as it would stand on the line, in half of the cases not quite so. */
export function rawRequest(random: SeededRandom, request: HostileRequest, cookie: string | null): Buffer {
  const body = Buffer.from(bodyText(request.body) ?? '', 'utf8');
  const lines = [`${request.method} ${rawPath(request.path)} HTTP/1.1`];
  const headers: Record<string, string> = {
    host: 'school.test',
    ...(cookie ? { cookie } : {}),
    ...request.headers,
  };
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'content-length') lines.push(`${name}: ${value}`);
  }
  lines.push('connection: close');
  const chunked = random.chance(0.2);
  if (chunked) lines.push('transfer-encoding: chunked');
  else lines.push(`content-length: ${claimedLength(random, body.length)}`);
  if (random.chance(0.25)) lines[0] = random.pick(BAD_LINES);
  if (random.chance(0.25)) lines.splice(random.between(1, lines.length), 0, random.pick(BAD_HEADERS));
  const head = Buffer.from(`${lines.join(random.chance(0.03) ? '\n' : '\r\n')}\r\n\r\n`, 'latin1');
  const whole = Buffer.concat([head, chunked ? chunks(random, body) : body]);
  return random.chance(0.05) ? whole.subarray(0, random.between(0, whole.length)) : whole;
}

function rawPath(path: string): string {
  return path.replace(/[\s\u0080-\uffff]/g, (letter) => encodeURIComponent(wellFormed(letter)));
}

/** A length too short leaves a second request on the line; one too long never ends. */
function claimedLength(random: SeededRandom, length: number): number {
  return random.chance(0.85) ? length : random.pick([0, Math.floor(length / 2), length + 1, length + 1000]);
}

function chunks(random: SeededRandom, body: Buffer): Buffer {
  const size = random.chance(0.8)
    ? body.length.toString(16)
    : random.pick(['-1', 'ffffffffffffffff', 'zz', '']);
  const end = random.chance(0.9) ? '0\r\n\r\n' : random.pick(['', '0\r\n', 'X']);
  return Buffer.concat([Buffer.from(`${size}\r\n`), body, Buffer.from(`\r\n${end}`)]);
}
