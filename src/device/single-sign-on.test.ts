import { FakeAccounts, FakeWorker, installFakeBrowser } from './testing/fake-browser.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDevice } from './browser-device.ts';
import type { Device } from './device.ts';
import { PersonDatabase } from './person-database.ts';
import type { SessionAnswer } from './session-api.ts';

const CHOSEN = 'four birds on one wire';
const OTHER = 'seven boats under a bridge';

const sessionOf = (id: string, login: string): SessionAnswer => ({
  person: { id, login, name: '雨野 花', grants: [] },
  streams: [],
  sealing: {},
  factors: ['singleSignOn'],
  secondFactor: 'none',
  passwordChangeDue: false,
  hasPassword: false,
  serverNow: Date.now(),
});

let serial = 0;
let accounts: FakeAccounts;
let devices: Device[] = [];

const login = () => `s${serial}`;
const personId = () => `sso-${serial}`;
const bodies: string[] = [];
const settle = () => new Promise((resolve) => setTimeout(resolve, 60));
/** The last thing that the beginning of a session tells the worker. */
const renewed = () =>
  vi.waitFor(() =>
    expect(FakeWorker.all.at(-1)?.messages.some((message) => message.type === 'sessionChanged')).toBe(true),
  );
const vaultNumber = async () => (await new PersonDatabase(personId()).findVault())?.generation;

