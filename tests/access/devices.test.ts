import { beforeEach, describe, expect, it } from 'vitest';
import { canKeepDevice } from '../../src/access/device-access.ts';
import { roles, type Role } from '../../src/access/subject.ts';
import type { MemoryAudit } from '../../src/gateway/audit/memory-audit.ts';
import {
  attendance,
  grantOf,
  NOW,
  OTHER_SCHOOL,
  PASSWORD,
  pupilId,
  SCHOOL,
  stream,
  TODAY,
  YEAR_START,
} from '../../src/gateway/testing/small-town.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

const TABLET = 'd-00000000000000aa';
const REPORT = {
  streams: [{ key: 'register-s1-2026/register', count: 9 }],
  protection: 'password',
  encrypted: true,
  waiting: 2,
};
const WIPED = { persons: 1, databases: 3, handedIn: 0, notHandedIn: 0, drafts: 1 };

let town: TestGateway;
let teacher: TestClient;

beforeEach(async () => {
  town = await TestGateway.open();
  teacher = await town.signIn('homeroom1', TABLET);
  await teacher.exchange();
});

const bodyOf = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const audited = () => (town.gateway.parts.audit as MemoryAudit).events.map(({ kind }) => kind);
/** A session that has just shown a second factor. */
async function proven(login: string, device = `${login}-device`): Promise<TestClient> {
  const client = town.client(device);
  const { token } = await town.gateway.parts.sessions.start(login, device, ['password', 'totp']);
  client.cookie = `amenimo=${token}`;
  return client;
}
async function lose(by = 'office'): Promise<TestClient> {
  const office = await town.signIn(by);
  expect((await office.send('POST', '/api/devices/lost', { id: TABLET })).status).toBe(200);
  return office;
}
async function ticketOf(): Promise<string> {
  const body = await bodyOf(await town.client().send('POST', '/api/devices/contact', { device: TABLET }));
  expect(body.code).toBe('deviceLost');
  return String(body.ticket);
}

