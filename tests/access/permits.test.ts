import { beforeEach, describe, expect, it } from 'vitest';
import {
  grantOf,
  guardianEntry,
  homeroomId,
  NOW,
  people,
  pupilId,
  SCHOOL,
  YEAR,
} from '../../src/gateway/testing/small-town.ts';
import {
  HOME_ADDRESS,
  openSchoolNetwork,
  SCHOOL_ADDRESS,
  signInAt,
} from '../../src/gateway/testing/school-net.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestDevice } from '../../src/gateway/testing/test-device.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { recordsStream, streamKey } from '../../src/ledger/stream.ts';

const DAY_MS = 86_400_000;
const room = recordsStream(SCHOOL, YEAR, homeroomId(SCHOOL, 1));
const key = streamKey(room);
const otherKey = streamKey(recordsStream(SCHOOL, YEAR, homeroomId(SCHOOL, 2)));

let town: TestGateway;
let teacher: TestClient;
let principal: TestClient;

const wanted = {
  schoolCode: SCHOOL,
  streams: [key],
  reason: '家庭訪問のため',
  from: '2026-06-10',
  lastDay: '2026-06-12',
  device: 'homeroom1-device',
  storage: 'memory',
};

beforeEach(async () => {
  town = await TestGateway.open({
    people: { ...people, secondprincipal: [grantOf('principal', SCHOOL)] },
  });
  await openSchoolNetwork(town, { maxPermitDays: 5 });
  await town.writeAround(room, [guardianEntry(room, pupilId(SCHOOL, 1, 1), 'import')]);
  teacher = await signInAt(town, 'homeroom1', HOME_ADDRESS);
  principal = await signInAt(town, 'principal', SCHOOL_ADDRESS);
});

type Answer = Record<string, unknown> & { code?: string; id?: string; state?: string };

async function ask(client: TestClient, path: string, body?: unknown): Promise<[number, Answer]> {
  const answer = await client.send(body === undefined ? 'GET' : 'POST', path, body);
  return [answer.status, (await answer.json()) as Answer];
}

async function requested(changes: Partial<typeof wanted> = {}, by = teacher): Promise<string> {
  const [status, permit] = await ask(by, '/api/permits/request', { ...wanted, ...changes });
  expect([status, permit.state]).toEqual([200, 'requested']);
  return permit.id ?? '';
}

async function granted(changes: Partial<typeof wanted> = {}): Promise<string> {
  const id = await requested(changes);
  const [status, permit] = await ask(principal, '/api/permits/decide', { id, granted: true, note: '' });
  expect([status, permit.state]).toEqual([200, 'granted']);
  return id;
}

async function holdsRecords(client: TestClient): Promise<string | undefined> {
  return (await client.exchange()).head.streams[key]?.hold;
}

const recorded = (kind: string) => town.audited.events.filter((event) => event.kind === kind);

