import { request as httpRequest, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamKey } from '../../ledger/stream.ts';
import { MAX_REQUEST_BYTES } from '../../sync/protocol.ts';
import { attendance, PASSWORD, pupilId, SCHOOL, stream } from '../testing/small-town.ts';
import { readExchange } from '../testing/test-client.ts';
import { TestGateway } from '../testing/test-gateway.ts';
import { createGatewayServer } from './gateway-server.ts';

let town: TestGateway;
let server: Server;
let base: string;

async function listen(trustProxy = false): Promise<void> {
  server = createGatewayServer({
    gateway: town.gateway,
    app: (_request, response) => response.end('the app'),
    trustProxy,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  town = await TestGateway.open();
  await listen();
});
afterEach(async () => {
  await town.gateway.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function signIn(login: string): Promise<string> {
  const answer = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ login, password: PASSWORD, device: 'd' }),
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

function post(path: string, cookie: string, body: BodyInit): Promise<Response> {
  return fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base, cookie },
    body,
  });
}

const exchangeBody = (entry?: unknown) =>
  JSON.stringify({
    protocol: 1,
    app: 'test',
    device: 'd',
    streams: {},
    push: entry ? [{ stream: streamKey(stream), entry }] : [],
  });

describe('the server', () => {
  it('gives the app what is the app’s, by the raw path', async () => {
    for (const path of ['/', '/api-docs', '/healthzz', '/%61pi/session', '/apis']) {
      expect(await (await fetch(`${base}${path}`)).text()).toBe('the app');
    }
  });

  it('carries an exchange whole', async () => {
    const cookie = await signIn('nurse');
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    const { head, blocks } = await readExchange(await post('/api/exchange', cookie, exchangeBody(entry)));
    expect(head.verdicts).toMatchObject([{ verdict: 'accepted' }]);
    expect(blocks.flatMap(({ entries }) => entries)).toHaveLength(10);
  });

  it('answers HEAD without a body', async () => {
    const answer = await fetch(`${base}/healthz`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('carries pokes, and forgets a listener that has gone', async () => {
    const cookie = await signIn('nurse');
    const gone = new AbortController();
    const answer = await fetch(`${base}/api/events`, { headers: { cookie }, signal: gone.signal });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toContain('retry');
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    await (await post('/api/exchange', cookie, exchangeBody(entry))).arrayBuffer();
    expect(await next()).toContain('event: poke');
    let heard = 0;
    const { pokes } = town.gateway.parts;
    const count = pokes.publish.bind(pokes);
    gone.abort();
    await expect(reader.read()).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    pokes.subscribe([streamKey(stream)], () => (heard += 1));
    count({ stream: streamKey(stream), count: 1 });
    expect(heard).toBe(1);
  });

  it('answers 413 to a body that is too large, announced or not', async () => {
    const cookie = await signIn('nurse');
    const announced = await post('/api/exchange', cookie, 'x'.repeat(MAX_REQUEST_BYTES + 1));
    expect(announced.status).toBe(413);
    const status = await new Promise<number>((resolve, reject) => {
      const sent = httpRequest(
        `${base}/api/exchange`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            origin: base,
            cookie,
            'transfer-encoding': 'chunked',
          },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      sent.on('error', reject);
      for (let i = 0; i < 6; i++) sent.write('x'.repeat(1_000_000));
    });
    expect(status).toBe(413);
  });

  it('outlives a sender that stops in the middle, and requests that are none', async () => {
    const cookie = await signIn('nurse');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /api/exchange HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${base}\r\nCookie: ${cookie}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"prot`,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    for (const line of [
      'GET http://evil.test/api/session HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET //evil.test/api/session HTTP/1.1\r\nHost: a b c\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /api/session HTTP/1.1\r\n\r\n',
      'CONNECT /api/session HTTP/1.1\r\nHost: x\r\n\r\n',
      'TRACE /api/session HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /api/session HTTP/1.1\r\nHost: evil"<>\r\n\r\n',
      'BREW /api\r\n\r\n',
    ]) {
      const odd = connect(port, '127.0.0.1');
      odd.on('error', () => undefined);
      odd.write(line);
      await new Promise((resolve) => setTimeout(resolve, 10));
      odd.destroy();
    }
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect((await fetch(`${base}/api/session`, { method: 'PATCH', headers: { origin: base } })).status).toBe(
      404,
    );
  });

  it('believes the headers of a proxy only where it is told to', async () => {
    const forwarded = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'school.example',
      'x-forwarded-for': '203.0.113.9, 198.51.100.7',
      origin: 'https://school.example',
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ login: 'nurse', password: PASSWORD, device: 'd' });
    const ask = () => fetch(`${base}/api/session`, { method: 'POST', headers: forwarded, body });
    expect((await ask()).status).toBe(403);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await listen(true);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toContain('Secure');
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});