describe('who looks after a device', () => {
  const keepsOwn: readonly Role[] = ['officeStaff', 'vicePrincipal', 'principal'];
  const keepsAll: readonly Role[] = ['boardAdministrator', 'systemAdministrator'];

  it.each(roles)('[AC80] %s: of the own school, of every school, or of none', (role) => {
    const isBoard = role.startsWith('board') || role === 'systemAdministrator';
    const subject = { personId: 'p', grants: [grantOf(role, isBoard ? null : SCHOOL)] };
    const ended = { personId: 'p', grants: [{ ...subject.grants[0]!, from: YEAR_START, until: TODAY }] };
    const may = (who: typeof subject, schools: string[]) => canKeepDevice(who, schools, TODAY).allowed;
    expect(may(subject, [SCHOOL])).toBe(keepsOwn.includes(role) || keepsAll.includes(role));
    expect(may(subject, [OTHER_SCHOOL])).toBe(keepsAll.includes(role));
    expect(may(subject, [])).toBe(keepsAll.includes(role));
    expect(may(ended, [SCHOOL])).toBe(false);
  });

  it.each(['homeroom1', 'nurse', 'supervisor', 'otherprincipal', 'nobody'])(
    '[AC80] over HTTP, %s is told and can do nothing',
    async (login) => {
      const client = await proven(login);
      const list = await client.send('GET', '/api/devices');
      if (login === 'otherprincipal') expect(JSON.stringify(await bodyOf(list))).not.toContain(TABLET);
      else expect(list.status).toBe(403);
      for (const path of ['lost', 'found', 'retire']) {
        for (const id of [TABLET, 'd-of-nobody']) {
          const answer = await client.send('POST', `/api/devices/${path}`, { id });
          expect([answer.status, await bodyOf(answer)]).toEqual([403, { code: 'denied' }]);
        }
      }
      expect((await client.send('GET', `/api/devices/detail?id=${TABLET}`)).status).toBe(403);
      expect((await teacher.send('GET', '/api/session')).status).toBe(200);
    },
  );

  it('[AC80] sees what was handed out to it, before it has said anything of itself', async () => {
    const tablet = await town.signIn('homeroom1', 'd-silent');
    await tablet.exchange(tablet.requestOf());
    await tablet.exchange(tablet.requestOf());
    const office = await town.signIn('office');
    const detail = await bodyOf(await office.send('GET', '/api/devices/detail?id=d-silent'));
    expect(detail).toMatchObject({
      report: { at: NOW, protection: 'password', encrypted: true, waiting: 0 },
      held: [{ importance: 3, schoolName: 'S1小学校' }],
    });
    const { events } = town.gateway.parts.audit as MemoryAudit;
    expect(
      events.filter(({ kind, target }) => kind === 'deviceReported' && target === 'd-silent'),
    ).toHaveLength(1);
  });

  it('[AC80] sees who used it when, and what it said it holds', async () => {
    expect((await teacher.send('POST', '/api/devices/report', REPORT)).status).toBe(200);
    const office = await town.signIn('office');
    const { devices } = (await bodyOf(await office.send('GET', '/api/devices'))) as {
      devices: { id: string; persons: object[] }[];
    };
    expect(devices.find(({ id }) => id === TABLET)?.persons).toEqual([
      { id: 'homeroom1', name: 'homeroom1', lastSeenAt: NOW },
    ]);
    const detail = await bodyOf(await office.send('GET', `/api/devices/detail?id=${TABLET}`));
    expect(detail).toMatchObject({
      report: { at: NOW, protection: 'password', encrypted: true, waiting: 2 },
      held: [
        {
          importance: 3,
          schoolName: 'S1小学校',
          entryCount: 9,
          homerooms: [
            { title: '1年1組', pupilCount: 3 },
            { title: '2年1組', pupilCount: 3 },
          ],
        },
      ],
    });
    expect(audited().filter((kind) => kind === 'deviceReported')).toHaveLength(1);
    await teacher.send('POST', '/api/devices/report', { ...REPORT, waiting: 0 });
    expect(audited().filter((kind) => kind === 'deviceReported')).toHaveLength(1);
  });

  it('[AC80] a person sees the own devices, and not those of others', async () => {
    await (await town.signIn('homeroom2', 'd-other')).exchange();
    const { devices } = (await bodyOf(await teacher.send('GET', '/api/devices/own'))) as {
      devices: { id: string; isHere: boolean }[];
    };
    expect(devices.map(({ id, isHere }) => [id, isHere])).toEqual([[TABLET, true]]);
  });

  it.each([
    ['no json', '{'],
    ['a name', { ...REPORT, streams: [{ key: '雨野/児童', count: 1 }] }],
    ['more than there can be', { ...REPORT, waiting: -1 }],
    ['another field', { ...REPORT, note: 'x' }],
  ])('[AC80] a report with %s is refused', async (_what, body) => {
    expect((await teacher.send('POST', '/api/devices/report', body)).status).toBe(400);
  });

  it('is written for being seen at most once in five minutes', async () => {
    const rev = async () => (await town.store.getRecord('accounts-test', `device:${TABLET}`))?._rev;
    const first = await rev();
    await teacher.exchange();
    town.clock.now += 299_000;
    await teacher.exchange();
    expect(await rev()).toBe(first);
    town.clock.now += 2_000;
    await teacher.exchange();
    expect(await rev()).not.toBe(first);
  });
});