describe('a permit', () => {
  it('[AC72, AC77] lets its person hold the stream outside from the moment it is granted', async () => {
    expect(await holdsRecords(teacher)).toBeUndefined();
    const id = await requested();
    expect(await holdsRecords(teacher)).toBeUndefined();
    await ask(principal, '/api/permits/decide', { id, granted: true, note: '気をつけて' });
    expect(await holdsRecords(teacher)).toBe('memory');
    const { head } = await teacher.exchange();
    // The midnight in Japan after the last day: a device that is offline then lets go by itself.
    expect(head.streams[key]?.until).toBe(Date.parse('2026-06-12T15:00:00Z'));
    expect(head.streams['register-s1-2026/register']?.until).toBeUndefined();
    expect(Object.keys(head.streams)).not.toContain(otherKey);
  });

  it('[AC72] is good for its person and its device alone', async () => {
    await granted();
    expect(await holdsRecords(await signInAt(town, 'homeroom1', HOME_ADDRESS, { device: 'another' }))).toBe(
      undefined,
    );
    expect(
      await holdsRecords(await signInAt(town, 'assistant1', HOME_ADDRESS, { device: 'homeroom1-device' })),
    ).toBeUndefined();
    const phished = await signInAt(town, 'homeroom1', HOME_ADDRESS, { factors: ['password'] });
    expect(await holdsRecords(phished)).toBeUndefined();
  });

  it('[AC78, AC79] ends by its date: the stream is lost, what is unsent arrives first, all is noted', async () => {
    const id = await granted();
    const device = new TestDevice(teacher);
    await device.sync();
    expect(device.heldOf(key).size).toBe(1);
    expect((await town.gateway.parts.permits.find(id))?.takenAt).toBe(NOW);
    expect(recorded('permitTaken')).toMatchObject([{ by: null, target: id, school: SCHOOL }]);

    const unsent = guardianEntry(room, pupilId(SCHOOL, 1, 2), 'homeroom1');
    device.write(room, unsent);
    town.clock.now += 3 * DAY_MS;
    teacher.cookie = (await signInAt(town, 'homeroom1', HOME_ADDRESS)).cookie;
    await device.sync();
    expect((await town.store.getEntries(room.db, [unsent._id]))[0]).not.toBeNull();
    expect(device.held.has(key)).toBe(false);
    expect(await town.gateway.parts.permits.find(id)).toMatchObject({
      state: 'expired',
      endedAt: town.clock.now,
      returnedAt: null,
    });
    expect(recorded('permitExpired')).toMatchObject([{ by: null, target: id }]);

    town.clock.now += 60_000;
    await device.sync();
    expect(await town.gateway.parts.permits.find(id)).toMatchObject({
      returnedAt: town.clock.now,
      returnedBy: 'device',
    });
    expect(recorded('permitReturned')).toMatchObject([{ by: null, target: id, code: 'byDevice' }]);
  });

  it('[AC79] is noted as returned when its device is seen in school after the end', async () => {
    const id = await granted();
    await teacher.exchange();
    town.clock.now += 3 * DAY_MS;
    const back = await signInAt(town, 'homeroom1', SCHOOL_ADDRESS);
    await back.exchange({ streams: { [key]: { count: 1, digest: '0'.repeat(32) } } });
    expect(await town.gateway.parts.permits.find(id)).toMatchObject({
      state: 'expired',
      returnedBy: 'device',
    });
  });

  it('[AC79] expires by itself, nobody having asked', async () => {
    const id = await granted();
    town.clock.now += 2 * DAY_MS;
    expect(await town.gateway.parts.permits.expireAll()).toBe(0);
    town.clock.now += DAY_MS;
    expect(await town.gateway.parts.permits.expireAll()).toBe(1);
    expect(await town.gateway.parts.permits.expireAll()).toBe(0);
    expect((await town.gateway.parts.permits.find(id))?.state).toBe('expired');
    expect(recorded('permitExpired')).toHaveLength(1);
  });

  it('[AC78] ends when it is revoked or returned', async () => {
    const first = await granted();
    expect(await holdsRecords(teacher)).toBe('memory');
    expect((await ask(principal, '/api/permits/revoke', { id: first }))[1].state).toBe('revoked');
    expect(await holdsRecords(teacher)).toBeUndefined();
    const second = await granted();
    expect(await holdsRecords(teacher)).toBe('memory');
    expect((await ask(teacher, '/api/permits/return', { id: second }))[1]).toMatchObject({
      state: 'returned',
      returnedBy: 'person',
    });
    expect(await holdsRecords(teacher)).toBeUndefined();
    expect((await ask(teacher, '/api/permits/return', { id: second }))[0]).toBe(409);
    expect((await ask(principal, '/api/permits/revoke', { id: second }))[0]).toBe(409);
    expect(recorded('permitRevoked')).toMatchObject([{ by: 'principal', target: first }]);
  });

  it('[AC73] for a managed disk lets it lie on a school’s device', async () => {
    const registered = await town.gateway.parts.devices.register('homeroom1-device', 'office', {
      label: '1年1組',
      ownership: 'school',
    });
    teacher.cookie = `${teacher.cookie}; amenimo-device=${registered?.secret}`;
    await granted({ storage: 'managedDisk' });
    expect(await holdsRecords(teacher)).toBe('disk');
  });

  it('[AC76] that was refused or withdrawn permits nothing', async () => {
    const refused = await requested();
    const [, permit] = await ask(principal, '/api/permits/decide', {
      id: refused,
      granted: false,
      note: '不要',
    });
    expect(permit).toMatchObject({ state: 'refused', decidedBy: 'principal', decisionNote: '不要' });
    const withdrawn = await requested();
    expect((await ask(teacher, '/api/permits/return', { id: withdrawn }))[1].state).toBe('withdrawn');
    expect((await ask(principal, '/api/permits/decide', { id: withdrawn, granted: true, note: '' }))[0]).toBe(
      409,
    );
    expect(await holdsRecords(teacher)).toBeUndefined();
  });
});

