import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { createLog } from '../../src/gateway/log.ts';
import { NOW, PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

let town: TestGateway;
let lines: string[];
beforeEach(async () => {
  lines = [];
  town = await TestGateway.open({
    log: createLog(
      (line) => lines.push(line),
      () => NOW,
      'debug',
    ),
  });
});

async function answerOf(answer: Response): Promise<[number, unknown]> {
  return [answer.status, await answer.json()];
}

describe('signing in', () => {
  it('answers who it is, what there is to read, and the keys to seal to', async () => {
    const client = town.client();
    const answer = await client.signIn('homeroom1', PASSWORD);
    const body = await answer.json();
    expect(body).toEqual({
      person: { id: 'homeroom1', login: 'homeroom1', name: 'homeroom1', grants: [expect.any(Object)] },
      streams: [
        { key: 'register-s1-2026/register', schoolCode: 'S1', schoolYear: 2026, schoolName: 'S1小学校' },
      ],
      factors: ['password'],
      secondFactor: 'none',
      hasPassword: true,
      passwordChangeDue: false,
      sealing: { S1: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) } },
      serverNow: NOW,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(await answerOf(await client.send('GET', '/api/session'))).toEqual([200, body]);
  });

  it('[AC34] sets a cookie that no script reads and no other site sends', async () => {
    const answer = await town.client().signIn('nurse', PASSWORD);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^amenimo=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
    const request = new Request('https://school.test/api/session', {
      method: 'POST',
      headers: { origin: 'https://school.test', host: 'school.test', 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'nurse', password: PASSWORD, device: 'd' }),
    });
    const secure = await town.gateway.handle(request, { address: '192.0.2.1', secure: true });
    expect(secure.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('[AC32] fails alike for a wrong password, an unknown login, a locked account and one without password', async () => {
    const { accounts } = town.gateway.parts;
    await accounts.createAccount({ personId: 'new', login: 'new', name: 'new', grants: [] });
    await accounts.setLocked('office', true);
    for (const [login, password] of [
      ['nurse', 'wrong password'],
      ['unknown', PASSWORD],
      ['office', PASSWORD],
      ['new', PASSWORD],
      ['../../x', PASSWORD],
    ] as const) {
      const answer = await town.client().signIn(login, password);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answerOf(answer)).toEqual([401, { code: 'badCredentials' }]);
    }
  });

  it('[AC31, AC32] is held up after five tries, for known and unknown logins alike, elsewhere not', async () => {
    for (const login of ['nurse', 'unknown']) {
      const client = town.client();
      for (let i = 0; i < 5; i++) expect((await client.signIn(login, 'wrong password')).status).toBe(401);
      const held = await client.signIn(login, PASSWORD);
      expect(held.headers.get('retry-after')).toBe('15');
      expect(await answerOf(held)).toEqual([429, { code: 'lockedOut', retryAfterSeconds: 15 }]);
    }
    const elsewhere = new Request('http://school.test/api/session', {
      method: 'POST',
      headers: { origin: 'http://school.test', host: 'school.test', 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'nurse', password: PASSWORD, device: 'd' }),
    });
    expect((await town.gateway.handle(elsewhere, { address: '198.51.100.7', secure: false })).status).toBe(
      200,
    );
    town.clock.now += 15_000;
    expect((await town.client().signIn('nurse', PASSWORD)).status).toBe(200);
  });

  it.each([
    ['no device', { login: 'nurse', password: PASSWORD }],
    ['a field too many', { login: 'nurse', password: PASSWORD, device: 'd', role: 'principal' }],
    ['a list', []],
    ['nothing', null],
  ])('with %s is answered 400', async (_, body) => {
    expect((await town.client().send('POST', '/api/session', body)).status).toBe(400);
  });

  it('with a body too large is answered 413', async () => {
    const body = { login: 'nurse', password: 'x'.repeat(20_000), device: 'd' };
    expect((await town.client().send('POST', '/api/session', body)).status).toBe(413);
  });
});

describe('a session', () => {
  let client: TestClient;
  beforeEach(async () => {
    client = await town.signIn('nurse');
  });

  it('[AC33] ends on signing out, and signing out twice is no error', async () => {
    const { cookie } = client;
    expect((await client.send('DELETE', '/api/session')).headers.get('set-cookie')).toContain('Max-Age=0');
    client.cookie = cookie;
    expect(await answerOf(await client.send('GET', '/api/session'))).toEqual([401, { code: 'signedOut' }]);
    expect((await client.send('DELETE', '/api/session')).status).toBe(200);
  });

  it('[AC33] ends when the account is locked, and after 12 hours without use', async () => {
    const other = await town.signIn('office');
    await town.gateway.parts.accounts.setLocked('nurse', true);
    expect((await client.send('GET', '/api/session')).status).toBe(401);
    town.clock.now += 12 * 3_600_000;
    expect((await other.send('GET', '/api/session')).status).toBe(401);
  });

  it('[AC1] loses what a grant gave the moment it ends', async () => {
    await town.gateway.parts.accounts.setGrants('nurse', []);
    expect((await client.exchange()).head.streams).toEqual({});
  });
});

describe('whatever is asked', () => {
  it('[AC36] is answered with `no-store`, and never with a person in the log', async () => {
    const client = await town.signIn('nurse');
    const tries: [string, string, unknown?][] = [
      ['GET', '/healthz'],
      ['GET', '/api/session'],
      ['POST', '/api/session', { login: '雨野花子', password: 'himitsu no aikotoba', device: 'd' }],
      ['POST', '/api/exchange', client.requestOf()],
      ['POST', '/api/exchange', '{'],
      ['GET', '/api/board/today'],
      ['GET', '/api/雨野花子'],
      ['PUT', '/api/session', {}],
    ];
    for (const [method, path, body] of tries) {
      expect((await client.send(method, path, body)).headers.get('cache-control')).toBe('no-store');
    }
    const text = lines.join('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(text).not.toMatch(/雨野|aikotoba|児童|小学校/);
    expect(text).not.toContain(client.cookie?.split('=')[1] ?? 'none');
  });

  it('is answered 500 with an incident and nothing else where the program fails', async () => {
    const { streams } = town.gateway.parts;
    streams.readableBy = () => Promise.reject(new Error('雨野花子'));
    const [status, body] = await answerOf(await town.client().signIn('nurse', PASSWORD));
    expect([status, body]).toEqual([
      500,
      { code: 'internal', incident: expect.stringMatching(/^[0-9a-f]{12}$/) },
    ]);
    expect(lines.join()).toContain((body as { incident: string }).incident);
    expect(lines.join()).not.toContain('雨野');
  });
});

describe('/healthz', () => {
  it('says that the store answers, or that it does not', async () => {
    const version = expect.any(String);
    const client = town.client();
    expect(await answerOf(await client.send('GET', '/healthz'))).toEqual([
      200,
      { status: 'ok', store: 'embedded', version },
    ]);
    town.store.down.add('*');
    expect(await answerOf(await client.send('GET', '/healthz'))).toEqual([
      503,
      { status: 'unavailable', store: 'embedded', version },
    ]);
  });
});
