import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { nameOfAnswer, post } from './enrolled-person.ts';

const IPAD =
  'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

interface Listed {
  readonly id: string;
  readonly device: string;
  readonly current: boolean;
}

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

const listOf = async (client: TestClient): Promise<Listed[]> => {
  const answer = await client.send('GET', '/api/sessions');
  return ((await answer.json()) as { sessions: Listed[] }).sessions;
};
const idOf = async (client: TestClient): Promise<string> =>
  (await listOf(client)).find(({ current }) => current)?.id ?? '';
const end = async (client: TestClient, which: unknown) => post(client, '/api/sessions/end', which);
const isOpen = async (client: TestClient): Promise<boolean> =>
  (await client.send('GET', '/api/session')).status === 200;

describe('the own sessions', () => {
  let here: TestClient;
  let tablet: TestClient;
  beforeEach(async () => {
    tablet = town.client('tablet');
    await tablet.send(
      'POST',
      '/api/session',
      { login: 'nurse', password: PASSWORD, device: 'tablet' },
      {
        'user-agent': IPAD,
      },
    );
    town.clock.now += 60_000;
    here = await town.signIn('nurse', 'here');
    await town.signIn('office');
  });

  it('[AC114] are listed, the latest first, with what tells them apart and nothing to sign in with', async () => {
    const answer = await here.send('GET', '/api/sessions');
    const text = await answer.text();
    const { sessions } = JSON.parse(text) as { sessions: unknown[] };
    const { now } = town.clock;
    expect(sessions).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{40}$/),
        device: 'here',
        browser: 'other',
        system: 'other',
        factors: ['password'],
        createdAt: now,
        lastSeenAt: now,
        current: true,
      },
      expect.objectContaining({
        device: 'tablet',
        browser: 'safari',
        system: 'ipados',
        createdAt: now - 60_000,
        current: false,
      }),
    ]);
    for (const client of [here, tablet]) expect(text).not.toContain(client.cookie?.split('=')[1] ?? 'none');
  });

  it('[AC114] end one by one, at once', async () => {
    expect((await end(here, { id: await idOf(tablet) })).body).toEqual({ ended: 1 });
    expect([await isOpen(tablet), await isOpen(here)]).toEqual([false, true]);
    expect(await listOf(here)).toHaveLength(1);
  });

  it('[AC114] end all but this one', async () => {
    const third = await town.signIn('nurse', 'third');
    expect((await end(here, { others: true })).body).toEqual({ ended: 2 });
    expect(await Promise.all([here, tablet, third].map(isOpen))).toEqual([true, false, false]);
    expect((await end(here, { others: true })).body).toEqual({ ended: 0 });
  });

  it('[AC114] do not tell of another person’s: it is answered as one that never was, and goes on as it did', async () => {
    const principal = await town.signIn('principal');
    const id = await idOf(principal);
    const unknown = await end(here, { id: '0'.repeat(40) });
    expect(nameOfAnswer(unknown)).toBe('404 unknownSession');
    // Long enough that a look at it would be written down as its use.
    town.clock.now += 360_000;
    expect(await end(here, { id })).toEqual(unknown);
    const record = await town.store.getRecord('accounts-test', `session:${id}`);
    expect(record).toMatchObject({ lastSeenAt: town.clock.now - 360_000 });
    expect(await isOpen(principal)).toBe(true);
  });

  it('[AC114] that have run out are not listed', async () => {
    town.clock.now += 12 * 3_600_000 - 60_000;
    expect((await listOf(here)).map(({ device }) => device)).toEqual(['here']);
  });
});
