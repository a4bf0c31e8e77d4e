import { beforeEach, describe, expect, it } from 'vitest';
import { HasherBusy } from '../../src/gateway/identity/argon2-thread.ts';
import { createMemorySecrets } from '../../src/gateway/secrets/memory-secrets.ts';
import { grantOf, PASSWORD, SCHOOL } from '../../src/gateway/testing/small-town.ts';
import { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { FailingStore } from '../../src/gateway/testing/failing-store.ts';
import { enrolTotp, firstStep, nameOfAnswer, secondStep, type TestPhone } from './enrolled-person.ts';

const SCHOOL_ADDRESS = '192.0.2.1';
const strangerAt = (i: number): string => `198.51.${100 + Math.floor(i / 250)}.${1 + (i % 250)}`;

function clientAt(town: TestGateway, address: string, device = 'device'): TestClient {
  return new TestClient((request) => town.gateway.handle(request, { address, secure: false }), device);
}

/** How many answers there were of each status. */
async function tally(asked: readonly Promise<number>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const status of await Promise.all(asked)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

let town: TestGateway;
const tryPassword = async (address: string, login: string, password: string): Promise<number> =>
  (await clientAt(town, address).signIn(login, password)).status;

describe('somebody with 1,000 addresses', () => {
  const secrets = createMemorySecrets();
  let store: FailingStore;
  let phone: TestPhone;
  beforeEach(async () => {
    store = new FailingStore();
    town = await TestGateway.openOn(store, { secrets });
    ({ phone } = await enrolTotp(town, await town.signIn('principal')));
  });

  const guess = async (address: string): Promise<number> => {
    const stranger = clientAt(town, address);
    const { ticket } = (await firstStep(stranger, 'principal')).body;
    return (await secondStep(stranger, ticket, { kind: 'totp', code: phone.wrongDigits() })).status;
  };
  const signInWhole = async (address: string): Promise<string> => {
    const client = clientAt(town, address);
    const { ticket } = (await firstStep(client, 'principal')).body;
    return nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code: phone.digits() }));
  };

  it('[AC31, AC110] who guesses passwords from all of them keeps nobody from signing in', async () => {
    for (let i = 0; i < 1_000; i += 1) {
      for (let n = 0; n < 6; n += 1) await tryPassword(strangerAt(i), 'principal', 'wrong password');
    }
    expect(await signInWhole(SCHOOL_ADDRESS)).toBe('200');
    town.clock.now += 30_000;
    expect(await signInWhole('203.0.113.77')).toBe('200');
  });

  it('[AC110] and knows the password has five guesses of the digits, whether one by one or all at once', async () => {
    const oneByOne: Promise<number>[] = [];
    for (let i = 0; i < 500; i += 1) oneByOne.push(Promise.resolve(await guess(strangerAt(i))));
    expect(await tally(oneByOne)).toEqual({ 401: 5, 429: 495 });
    town.clock.now += 15_000;
    const atOnce = Array.from({ length: 40 }, (_, i) => guess(strangerAt(500 + i)));
    expect(await tally(atOnce)).toEqual({ 401: 1, 429: 39 });
  });

  it('[AC110] does not lock the place where the person works, and has no more guesses after a restart', async () => {
    for (let i = 0; i < 100; i += 1) await guess(strangerAt(i));
    const { now } = town.clock;
    await town.gateway.close();
    town = await TestGateway.openOn(store, { secrets, empty: true });
    town.clock.now = now;
    expect(await guess(strangerAt(101))).toBe(429);
    expect(await signInWhole('203.0.113.77')).toBe('429 lockedOut');
    expect(await signInWhole(SCHOOL_ADDRESS)).toBe('200');
    expect(await guess(strangerAt(102))).toBe(429);
  });

  it('[AC110] has fewer than 50 guesses of a million in a whole day', async () => {
    let looked = 0;
    const until = town.clock.now + 86_400_000;
    for (let i = 0; town.clock.now < until; i += 1) {
      if ((await guess(strangerAt(i % 1_000))) === 401) looked += 1;
      town.clock.now += 60_000;
    }
    expect(looked).toBeGreaterThan(5);
    expect(looked).toBeLessThan(50);
  });

  it('[AC110] the person who mistypes at work waits a little, then the right digits count', async () => {
    for (let i = 0; i < 5; i += 1) expect(await guess(SCHOOL_ADDRESS)).toBe(401);
    expect(await guess(SCHOOL_ADDRESS)).toBe(429);
    town.clock.now += 15_000;
    expect(await signInWhole(SCHOOL_ADDRESS)).toBe('200');
    for (let i = 0; i < 5; i += 1) expect(await guess(SCHOOL_ADDRESS)).toBe(401);
  });
});

