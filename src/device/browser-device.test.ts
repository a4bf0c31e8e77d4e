import { FakeAccounts, FakeWorker, installFakeBrowser } from './testing/fake-browser.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { createDevice } from './browser-device.ts';
import type { Device, DeviceState } from './device.ts';
import { PersonDatabase } from './person-database.ts';
import type { SessionAnswer } from './session-api.ts';
import { fillDisk } from './testing/full-disk.ts';
import { STREAM } from './testing/entries.ts';

const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
const date = calendarDate('2026-06-01');

const sessionOf = (id: string, login: string): SessionAnswer => ({
  person: {
    id,
    login,
    name: '担任 花',
    grants: [
      {
        role: 'homeroomTeacher',
        schoolCode: 'B101',
        homeroomId: 'h-31',
        from: '2020-04-01',
        until: '2099-04-01',
      },
    ],
  },
  streams: [{ key: STREAM, schoolCode: 'B101', schoolName: '試小学校' }],
  sealing: { B101: { kty: 'EC', crv: 'P-256', x, y } },
  factors: ['password'],
  secondFactor: 'none',
  passwordChangeDue: false,
  hasPassword: true,
  serverNow: 1_780_000_000_000,
});

let serial = 0;
let accounts: FakeAccounts;
let devices: Device[] = [];

async function phase(device: Device, wanted: DeviceState['phase']): Promise<DeviceState> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (device.state.phase === wanted) return device.state;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`still ${device.state.phase}`);
}

async function deviceIn(wanted: DeviceState['phase']): Promise<Device> {
  const device = createDevice();
  devices.push(device);
  await phase(device, wanted);
  return device;
}

const login = () => `t${serial}`;
const personId = () => `person-${serial}`;
const lastWorker = () => FakeWorker.all.at(-1) as FakeWorker;
const journalSize = async () => new PersonDatabase(personId()).journal.count();
const present = (studentId = 's1') => ({
  homeroomId: 'h-31',
  date,
  cells: [{ studentId, mark: 'present', painted: [] }],
});

/** As the worker tells it once the register is whole. */
function tellEnrollments(worker: FakeWorker): void {
  const enrollment = {
    id: 'e-1',
    studentId: 's1',
    homeroomId: 'h-31',
    rosterNumber: 1,
    from: calendarDate('2026-04-01'),
    until: calendarDate('2027-04-01'),
    beganBy: 'yearStart' as const,
    endedBy: null,
  };
  worker.say({ type: 'enrollments', stream: STREAM, enrollments: [enrollment] });
}

beforeEach(() => {
  serial += 1;
  accounts = new FakeAccounts();
  accounts.passwords.set(login(), 'right password');
  accounts.sessions.set(login(), sessionOf(personId(), login()));
  installFakeBrowser(accounts);
});

afterEach(async () => {
  for (const device of devices) await device.lock();
  devices = [];
});

test('[DE60] sign-in makes a vault; unlocking needs its password and no network', async () => {
  const device = await deviceIn('locked');
  expect(await device.unlock(login(), 'right password')).toEqual({ ok: false, code: 'noVault' });
  expect(await device.signIn(login(), 'wrong')).toEqual({ ok: false, code: 'badCredentials' });
  expect(await device.signIn(login(), 'right password')).toEqual({ ok: true });
  expect(device.state).toMatchObject({
    phase: 'open',
    person: { id: personId(), name: '担任 花', stream: STREAM, ownHomeroomIds: ['h-31'] },
  });
  await device.lock();
  expect(device.state).toMatchObject({ phase: 'locked' });

  accounts.online = false;
  expect(await device.signIn(login(), 'right password')).toEqual({ ok: false, code: 'offline' });
  expect(await device.unlock(login(), 'wrong password')).toEqual({ ok: false, code: 'badPassword' });
  expect(await device.unlock(login(), 'right password')).toEqual({ ok: true });
  expect(device.state.phase).toBe('open');
});

test('[DE62] locking ends the worker and its keys, in all tabs of the person', async () => {
  const one = await deviceIn('locked');
  await one.signIn(login(), 'right password');
  const first = lastWorker();
  const two = await deviceIn('open');
  const second = lastWorker();
  expect(second).not.toBe(first);
  await two.lock();
  await phase(one, 'locked');
  expect([first.terminated, second.terminated]).toEqual([true, true]);
  expect(await one.recordAttendance(present())).toEqual({ ok: false, code: 'locked' });
});