async function deviceIn(wanted: Device['state']['phase']): Promise<Device> {
  const device = createDevice();
  devices.push(device);
  for (let tries = 0; tries < 200 && device.state.phase !== wanted; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(device.state.phase).toBe(wanted);
  return device;
}

/** As the provider sends the browser back: the cookie is there, and no password was. */
function comeBack(who = login()): void {
  accounts.signedIn = who;
}

async function signedInDevice(): Promise<Device> {
  const device = await deviceIn('locked');
  comeBack();
  expect(await device.singleSignOn.choosePassword(CHOSEN)).toEqual({ ok: true });
  return device;
}

beforeEach(() => {
  serial += 1;
  accounts = new FakeAccounts();
  accounts.provider = '市の共通ID';
  accounts.sessions.set(login(), sessionOf(personId(), login()));
  bodies.length = 0;
  const { fetch } = accounts;
  installFakeBrowser({
    ...accounts,
    fetch: (path: string, init?: RequestInit) => {
      bodies.push(`${path} ${typeof init?.body === 'string' ? init.body : ''}`);
      return fetch(path, init);
    },
    get online() {
      return accounts.online;
    },
  });
});

afterEach(async () => {
  for (const device of devices) await device.lock();
  devices = [];
});

test('the way to the provider names this device, and there is none without a network', async () => {
  const device = await deviceIn('locked');
  const found = await device.singleSignOn.findProvider();
  expect(found?.name).toBe('市の共通ID');
  expect(found?.address).toMatch(/^\/api\/single-sign-on\/start\?device=d-[0-9a-f]+$/);
  accounts.provider = null;
  expect(await device.singleSignOn.findProvider()).toBeNull();
  accounts.provider = '市の共通ID';
  accounts.online = false;
  expect(await device.singleSignOn.findProvider()).toBeNull();
});

test('[DE150] a first sign-in chooses a password by the school’s rule, which then opens offline', async () => {
  const device = await deviceIn('locked');
  comeBack();
  expect(await device.singleSignOn.arrive()).toEqual({ ok: true, step: 'newPassword', login: login() });
  for (const [password, code] of [
    ['short', 'passwordTooShort'],
    ['password1234', 'passwordTooCommon'],
    ['雨野花の長いパスワードです', 'passwordHasName'],
  ] as const)
    expect(await device.singleSignOn.choosePassword(password)).toEqual({ ok: false, code });
  expect(await vaultNumber()).toBeUndefined();
  expect(await device.singleSignOn.choosePassword(CHOSEN)).toEqual({ ok: true });
  expect(device.state).toMatchObject({ phase: 'open', person: { id: personId() }, devicePassword: true });

  await device.lock();
  accounts.online = false;
  expect(device.state).toMatchObject({ phase: 'locked', logins: expect.arrayContaining([login()]) as never });
  expect(await device.unlock(login(), OTHER)).toEqual({ ok: false, code: 'badPassword' });
  expect(await device.unlock(login(), CHOSEN)).toEqual({ ok: true });
  expect(device.state).toMatchObject({ phase: 'open', devicePassword: true });
});

test('[DE151] a device’s password is in no request, with a session or without one', async () => {
  const device = await signedInDevice();
  await device.lock();
  comeBack();
  await device.singleSignOn.open(CHOSEN);
  await device.singleSignOn.open(OTHER);
  await device.lock();
  accounts.signedIn = null;
  expect(await device.unlock(login(), CHOSEN)).toEqual({ ok: true });
  FakeWorker.all.at(-1)?.say({ type: 'clock', offsetMs: 0 });
  await settle();
  expect(bodies.length).toBeGreaterThan(0);
  expect(bodies.filter((body) => body.includes('birds') || body.includes('boats'))).toEqual([]);
  expect(accounts.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  expect(accounts.signedIn).toBeNull();
});

test('[DE152] records that are here open with their password in the session that has begun', async () => {
  const device = await signedInDevice();
  await device.lock();
  comeBack();
  expect(await device.singleSignOn.arrive()).toEqual({ ok: true, step: 'password', login: login() });
  expect(await device.singleSignOn.open(OTHER)).toEqual({ ok: false, code: 'badPassword' });
  expect(device.state.phase).toBe('locked');
  expect(await device.singleSignOn.open(CHOSEN)).toEqual({ ok: true });
  expect(await vaultNumber()).toBe(1);
  const opening = FakeWorker.all.at(-1)?.messages.find((message) => message.type === 'open');
  expect(opening).toMatchObject({ verified: true });

  const again = await deviceIn('open');
  expect(await again.singleSignOn.arrive()).toEqual({ ok: true, step: 'none', login: login() });
  expect(FakeWorker.all.at(-1)?.messages.some((message) => message.type === 'sessionChanged')).toBe(true);
});

test('[DE152] somebody else’s records are locked when another person comes back', async () => {
  const device = await signedInDevice();
  accounts.sessions.set('next', sessionOf(`next-${serial}`, 'next'));
  comeBack('next');
  expect(await device.singleSignOn.arrive()).toEqual({ ok: true, step: 'newPassword', login: 'next' });
  expect(device.state.phase).toBe('locked');
  expect(await device.singleSignOn.choosePassword(OTHER)).toEqual({ ok: true });
  expect(device.state).toMatchObject({ phase: 'open', person: { id: `next-${serial}` } });
});

test('[DE152] the school’s password opens what it locks, and the session is renewed with it as before', async () => {
  accounts.passwords.set(login(), OTHER);
  const device = await deviceIn('locked');
  await device.signIn(login(), OTHER);
  await device.lock();
  comeBack();
  expect(await device.singleSignOn.open(OTHER)).toEqual({ ok: true });
  expect(device.state).not.toHaveProperty('devicePassword');
  await device.signOut();
  await device.unlock(login(), OTHER);
  await renewed();
  expect(accounts.signedIn).toBe(login());
});

test('[DE153] a forgotten password is followed by another vault beside the old one', async () => {
  const device = await signedInDevice();
  const journal = new PersonDatabase(personId()).journal;
  await journal.add({ id: 'row' } as never);
  await device.lock();
  comeBack();
  expect(await device.singleSignOn.choosePassword(OTHER)).toEqual({ ok: true });
  expect(await vaultNumber()).toBe(2);
  expect(await journal.count()).toBe(1);
  await device.lock();
  expect(await device.unlock(login(), CHOSEN)).toEqual({ ok: false, code: 'badPassword' });
  expect(await device.unlock(login(), OTHER)).toEqual({ ok: true });
  expect(device.state).toMatchObject({ devicePassword: true });
});

test('[DE154] without a session nothing is opened and nothing is made', async () => {
  const device = await deviceIn('locked');
  expect(await device.singleSignOn.arrive()).toEqual({ ok: false, code: 'signedOut' });
  expect(await device.singleSignOn.choosePassword(CHOSEN)).toEqual({ ok: false, code: 'signedOut' });
  expect(await device.singleSignOn.open(CHOSEN)).toEqual({ ok: false, code: 'signedOut' });
  comeBack();
  accounts.online = false;
  expect(await device.singleSignOn.choosePassword(CHOSEN)).toEqual({ ok: false, code: 'offline' });
  accounts.online = true;
  accounts.sessions.set(login(), { ...sessionOf(personId(), login()), passwordChangeDue: true });
  expect(await device.singleSignOn.arrive()).toEqual({ ok: true, step: 'schoolPassword', login: login() });
  expect(await device.singleSignOn.choosePassword(CHOSEN)).toEqual({
    ok: false,
    code: 'passwordChangeRequired',
  });
  expect(await vaultNumber()).toBeUndefined();
  expect(device.state.phase).toBe('locked');
});

test('[DE155] a device’s password is changed by who knows it, and stays the device’s', async () => {
  const device = await signedInDevice();
  const { changePassword } = device.singleSignOn;
  expect(await changePassword(OTHER, OTHER)).toEqual({ ok: false, code: 'badPassword' });
  expect(await changePassword(CHOSEN, CHOSEN)).toEqual({ ok: false, code: 'passwordSame' });
  expect(await changePassword(CHOSEN, 'short')).toEqual({ ok: false, code: 'passwordTooShort' });
  expect(await changePassword(CHOSEN, OTHER)).toEqual({ ok: true });
  await device.lock();
  accounts.online = false;
  expect(await device.unlock(login(), CHOSEN)).toEqual({ ok: false, code: 'badPassword' });
  expect(await device.unlock(login(), OTHER)).toEqual({ ok: true });
  expect(device.state).toMatchObject({ devicePassword: true });
  expect(await vaultNumber()).toBe(1);
});

test('[DE155] a password that the school has taken opens the vault from then on', async () => {
  const device = await signedInDevice();
  accounts.passwords.set(login(), OTHER);
  expect(await device.signIn(login(), OTHER)).toEqual({ ok: true });
  expect(device.state).not.toHaveProperty('devicePassword');
  await device.signOut();
  expect(await device.unlock(login(), OTHER)).toEqual({ ok: true });
  await renewed();
  expect(accounts.signedIn).toBe(login());
  expect(await vaultNumber()).toBe(1);
});