describe('a lost device', () => {
  it('[AC81] is refused at once whatever it asks, and its sessions end', async () => {
    const ended: string[] = [];
    town.gateway.parts.sessions.onEnd(({ id }) => ended.push(id));
    const elsewhere = await town.signIn('homeroom1', 'd-elsewhere');
    await lose();
    expect(ended).toHaveLength(1);
    expect((await teacher.send('GET', '/api/session')).status).toBe(401);
    expect((await elsewhere.send('GET', '/api/session')).status).toBe(200);

    const again = await town.client(TABLET).signIn('homeroom1', PASSWORD);
    expect([again.status, (await bodyOf(again)).code]).toEqual([403, 'deviceLost']);
    expect(again.headers.get('set-cookie')).toBeNull();
    // A session that another process began, or one begun by another way, is answered the same.
    const { token } = await town.gateway.parts.sessions.start('homeroom1', TABLET);
    teacher.cookie = `amenimo=${token}`;
    for (const [method, path] of [
      ['GET', '/api/session'],
      ['GET', '/api/events'],
      ['POST', '/api/exchange'],
      ['POST', '/api/handin'],
    ] as const) {
      const body =
        path === '/api/exchange'
          ? teacher.requestOf()
          : method === 'POST'
            ? { device: TABLET, rows: [] }
            : undefined;
      const answer = await teacher.send(method, path, body);
      expect([path, answer.status]).toEqual([path, path === '/api/handin' ? 400 : 403]);
    }
    // Nor does it get through under the session of another device.
    const spoofed = await elsewhere.send('POST', '/api/exchange', {
      ...elsewhere.requestOf(),
      device: TABLET,
    });
    expect([spoofed.status, (await bodyOf(spoofed)).code]).toEqual([403, 'deviceLost']);
    expect(audited()).toContain('deviceLost');
  });

  it('[AC82] learns it without a session; one that is well and one that is unknown are answered alike', async () => {
    const ask = async (device: string) => {
      const answer = await town.client().send('POST', '/api/devices/contact', { device });
      return [answer.status, await bodyOf(answer)];
    };
    expect(await ask(TABLET)).toEqual([200, { ok: true }]);
    expect(await ask('d-of-nobody')).toEqual([200, { ok: true }]);
    await lose();
    expect(await ask(TABLET)).toEqual([
      403,
      { code: 'deviceLost', ticket: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it('[AC82] says once what it emptied, by its ticket alone, and is told to clear the rest', async () => {
    const office = await lose();
    const ticket = await ticketOf();
    const report = (body: object) => town.client().send('POST', '/api/devices/wiped', body);
    for (const wrong of ['0'.repeat(64), ticket.slice(0, 63) + (ticket.endsWith('0') ? '1' : '0')]) {
      const answer = await report({ device: TABLET, ticket: wrong, wiped: WIPED });
      expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([403, null]);
    }
    expect((await report({ device: 'd-of-nobody', ticket, wiped: WIPED })).status).toBe(403);
    town.clock.now += 1000;
    const answer = await report({ device: TABLET, ticket, wiped: WIPED });
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([
      200,
      '"cache", "cookies", "storage"',
    ]);
    // The answer was lost: said again, it changes nothing.
    town.clock.now += 1000;
    expect((await report({ device: TABLET, ticket, wiped: { ...WIPED, databases: 0 } })).status).toBe(200);
    const detail = await bodyOf(await office.send('GET', `/api/devices/detail?id=${TABLET}`));
    expect(detail).toMatchObject({ state: 'lost', lostAt: NOW, wiped: { ...WIPED, at: NOW + 1000 } });
    expect(audited().filter((kind) => kind === 'deviceWiped')).toHaveLength(1);
  });

  it('[AC82] a ticket is of one loss: it is worth nothing after the device was found', async () => {
    await lose();
    const ticket = await ticketOf();
    const found = await (await proven('office')).send('POST', '/api/devices/found', { id: TABLET });
    expect(found.status).toBe(200);
    const answer = await town
      .client()
      .send('POST', '/api/devices/wiped', { device: TABLET, ticket, wiped: WIPED });
    expect(answer.status).toBe(403);
    town.clock.now += 1;
    await lose();
    expect(await ticketOf()).not.toBe(ticket);
  });

  it('[AC81] stays lost and not wiped while it does not come, and can sign in afresh once it was found', async () => {
    const office = await lose();
    town.clock.now += 40 * 86_400_000;
    const detail = await bodyOf(
      await (await town.signIn('office')).send('GET', `/api/devices/detail?id=${TABLET}`),
    );
    expect(detail).toMatchObject({ state: 'lost', wiped: null });
    expect(office.device).not.toBe(TABLET);
    await (await proven('office')).send('POST', '/api/devices/found', { id: TABLET });
    expect((await teacher.send('GET', '/api/session')).status).toBe(401);
    const again = await town.signIn('homeroom1', TABLET);
    const row = attendance({ by: 'homeroom1', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    expect(await again.push(stream, row)).toMatchObject([{ verdict: 'accepted' }]);
    expect(audited()).toContain('deviceFound');
  });

  it('[AC83] is stopped with nothing but a press; found and retired only after a fresh proof', async () => {
    const office = await lose();
    for (const path of ['found', 'retire']) {
      const answer = await office.send('POST', `/api/devices/${path}`, { id: TABLET });
      expect([answer.status, await bodyOf(answer)]).toEqual([403, { code: 'stepUpRequired' }]);
    }
    const stale = await proven('office');
    town.clock.now += 300_000;
    expect((await stale.send('POST', '/api/devices/found', { id: TABLET })).status).toBe(403);
    expect((await (await proven('office')).send('POST', '/api/devices/retire', { id: TABLET })).status).toBe(
      200,
    );
  });
});

describe('a registered school device', () => {
  const LABEL = { label: ' 職員室のタブレット 3 ', ownership: 'school' };
  const isSchools = (cookie: string, id = TABLET) =>
    town.gateway.parts.devices.isRegisteredSchoolDevice(
      new Request('http://school.test/', { headers: { cookie } }),
      id,
    );

  it('[AC83, AC84] is made by who looks after it, with a fresh proof, and proved by its own secret', async () => {
    const plain = await (await town.signIn('office', TABLET)).send('POST', '/api/devices/register', LABEL);
    expect([plain.status, await bodyOf(plain)]).toEqual([403, { code: 'stepUpRequired' }]);
    expect(
      (await (await proven('homeroom1', TABLET)).send('POST', '/api/devices/register', LABEL)).status,
    ).toBe(403);

    const answer = await (await proven('office', TABLET)).send('POST', '/api/devices/register', LABEL);
    expect(await bodyOf(answer)).toMatchObject({ label: '職員室のタブレット 3', ownership: 'school' });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(
      /^amenimo-device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=34560000$/,
    );
    const pair = cookie.split(';')[0] ?? '';
    expect(await isSchools(`x=1; ${pair}`)).toBe(true);
    expect(await isSchools(pair, 'homeroom2-device')).toBe(false);
    expect(await isSchools(`amenimo-device=${'A'.repeat(43)}`)).toBe(false);
    expect(await isSchools('')).toBe(false);
    const secret = pair.split('=')[1] ?? '-';
    expect(JSON.stringify(await town.store.listRecords('accounts-test', 'device:'))).not.toContain(secret);
    expect(audited()).toContain('deviceRegistered');

    await lose();
    expect(await isSchools(pair)).toBe(false);
  });

  it('[AC84] a private device is known and is no school device', async () => {
    const office = await proven('office', TABLET);
    const answer = await office.send('POST', '/api/devices/register', { ...LABEL, ownership: 'private' });
    expect(await isSchools(answer.headers.getSetCookie()[0]?.split(';')[0] ?? '')).toBe(false);
  });

  it.each([
    ['no name', { label: '  ', ownership: 'school' }],
    ['too long a name', { label: 'x'.repeat(61), ownership: 'school' }],
    ['another owner', { label: 'x', ownership: 'mine' }],
  ])('[AC84] with %s is refused', async (_what, body) => {
    expect((await (await proven('office', TABLET)).send('POST', '/api/devices/register', body)).status).toBe(
      400,
    );
  });
});