test('[DE40] [DE43] a command is judged, written, and only then told to the worker', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  expect(await device.recordAttendance(present())).toEqual({ ok: false, code: 'denied' });
  tellEnrollments(lastWorker());
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await device.recordAttendance(present('s2'))).toEqual({ ok: false, code: 'denied' });
  expect(await journalSize()).toBe(0);
  const result = await device.recordAttendance(present());
  expect(result.ok).toBe(true);
  expect(lastWorker().messages.some((message) => message.type === 'row')).toBe(false);
  expect(await journalSize()).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(lastWorker().messages.some((message) => message.type === 'row')).toBe(true);
});

test('[DE45] a write bears the gateway’s time where the clock is wrong', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  tellEnrollments(lastWorker());
  lastWorker().say({ type: 'clock', offsetMs: -86_400_000 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await device.recordAttendance(present());
  await new Promise((resolve) => setTimeout(resolve, 5));
  const row = lastWorker().messages.find((message) => message.type === 'row');
  expect(Math.abs((row?.entry.madeAt ?? 0) - (Date.now() - 86_400_000))).toBeLessThan(5_000);
});

test('[DE61] after a password reset the unsent of the old vault stays on the disk', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  tellEnrollments(lastWorker());
  await new Promise((resolve) => setTimeout(resolve, 5));
  await device.recordAttendance(present());
  await device.lock();
  accounts.passwords.set(login(), 'another password');
  expect(await device.signIn(login(), 'another password')).toEqual({ ok: true });
  expect(await journalSize()).toBe(1);
  await device.lock();
  expect(await device.unlock(login(), 'another password')).toEqual({ ok: true });
});

test('[VA4] a password changed while the vault is open opens the same vault', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  accounts.passwords.set(login(), 'another password');
  await device.signIn(login(), 'another password');
  await device.lock();
  accounts.online = false;
  expect(await device.unlock(login(), 'right password')).toEqual({ ok: false, code: 'badPassword' });
  expect(await device.unlock(login(), 'another password')).toEqual({ ok: true });
  expect((await new PersonDatabase(personId()).findVault())?.generation).toBe(1);
});

test('[DE23] when somebody else signs in, the open tab’s exchange asks whose session it is', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  const worker = lastWorker();
  const other = await deviceIn('open');
  accounts.passwords.set('other', 'p');
  accounts.sessions.set('other', sessionOf(`other-${serial}`, 'other'));
  await other.signIn('other', 'p');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(other.state).toMatchObject({ person: { id: `other-${serial}` } });
  // The person's own tab was locked with the change of person.
  expect(worker.terminated || worker.messages.some((message) => message.type === 'sessionChanged')).toBe(
    true,
  );
});

test('[DE24] unlocking begins a new session where the old one has ended, and only there', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  await device.signOut();
  accounts.calls.length = 0;
  await device.unlock(login(), 'right password');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(accounts.signedIn).toBe(login());
  expect(accounts.calls).toContain('POST /api/session');
  expect(lastWorker().messages.filter((message) => message.type === 'sessionChanged')).toHaveLength(1);

  await device.lock();
  accounts.calls.length = 0;
  await device.unlock(login(), 'right password');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(accounts.calls).toEqual(['GET /api/session']);
});

test('[DE74] what was typed right before the lock is there after it, for its person alone', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  const saved = device.drafts.save('remark/s1/2026-06-01', { text: '熱' });
  await device.lock();
  expect(await saved).toEqual({ ok: true });
  expect(await device.drafts.save('remark/s1/2026-06-01', { text: '' })).toEqual({
    ok: false,
    code: 'locked',
  });
  expect(await device.drafts.find('remark/s1/2026-06-01')).toBeNull();

  accounts.passwords.set('next', 'p');
  accounts.sessions.set('next', sessionOf(`next-${serial}`, 'next'));
  await device.signIn('next', 'p');
  expect(await device.drafts.list()).toEqual([]);
  await device.lock();

  await device.unlock(login(), 'right password');
  expect((await device.drafts.find('remark/s1/2026-06-01'))?.value).toEqual({ text: '熱' });
  await device.drafts.drop('remark/s1/2026-06-01');
  expect(await device.drafts.list()).toEqual([]);
});

test('[DE74] a lock in another tab writes what was typed in this one', async () => {
  const one = await deviceIn('locked');
  await one.signIn(login(), 'right password');
  const two = await deviceIn('open');
  const saved = one.drafts.save('remark/s1/2026-06-01', { text: '熱' });
  await two.lock();
  expect(await saved).toEqual({ ok: true });
});

