import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGateway } from '../testing/test-gateway.ts';
import { createGatewayServer } from './gateway-server.ts';
import { answerKindOf, securityHeaders } from './security-headers.ts';

let town: TestGateway;
const servers: Server[] = [];

async function listen(trustProxy: boolean): Promise<string> {
  const server = createGatewayServer({
    gateway: town.gateway,
    app: (_request, response) => response.end('the app'),
    trustProxy,
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  town = await TestGateway.open();
});
afterAll(async () => {
  await town.gateway.close();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const PAGES = ['/', '/favicon.ico', '/roll-call', '/_app/immutable/x.css'];
const PROGRAMS = ['/service-worker.js', '/_app/immutable/workers/vault.js'];
const API = ['/healthz', '/api/session', '/api/nothing', '/couch/x'];

describe('the security headers', () => {
  it('come with every answer, the app’s and a refusal’s too', async () => {
    const base = await listen(false);
    for (const path of [...PAGES, ...PROGRAMS, ...API]) {
      const { headers } = await fetch(`${base}${path}`);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy'), path).toBe('require-corp');
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
      expect(headers.get('strict-transport-security'), path).toBeNull();
    }
  });

  it('let an answer of the gateway’s run and load nothing, and no cache keep it', async () => {
    const base = await listen(false);
    for (const path of API) {
      const { headers } = await fetch(`${base}${path}`);
      expect(headers.get('content-security-policy'), path).toMatch(/^default-src 'none';.*; sandbox$/);
      expect(headers.get('cache-control'), path).toBe('no-store');
    }
  });

  it('give a worker’s program its own policy: no script, no server but ours', () => {
    const policy = securityHeaders(true, answerKindOf('/_app/immutable/workers/x.js', false))[
      'Content-Security-Policy'
    ];
    expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });

  it('deny the page every feature of the browser but this origin’s passkeys', () => {
    const { 'Permissions-Policy': policy = '' } = securityHeaders(true, 'page');
    const features = policy.split(', ');
    const allowed = features.filter((feature) => !feature.endsWith('=()'));
    expect(allowed).toEqual(['publickey-credentials-create=(self)', 'publickey-credentials-get=(self)']);
    expect(features).toEqual(
      expect.arrayContaining(['camera=()', 'microphone=()', 'geolocation=()', 'usb=()']),
    );
    expect(new Set(features).size).toBe(features.length);
  });

  it('demand TLS for a year where the browser’s side has it, and only a trusted proxy says so', async () => {
    const secure = { headers: { 'x-forwarded-proto': 'https' } };
    const hsts = async (base: string, init?: RequestInit) =>
      (await fetch(`${base}/healthz`, init)).headers.get('strict-transport-security');
    const behindProxy = await listen(true);
    expect(await hsts(behindProxy, secure)).toBe('max-age=31536000');
    expect(await hsts(behindProxy)).toBeNull();
    expect(await hsts(behindProxy, { headers: { 'x-forwarded-proto': 'https, http' } })).toBeNull();
    expect(await hsts(await listen(false), secure)).toBeNull();
  });

  it('send nobody to another place: no answer to a guessed address is a redirect', async () => {
    const base = await listen(true);
    for (const path of ['/api?next=https://evil.test', '/api//evil.test', '/healthz?return=//evil.test']) {
      const answer = await fetch(`${base}${path}`, {
        redirect: 'manual',
        headers: { 'x-forwarded-host': 'evil.test' },
      });
      expect(answer.headers.get('location'), path).toBeNull();
    }
  });
});
