import { beforeEach, describe, expect, it } from 'vitest';
import { firstSecurityPolicy, type SecurityPolicy } from '../../src/access/security-policy.ts';
import { HOME_ADDRESS, SCHOOL_ADDRESS, signInAt } from '../../src/gateway/testing/school-net.ts';
import { people } from '../../src/gateway/testing/small-town.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

let town: TestGateway;
let board: TestClient;

beforeEach(async () => {
  town = await TestGateway.open();
  board = await signInAt(town, 'board', SCHOOL_ADDRESS);
});

type Answer = Record<string, unknown>;

async function ask(client: TestClient, path: string, body?: unknown): Promise<[number, Answer]> {
  const answer = await client.send(body === undefined ? 'GET' : 'POST', path, body);
  return [answer.status, (await answer.json()) as Answer];
}

const set = (client: TestClient, changes: Partial<Record<keyof SecurityPolicy, unknown>>, replaces = 0) =>
  ask(client, '/api/policy', { replaces, policy: { ...firstSecurityPolicy, ...changes } });

describe('the security policy', () => {
  it('[AC69] is read and set by the board’s administrator alone', async () => {
    for (const login of Object.keys(people).filter((each) => each !== 'board')) {
      const client = await signInAt(town, login, SCHOOL_ADDRESS);
      expect(await ask(client, '/api/policy')).toEqual([403, { code: 'denied' }]);
      expect(await set(client, { maxPermitDays: 3 })).toEqual([403, { code: 'denied' }]);
    }
    expect((await town.gateway.parts.policy.current()).version).toBe(0);
    expect((await set(board, { maxPermitDays: 3 }))[0]).toBe(200);
  });

  it('[AC69] asks for a fresh proof', async () => {
    town.clock.now += 600_000;
    expect(await set(board, { maxPermitDays: 3 })).toEqual([403, { code: 'stepUpRequired' }]);
    const weak = await signInAt(town, 'board', SCHOOL_ADDRESS, { factors: ['password'] });
    expect(await set(weak, { maxPermitDays: 3 })).toEqual([403, { code: 'stepUpRequired' }]);
    expect((await town.gateway.parts.policy.current()).version).toBe(0);
  });

  it('[AC69] keeps every version with who set it, and takes no change of an older one', async () => {
    expect((await set(board, { maxPermitDays: 3 }))[1]).toMatchObject({
      current: { version: 1, by: 'board' },
    });
    expect((await set(board, { maxPermitDays: 4 }, 1))[0]).toBe(200);
    expect(await set(board, { maxPermitDays: 9 }, 1)).toEqual([409, { code: 'stale' }]);
    expect((await set(board, { maxPermitDays: 5 }, 2))[0]).toBe(200);
    const [, body] = await ask(board, '/api/policy');
    expect(body).toMatchObject({
      current: { version: 3, byName: 'board', policy: { maxPermitDays: 5 } },
      address: SCHOOL_ADDRESS,
    });
    const history = body.history as { version: number; policy: SecurityPolicy }[];
    expect(history.map(({ version, policy }) => [version, policy.maxPermitDays])).toEqual([
      [3, 5],
      [2, 4],
      [1, 3],
    ]);
    expect(town.audited.events.filter(({ kind }) => kind === 'policyChanged')).toMatchObject([
      { by: 'board', target: 'security', count: 1 },
      { by: 'board', target: 'security', count: 2 },
      { by: 'board', target: 'security', count: 3 },
    ]);
  });

  it.each([
    [{ schoolNetworks: ['192.0.2.0/24', '192.0.2.1/24'] }, ['policy.schoolNetworks.1']],
    [{ schoolNetworks: ['everywhere'] }, ['policy.schoolNetworks.0']],
    [{ maxPermitDays: 0 }, ['policy.maxPermitDays']],
    [{ leaseDays: 1.5 }, ['policy.leaseDays']],
    [{ privateDevices: 'trust' }, ['policy.privateDevices']],
    [{ secondFactorRoles: ['principal', 'caretaker'] }, ['policy.secondFactorRoles.1']],
  ])('[AC69] names the field that is wrong: %j', async (changes, fields) => {
    expect(await set(board, changes)).toEqual([400, { code: 'invalid', fields }]);
    expect((await town.gateway.parts.policy.current()).version).toBe(0);
  });
});

describe('a school’s blanket permission', () => {
  const blanket = (client: TestClient, allowed: boolean, schoolCode = 'S1') =>
    ask(client, '/api/permits/blanket', { schoolCode, allowed });
  const holds = async (login: string) =>
    Object.keys((await (await signInAt(town, login, HOME_ADDRESS)).exchange()).head.streams).length;

  it('[AC69, AC70] is set by its principal or the board’s administrator, and holds at once', async () => {
    for (const login of ['homeroom1', 'vice', 'office', 'otherprincipal', 'system', 'nobody'])
      expect((await blanket(await signInAt(town, login, SCHOOL_ADDRESS), false))[0]).toBe(403);
    expect(await holds('homeroom1')).toBe(1);
    const principal = await signInAt(town, 'principal', SCHOOL_ADDRESS);
    expect((await blanket(principal, false))[0]).toBe(200);
    expect(await holds('homeroom1')).toBe(0);
    expect(await holds('otherhomeroom1')).toBe(1);
    expect((await blanket(board, true))[0]).toBe(200);
    expect(await holds('homeroom1')).toBe(1);
    expect((await blanket(board, false, 'S9'))[0]).toBe(403);
    expect(town.audited.events.filter(({ kind }) => kind === 'policyChanged')).toMatchObject([
      { by: 'principal', school: 'S1', code: 'withdrawn' },
      { by: 'board', school: 'S1', code: 'allowed' },
    ]);
  });

  it('[AC69] asks for a fresh proof, and without a word of the school the policy’s holds', async () => {
    const weak = await signInAt(town, 'principal', SCHOOL_ADDRESS, { factors: ['password'] });
    expect((await blanket(weak, false))[1]).toEqual({ code: 'stepUpRequired' });
    expect((await set(board, { blanketPermission: false }))[0]).toBe(200);
    expect(await holds('homeroom1')).toBe(0);
    const principal = await signInAt(town, 'principal', SCHOOL_ADDRESS);
    expect((await blanket(principal, true))[0]).toBe(200);
    expect([await holds('homeroom1'), await holds('otherhomeroom1')]).toEqual([1, 0]);
  });
});