test('[DE77] a mark writes no draft and reads none', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  tellEnrollments(lastWorker());
  await new Promise((resolve) => setTimeout(resolve, 5));
  await device.drafts.save('remark/s1/2026-06-01', { text: '熱' });
  const drafts = () => new PersonDatabase(personId()).drafts.toArray();
  const before = await drafts();
  expect(before).toHaveLength(1);
  expect((await device.recordAttendance(present())).ok).toBe(true);
  expect(await drafts()).toEqual(before);
});

describe('on a full disk', () => {
  let makeRoom = () => {};
  afterEach(() => makeRoom());

  /** What the person is shown of the state of sync, as the worker would report it. */
  function syncSeenBy(device: Device): { readonly diskFull: boolean }[] {
    const seen: { readonly diskFull: boolean }[] = [];
    device.watch({ type: 'sync' }, (sync) => seen.push(sync));
    return seen;
  }

  /** The worker's answer to whoever watches the state of sync; its disk is none of its business. */
  function tellSync(worker: FakeWorker): void {
    for (const message of worker.messages) {
      if (message.type === 'watch' && message.query.type === 'sync')
        worker.say({ type: 'result', id: message.id, result: { phase: 'offline', lastContactAt: null } });
    }
  }

  test('[DE80] [DE82] a vault opens, it is said, a mark is refused, and with room it is saved', async () => {
    const before = await deviceIn('locked');
    await before.signIn(login(), 'right password');
    await before.lock();
    accounts.online = false;
    makeRoom = fillDisk();

    const device = await deviceIn('locked');
    expect(await device.unlock(login(), 'right password')).toEqual({ ok: true });
    expect(device.state).toMatchObject({ phase: 'open', person: { id: personId() } });
    const seen = syncSeenBy(device);
    tellSync(lastWorker());
    tellEnrollments(lastWorker());
    await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ diskFull: true }));
    expect(await device.recordAttendance(present())).toEqual({ ok: false, code: 'storageFull' });

    makeRoom();
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ diskFull: false }));
    expect(lastWorker().messages).toContainEqual({ type: 'trigger', trigger: 'asked' });
    expect(await device.recordAttendance(present())).toMatchObject({ ok: true });
  });

  test('[DE80] a sign-in opens what is there, though its answer finds no room', async () => {
    const device = await deviceIn('locked');
    await device.signIn(login(), 'right password');
    await device.lock();
    makeRoom = fillDisk();
    expect(await device.signIn(login(), 'right password')).toEqual({ ok: true });
    expect(device.state.phase).toBe('open');
  });

  test('[DE42] who was never here is told that there is no room', async () => {
    const device = await deviceIn('locked');
    makeRoom = fillDisk();
    expect(await device.signIn(login(), 'right password')).toEqual({ ok: false, code: 'storageFull' });
    expect(device.state.phase).toBe('locked');
  });
});

test('signing out ends the session at the gateway and locks', async () => {
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  await device.signOut();
  expect(accounts.signedIn).toBeNull();
  expect(device.state).toMatchObject({ phase: 'locked' });
});

test('[DE16] the chosen school is what is read and written, and is kept for the next unlock', async () => {
  const session = sessionOf(personId(), login());
  const second = { ...session.person.grants[0], role: 'principal' as const, schoolCode: 'B102' };
  accounts.sessions.set(login(), {
    ...session,
    person: { ...session.person, grants: [...session.person.grants, second] as never },
    sealing: { ...session.sealing, B102: { kty: 'EC', crv: 'P-256', x, y } },
    streams: [
      ...session.streams,
      { key: 'register-b102-2026/register', schoolCode: 'B102', schoolName: '別小学校' },
    ],
  });
  const device = await deviceIn('locked');
  await device.signIn(login(), 'right password');
  tellEnrollments(lastWorker());
  await Promise.resolve();
  const here = () => (device.state.phase === 'open' ? device.state.person.schoolCode : null);
  expect(here()).toBe('B101');
  expect((await device.recordAttendance(present())).ok).toBe(true);

  await device.chooseSchool('B102');
  expect(here()).toBe('B102');
  expect(lastWorker().messages).toContainEqual({ type: 'school', school: 'B102' });
  // The pupil is no pupil of that school.
  expect(await device.recordAttendance(present())).toEqual({ ok: false, code: 'denied' });

  await device.lock();
  accounts.online = false;
  await device.unlock(login(), 'right password');
  expect(here()).toBe('B102');
});