describe('asking for a permit', () => {
  it.each([
    [{ streams: [] }, [{ field: 'streams', code: 'none' }]],
    [{ reason: '  ' }, [{ field: 'reason', code: 'missing' }]],
    [{ reason: 'x'.repeat(401) }, [{ field: 'reason', code: 'tooLong' }]],
    [{ from: '2026-06-09' }, [{ field: 'from', code: 'past' }]],
    [{ from: 'soon' }, [{ field: 'from', code: 'noDate' }]],
    [{ lastDay: '2026-06-31' }, [{ field: 'lastDay', code: 'noDate' }]],
    [{ from: '2026-06-12', lastDay: '2026-06-11' }, [{ field: 'lastDay', code: 'beforeFrom' }]],
    [{ lastDay: '2026-06-15' }, [{ field: 'lastDay', code: 'tooManyDays' }]],
  ])('[AC76] names what is wrong beside its field: %j', async (changes, problems) => {
    expect(await ask(teacher, '/api/permits/request', { ...wanted, ...changes })).toEqual([
      400,
      { code: 'invalid', problems },
    ]);
  });

  it('[AC76] is for as many days as the policy allows, and no day more', async () => {
    expect(await requested({ lastDay: '2026-06-14' })).not.toBe('');
  });

  it.each([
    ['another homeroom', { streams: [otherKey] }],
    ['another school', { schoolCode: 'S2', streams: ['records-s2-2026/s2-h1'] }],
    ['a stream of another school than named', { schoolCode: 'S2' }],
    ['a homeroom that is not there', { streams: ['records-s1-2026/s1-h9'] }],
    ['a register', { streams: ['register-s1-2026/register'] }],
    ['official records', { streams: ['official1-s1/official'] }],
    ['nonsense', { streams: ['nonsense'] }],
  ])('[AC76] is denied for %s', async (_, changes) => {
    expect(await ask(teacher, '/api/permits/request', { ...wanted, ...changes })).toEqual([
      403,
      { code: 'denied' },
    ]);
    expect(await town.gateway.parts.permits.list()).toEqual([]);
  });

  it('[AC76] is denied to those who may not read it, and for a device that is not theirs', async () => {
    for (const login of ['subject', 'otherprincipal', 'board', 'system', 'nobody', 'homeroom2']) {
      const client = await signInAt(town, login, SCHOOL_ADDRESS);
      expect((await ask(client, '/api/permits/request', wanted))[0]).toBe(403);
    }
    expect(await ask(teacher, '/api/permits/request', { ...wanted, device: 'nurse-device' })).toEqual([
      400,
      { code: 'unknownDevice' },
    ]);
    expect((await ask(teacher, '/api/permits/request', { ...wanted, personId: 'nurse' }))[0]).toBe(400);
  });
});

describe('deciding of a permit', () => {
  it('[AC77] is the principal’s, and nobody else learns whether it is there', async () => {
    const id = await requested();
    for (const login of [
      'homeroom1',
      'office',
      'vice',
      'nurse',
      'otherprincipal',
      'board',
      'system',
      'nobody',
    ]) {
      const client = await signInAt(town, login, SCHOOL_ADDRESS);
      for (const each of [id, '0'.repeat(16)]) {
        expect(await ask(client, '/api/permits/decide', { id: each, granted: true, note: '' })).toEqual([
          403,
          { code: 'denied' },
        ]);
        expect((await ask(client, '/api/permits/revoke', { id: each }))[0]).toBe(403);
      }
    }
    expect((await town.gateway.parts.permits.find(id))?.state).toBe('requested');
  });

  it('[AC77] asks for a fresh proof', async () => {
    const id = await requested();
    town.clock.now += 600_000;
    const decision = { id, granted: true, note: '' };
    expect(await ask(principal, '/api/permits/decide', decision)).toEqual([403, { code: 'stepUpRequired' }]);
    const weak = await signInAt(town, 'principal', SCHOOL_ADDRESS, { factors: ['password'] });
    expect(await ask(weak, '/api/permits/decide', decision)).toEqual([403, { code: 'stepUpRequired' }]);
    const fresh = await signInAt(town, 'principal', SCHOOL_ADDRESS);
    expect((await ask(fresh, '/api/permits/decide', decision))[0]).toBe(200);
    town.clock.now += 600_000;
    expect((await ask(fresh, '/api/permits/revoke', { id }))[1].code).toBe('stepUpRequired');
  });

  it('[AC77] of a principal’s own is the board’s or another principal’s, never their own', async () => {
    const own = await requested({ device: 'principal-device' }, principal);
    const decision = { id: own, granted: true, note: '' };
    expect((await ask(principal, '/api/permits/decide', decision))[0]).toBe(403);
    for (const login of ['supervisor', 'system', 'otherprincipal', 'vice'])
      expect(
        (await ask(await signInAt(town, login, SCHOOL_ADDRESS), '/api/permits/decide', decision))[0],
      ).toBe(403);
    const board = await signInAt(town, 'board', SCHOOL_ADDRESS);
    expect((await ask(board, '/api/permits/decide', decision))[0]).toBe(200);
    const another = await requested({ device: 'principal-device' }, principal);
    const second = await signInAt(town, 'secondprincipal', SCHOOL_ADDRESS);
    expect((await ask(second, '/api/permits/decide', { ...decision, id: another }))[0]).toBe(200);
  });

  it('[AC79] is written into the audit with ids alone', async () => {
    const id = await granted();
    expect(recorded('permitRequested')).toEqual([
      {
        kind: 'permitRequested',
        by: 'homeroom1',
        device: 'homeroom1-device',
        school: SCHOOL,
        target: id,
        code: 'requested',
        count: 1,
      },
    ]);
    expect(recorded('permitGranted')).toMatchObject([{ by: 'principal', target: id }]);
    expect(JSON.stringify(town.audited.events)).not.toContain('家庭訪問');
  });
});

