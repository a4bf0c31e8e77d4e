import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGateway } from '../testing/test-gateway.ts';
import { createGatewayServer } from './gateway-server.ts';
import { serverLimits } from './server-limits.ts';

/** Short enough to wait for. */
const quick = { ...serverLimits, headersMs: 300, requestMs: 600, checkMs: 50 };
const ANSWER_MS = 5_000;

let town: TestGateway;
let server: Server;
let port: number;

beforeAll(async () => {
  town = await TestGateway.open();
  server = createGatewayServer({
    gateway: town.gateway,
    app: (request, response) => response.end(`${request.rawHeaders.length / 2} headers`),
    trustProxy: false,
    limits: quick,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await town.gateway.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** What the server says on a connection until it ends it; a piece of `drips` goes out every 20 ms. */
async function talk(first: string, drips = ''): Promise<{ text: string; ms: number }> {
  const startedAt = performance.now();
  const socket: Socket = connect(port, '127.0.0.1');
  let text = '';
  let sent = 0;
  const drip = setInterval(() => {
    if (sent < drips.length) socket.write(drips[sent++] ?? '');
  }, 20);
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the connection stays open: ${text}`)), ANSWER_MS);
    socket.on('data', (piece) => (text += piece.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(late);
      resolve();
    });
    socket.write(first);
  }).finally(() => {
    clearInterval(drip);
    socket.destroy();
  });
  return { text, ms: performance.now() - startedAt };
}

const head = (lines: string): string => `POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines}`;
const slowBody = () =>
  head(
    `Origin: http://127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"login":"`,
  );

describe('the server’s patience', () => {
  it('ends with 408 for headers that drip, and others are served meanwhile', async () => {
    const slow = Array.from({ length: 50 }, () => talk(head('X-Drip: '), 'x'.repeat(1000)));
    const alive = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(alive.status).toBe(200);
    for (const { text, ms } of await Promise.all(slow)) {
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(ms).toBeLessThan(quick.headersMs + 2_000);
    }
  });

  it('ends with 408 for a body that drips or stops', async () => {
    for (const drips of ['a'.repeat(1000), '']) {
      const { text, ms } = await talk(slowBody(), drips);
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(ms).toBeLessThan(quick.requestMs + 2_000);
    }
  });

  it('ends for a connection that says nothing at all', async () => {
    expect((await talk('')).ms).toBeLessThan(quick.headersMs + 2_000);
  });

  it('has an end for addresses, headers and their number', async () => {
    const get = (path: string, lines = '') =>
      talk(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`);
    expect((await get(`/healthz?${'x'.repeat(8000)}`)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await get(`/healthz?${'x'.repeat(8200)}`)).text).toMatch(/^HTTP\/1\.1 414 /);
    expect((await get(`/${'x'.repeat(8200)}`)).text).toMatch(/^HTTP\/1\.1 414 /);
    expect((await get('/healthz', `X-Long: ${'x'.repeat(17_000)}\r\n`)).text).toMatch(/^HTTP\/1\.1 431 /);
    const many = Array.from({ length: 1000 }, (_, n) => `X-${n}: 1\r\n`).join('');
    expect((await get('/headers', many)).text).toMatch(/\r\n\r\n1\d\d headers/);
  });
});