describe('one address', () => {
  const staff = Array.from({ length: 200 }, (_, i) => `staff${i}`);
  beforeEach(async () => {
    const people = Object.fromEntries(staff.map((login) => [login, [grantOf('schoolNurse', SCHOOL)]]));
    town = await TestGateway.open({ people });
  });

  const inGroups = async (size: number, ask: (login: string) => Promise<void>): Promise<void> => {
    for (let at = 0; at < staff.length; at += size)
      await Promise.all(staff.slice(at, at + size).map((login) => ask(login)));
  };

  it('[AC111] is enough for a school of 200 that signs in at 8:15, on the first day and the next', async () => {
    const refused: string[] = [];
    const signIn = (wrong: number) => async (login: string) => {
      for (let n = 0; n < wrong; n += 1) await tryPassword(SCHOOL_ADDRESS, login, 'wrong password');
      const status = await tryPassword(SCHOOL_ADDRESS, login, PASSWORD);
      if (status !== 200) refused.push(`${login} ${status}`);
    };
    // Every one of them mistypes once.
    await inGroups(40, signIn(1));
    expect(refused).toEqual([]);
    town.clock.now += 86_400_000;
    await inGroups(200, signIn(3));
    expect(refused).toEqual([]);
  });

  it('[AC111] has sixty wrong passwords over all logins and then ten a minute, each after the other', async () => {
    const spray = async (from: number) => {
      const asked: Promise<number>[] = [];
      for (let i = from; i < from + 80; i += 1)
        asked.push(Promise.resolve(await tryPassword('198.51.100.7', `guess${i}`, PASSWORD)));
      return tally(asked);
    };
    expect(await spray(0)).toEqual({ 401: 60, 429: 20 });
    town.clock.now += 60_000;
    expect(await spray(80)).toEqual({ 401: 10, 429: 70 });
    expect(await tryPassword('198.51.100.8', 'staff0', PASSWORD)).toBe(200);
  });

  it('[AC111] has no more of them for whoever tries many at once', async () => {
    let looked = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      const asked = Array.from({ length: 400 }, (_, i) =>
        tryPassword('198.51.100.7', `guess${minute}-${i}`, PASSWORD),
      );
      looked += (await tally(asked))[401] ?? 0;
      town.clock.now += 60_000;
    }
    expect(looked).toBeGreaterThan(600);
    expect(looked).toBeLessThanOrEqual(60 + 600 + 100);
  });

  it('[AC111] that is being used up does not hold up whoever worked there before', async () => {
    expect(await tryPassword(SCHOOL_ADDRESS, 'staff0', PASSWORD)).toBe(200);
    for (let i = 0; i < 80; i += 1) await tryPassword(SCHOOL_ADDRESS, `guess${i}`, PASSWORD);
    const newcomer = await clientAt(town, SCHOOL_ADDRESS).signIn('staff1', PASSWORD);
    expect([newcomer.status, Number(newcomer.headers.get('retry-after'))]).toEqual([429, 6]);
    expect(await tryPassword(SCHOOL_ADDRESS, 'staff0', PASSWORD)).toBe(200);
    town.clock.now += 6_000;
    expect(await tryPassword(SCHOOL_ADDRESS, 'staff1', PASSWORD)).toBe(200);
  });

  it('[AC31, AC111] loses nothing while the gateway has no time to look at passwords', async () => {
    const { parts } = town.gateway;
    const { hasher } = parts;
    Object.assign(parts, { hasher: { ...hasher, verify: () => Promise.reject(new HasherBusy()) } });
    for (let i = 0; i < 20; i += 1) {
      for (const login of ['staff0', 'staff1', 'staff2', 'staff3'])
        expect(await tryPassword(SCHOOL_ADDRESS, login, PASSWORD)).toBe(503);
    }
    Object.assign(parts, { hasher });
    expect(await tryPassword(SCHOOL_ADDRESS, 'staff0', PASSWORD)).toBe(200);
    expect(await tryPassword(SCHOOL_ADDRESS, 'staff9', PASSWORD)).toBe(200);
  });
});