describe('the register of permits', () => {
  it('[AC77] is its principal’s and the board administrator’s to see, each school apart', async () => {
    await granted();
    const see = async (login: string) => {
      const [status, body] = await ask(await signInAt(town, login, SCHOOL_ADDRESS), '/api/permits/school');
      const schools = (body.schools ?? []) as { code: string; permits: { mayDecide: boolean }[] }[];
      return [
        status,
        schools.map(({ code, permits }) => `${code} ${permits.map((each) => each.mayDecide).join()}`),
      ];
    };
    expect(await see('principal')).toEqual([200, ['S1 true']]);
    expect(await see('otherprincipal')).toEqual([200, ['S2 ']]);
    expect(await see('board')).toEqual([200, ['S1 false', 'S2 ']]);
    for (const login of ['homeroom1', 'office', 'vice', 'system', 'supervisor', 'nobody'])
      expect(await see(login)).toEqual([403, []]);
  });

  it('[AC76] shows a person their own, what they can ask for, and nobody else’s', async () => {
    await granted();
    const [, mine] = await ask(teacher, '/api/permits');
    expect(mine).toMatchObject({
      permits: [{ personId: 'homeroom1', classes: ['1年1組'], decidedByName: 'principal' }],
      schools: [{ code: SCHOOL, classes: [{ stream: key, title: '1年1組' }] }],
      maxPermitDays: 5,
      today: '2026-06-10',
    });
    const [, others] = await ask(await signInAt(town, 'homeroom2', SCHOOL_ADDRESS), '/api/permits');
    expect(others).toMatchObject({ permits: [], schools: [{ classes: [{ stream: otherKey }] }] });
    expect((await ask(await signInAt(town, 'board', SCHOOL_ADDRESS), '/api/permits'))[1]).toMatchObject({
      schools: [],
    });
  });
});

describe('what a screen asks', () => {
  it('[AC66, AC71, AC72] says of each stream why it is not here', async () => {
    const because = async (client: TestClient) => {
      const [, body] = await ask(client, '/api/holdings');
      const streams = body.streams as { key: string; hold: string; because: string }[];
      const found = streams.find((each) => each.key === key);
      return found && `${found.hold} ${found.because}`;
    };
    expect(await because(teacher)).toBe('no outsideWithoutPermit');
    expect(await because(await signInAt(town, 'homeroom1', SCHOOL_ADDRESS))).toBe(
      'memory privateDeviceInMemory',
    );
    const weak = await signInAt(town, 'homeroom1', SCHOOL_ADDRESS, { factors: ['password'] });
    expect(await because(weak)).toBe('no secondFactorMissing');
    expect(await because(await signInAt(town, 'homeroom2', SCHOOL_ADDRESS))).toBeUndefined();
    expect(await because(await signInAt(town, 'board', SCHOOL_ADDRESS))).toBeUndefined();
  });
});
