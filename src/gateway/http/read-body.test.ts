import { describe, expect, it } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../sync/protocol.ts';
import { attendance, grantOf, pupilId, SCHOOL } from '../testing/small-town.ts';
import { TestGateway } from '../testing/test-gateway.ts';

import { boardRoles, roles } from '../../access/subject.ts';
import { readJsonBody } from './read-body.ts';
import { routeNames } from './router.ts';

const ORIGIN = 'http://school.test';
const PIECE = 16_384;
/** Nothing stands before the body here; a route that asks for more first may refuse without reading any. */
const READ_AT_ONCE = ['POST /api/session', 'POST /api/exchange'];

/** A body that says when it is read, and never ends. */
function endless(): { stream: ReadableStream<Uint8Array>; sent: () => number; cancelled: () => boolean } {
  let sent = 0;
  let cancelled = false;
  const piece = new TextEncoder().encode(`["${'x'.repeat(PIECE - 4)}"`);
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += piece.length;
        controller.enqueue(piece);
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, sent: () => sent, cancelled: () => cancelled };
}

const requestWith = (
  method: string,
  path: string,
  body: ReadableStream<Uint8Array> | null,
  headers: Record<string, string> = {},
): Request =>
  new Request(`${ORIGIN}${path}`, {
    method,
    headers: { origin: ORIGIN, host: 'school.test', 'content-type': 'application/json', ...headers },
    body,
    ...({ duplex: 'half' } as object),
  });

describe('a request’s body', () => {
  const withBody = routeNames().filter((name) => !name.startsWith('GET '));

  it.each(withBody)('[SY51] of %s is read up to its bound and no further', async (name) => {
    // Somebody who may do everything, so that no right stands before the bound.
    const town = await TestGateway.open({
      people: {
        all: roles.map((role) => grantOf(role, boardRoles.has(role) ? null : SCHOOL)),
      },
    });
    const client = await town.signIn('all');
    const [method = '', path = ''] = name.split(' ');
    const body = endless();
    const headers = { cookie: client.cookie ?? '' };
    const context = { address: '192.0.2.1', secure: false };
    const answer = await town.gateway.handle(requestWith(method, path, body.stream, headers), context);
    if (READ_AT_ONCE.includes(name)) expect(body.sent()).toBeGreaterThan(0);
    expect(body.sent()).toBeLessThanOrEqual(MAX_REQUEST_BYTES + PIECE);
    if (body.sent() > 0) {
      expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'tooLarge' }]);
      expect(body.cancelled()).toBe(true);
    }
    const announced = await town.gateway.handle(
      requestWith(method, path, endless().stream, { ...headers, 'content-length': '99999999' }),
      context,
    );
    if (body.sent() > 0) expect(announced.status).toBe(413);
    await town.gateway.close();
  });

  it('that comes too slowly is answered 408 and let go', async () => {
    let cancelled = false;
    const silent = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a"')),
      cancel: () => {
        cancelled = true;
      },
    });
    const read = await readJsonBody(requestWith('POST', '/api/session', silent), 1000, 30);
    expect(read.ok).toBe(false);
    if (!read.ok) expect([read.answer.status, await read.answer.json()]).toEqual([408, { code: 'tooSlow' }]);
    expect(cancelled).toBe(true);
  });

  it('that comes in many pieces is whole', async () => {
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    const bytes = new TextEncoder().encode(JSON.stringify(entry));
    let at = 0;
    const pieces = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += 7)));
      },
    });
    const read = await readJsonBody(requestWith('POST', '/api/session', pieces), 100_000);
    expect(read).toEqual({ ok: true, value: JSON.parse(JSON.stringify(entry)) });
  });
});
