import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { firstSecurityPolicy } from '../../src/access/security-policy.ts';
import { enrolTotp, nameOfAnswer, post, type TestPhone } from './enrolled-person.ts';

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

/** The password alone, shown anew. */
async function showPassword(client: TestClient): Promise<string> {
  const { ticket } = (await post(client, '/api/session/confirm/begin')).body;
  return nameOfAnswer(await post(client, '/api/session/confirm', { ticket, password: PASSWORD }));
}
async function showDigits(client: TestClient, phone: TestPhone): Promise<string> {
  const { ticket } = (await post(client, '/api/session/confirm/begin')).body;
  const proof = { kind: 'totp', code: phone.digits() };
  return nameOfAnswer(await post(client, '/api/session/confirm', { ticket, password: PASSWORD, proof }));
}

const managed: readonly [login: string, path: string, body: object][] = [
  ['office', '/api/devices/retire', { id: 'nurse-device' }],
  ['vice', '/api/people/lock', { person: 'nurse' }],
  ['principal', '/api/people/password', { person: 'nurse' }],
  ['system', '/api/people/lock', { person: 'nurse' }],
  ['board', '/api/policy', { replaces: 0, policy: firstSecurityPolicy }],
  ['board', '/api/audit/export', {}],
];

describe('what is managed', () => {
  it.each(managed)(
    '[AC112, AC117] by %s needs a second factor, shown in these minutes: %s',
    async (login, path, body) => {
      await (await town.signIn('nurse')).exchange();
      const client = await town.signIn(login);
      const manage = async (): Promise<string> => {
        const answer = await client.send('POST', path, body);
        return answer.status < 300
          ? 'done'
          : nameOfAnswer({ status: answer.status, body: (await answer.json()) as Record<string, unknown> });
      };
      expect(await manage()).toBe('403 stepUpRequired');
      // The password shown once more is no second factor.
      expect(await showPassword(client)).toBe('200');
      expect(await manage()).toBe('403 stepUpRequired');
      const { phone } = await enrolTotp(town, client);
      town.clock.now += 300_000;
      expect(await manage()).toBe('403 stepUpRequired');
      expect(await showDigits(client, phone)).toBe('200');
      expect(await manage()).toBe('done');
      expect((await client.send('POST', '/api/exchange', client.requestOf())).status).toBe(200);
    },
  );

  it('[AC83, AC117] needs none to stop a device that was lost', async () => {
    await (await town.signIn('nurse')).exchange();
    const office = await town.signIn('office');
    const stopped = await post(office, '/api/devices/lost', { id: 'nurse-device' });
    expect(nameOfAnswer(stopped)).toBe('200');
  });

  it('[AC112, AC117] needs one that is still there: what was taken away says nothing any more', async () => {
    const client = await town.signIn('principal');
    await enrolTotp(town, client);
    const lock = async (): Promise<string> =>
      nameOfAnswer(await post(client, '/api/people/lock', { person: 'nurse' }));
    expect(await lock()).toBe('200');
    expect((await post(client, '/api/factors/remove', { kind: 'totp' })).status).toBe(200);
    expect(await lock()).toBe('403 stepUpRequired');
    expect(await showPassword(client)).toBe('200');
    expect(await lock()).toBe('403 stepUpRequired');
    const session = (await (await client.send('GET', '/api/session')).json()) as Record<string, unknown>;
    expect([session.factors, session.secondFactor]).toEqual([['password'], 'wanted']);
  });
});
