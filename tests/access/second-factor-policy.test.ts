import { beforeEach, describe, expect, it } from 'vitest';
import { firstSecurityPolicy } from '../../src/access/security-policy.ts';
import type { Role } from '../../src/access/subject.ts';
import { openBeforeSecondFactor } from '../../src/gateway/http/second-factor-gate.ts';
import { routeNames } from '../../src/gateway/http/router.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { enrolTotp, post } from './enrolled-person.ts';
import { expectations } from './route-expectations.ts';

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

async function demand(...secondFactorRoles: Role[]): Promise<void> {
  const { policy } = town.gateway.parts;
  const set = await policy.set({ ...firstSecurityPolicy, secondFactorRoles }, 0, 'board');
  if (!set.ok) throw new Error('the policy was not set');
}

async function stateOf(client: TestClient): Promise<unknown> {
  const answer = await client.send('GET', '/api/session');
  return ((await answer.json()) as Record<string, unknown>).secondFactor;
}

describe('a second factor', () => {
  it.each(['principal', 'vice', 'office', 'supervisor', 'board', 'system'])(
    '[AC117] is wanted of %s, whose register is open without one',
    async (login) => {
      const client = await town.signIn(login);
      expect(await stateOf(client)).toBe('wanted');
      expect((await client.send('POST', '/api/exchange', client.requestOf())).status).toBe(200);
    },
  );

  it.each(['homeroom1', 'assistant1', 'subject', 'nurse', 'nobody'])(
    '[AC117] is not asked of %s, and may be set up all the same',
    async (login) => {
      const client = await town.signIn(login);
      expect(await stateOf(client)).toBe('none');
      await enrolTotp(town, client);
      expect(await stateOf(client)).toBe('present');
    },
  );

  it('[AC118] that the board demands opens everything, and nothing is open before but the way to it', async () => {
    const before = await town.signIn('nurse');
    await demand('schoolNurse');
    const client = await town.signIn('nurse', 'another');
    for (const each of [before, client]) expect(await stateOf(each)).toBe('required');
    const closed = routeNames().filter(
      (name) => expectations[name]?.for !== 'public' && !openBeforeSecondFactor.has(name),
    );
    expect(closed.length).toBeGreaterThan(20);
    for (const name of closed) {
      const [method = '', path = ''] = name.split(' ');
      const answer = await client.send(method, path, method === 'GET' ? undefined : {});
      expect([name, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        name,
        401,
        'secondFactorSetUpRequired',
      ]);
    }
    await enrolTotp(town, client);
    expect(await stateOf(client)).toBe('present');
    expect((await client.send('POST', '/api/exchange', client.requestOf())).status).toBe(200);
    // What was shown in one session says nothing of another that began before.
    expect(await stateOf(before)).toBe('required');
    expect((await post(before, '/api/factors/recovery-codes')).body.code).toBe('secondFactorSetUpRequired');
  });

  it('[AC118] is demanded of the named roles alone, and only while they last', async () => {
    await demand('schoolNurse');
    const teacher = await town.signIn('homeroom1');
    expect((await teacher.send('POST', '/api/exchange', teacher.requestOf())).status).toBe(200);
    const nurse = await town.signIn('nurse');
    await town.gateway.parts.accounts.setGrants('nurse', []);
    expect(await stateOf(nurse)).toBe('none');
  });
});
