import { beforeAll, describe, expect, it } from 'vitest';
import { roles, type Role } from '../../src/access/subject.ts';
import { recordsStream, registerStream, streamKey, type Stream } from '../../src/ledger/stream.ts';
import {
  guardianEntry,
  homeroomId,
  OTHER_SCHOOL,
  pupilId,
  SCHOOL,
  studentRecordEntry,
  YEAR,
} from '../../src/gateway/testing/small-town.ts';
import {
  HOME_ADDRESS,
  openSchoolNetwork,
  SCHOOL_ADDRESS,
  signInAt,
} from '../../src/gateway/testing/school-net.ts';
import { nameOf, type TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { grantFor } from './register-cases.ts';

const records = (school: string, homeroom: number): Stream =>
  recordsStream(school, YEAR, homeroomId(school, homeroom));
const rooms = {
  own: records(SCHOOL, 1),
  other: records(SCHOOL, 2),
  foreign: records(OTHER_SCHOOL, 1),
};
const registerKey = streamKey(registerStream(SCHOOL, YEAR));
const phones = { own: '090-1111-0001', other: '090-2222-0002', foreign: '090-3333-0003' };
const validities = ['valid', 'expired', 'future'] as const;
const loginOf = (role: Role, validity: string): string => `${role.toLowerCase()}-${validity}`;
const wholeSchool: readonly Role[] = ['schoolNurse', 'officeStaff', 'vicePrincipal', 'principal'];
const ofHomeroom: readonly Role[] = ['homeroomTeacher', 'assistantHomeroomTeacher'];

let town: TestGateway;
beforeAll(async () => {
  const people = Object.fromEntries(
    roles.flatMap((role) =>
      validities.map((validity) => [loginOf(role, validity), [grantFor(role, validity)]]),
    ),
  );
  town = await TestGateway.open({ people: { ...people, nobody: [] } });
  await openSchoolNetwork(town);
  const write = (stream: Stream, pupil: string, phone: string) =>
    town.writeAround(stream, [guardianEntry(stream, pupil, 'import', { phone })]);
  await write(rooms.own, pupilId(SCHOOL, 1, 3), phones.own);
  await write(rooms.other, pupilId(SCHOOL, 2, 3), phones.other);
  await write(rooms.foreign, pupilId(OTHER_SCHOOL, 1, 3), phones.foreign);
});

interface Seen {
  readonly streams: readonly string[];
  readonly text: string;
}

async function lookAround(client: TestClient): Promise<Seen> {
  const { head, blocks } = await client.exchange();
  return { streams: Object.keys(head.streams), text: JSON.stringify(blocks) };
}

describe.each(roles)('%s', (role) => {
  describe.each(validities)('with a grant that is %s', (validity) => {
    const login = loginOf(role, validity);
    const valid = validity === 'valid';
    const school = valid && wholeSchool.includes(role);
    const own = school || (valid && ofHomeroom.includes(role));

    it('[AC61, AC67, AC72] gets the 緊急連絡先 of the homerooms that are its own, in school', async () => {
      const client = await signInAt(town, login, SCHOOL_ADDRESS);
      const { streams, text } = await lookAround(client);
      expect(streams.includes(streamKey(rooms.own))).toBe(own);
      expect(streams.includes(streamKey(rooms.other))).toBe(school);
      expect(streams).not.toContain(streamKey(rooms.foreign));
      expect(text.includes(phones.own)).toBe(own);
      expect(text.includes(phones.other)).toBe(school);
      expect(text).not.toContain(phones.foreign);
    });

    it('[AC66, AC71] gets none of it without a second factor, and none of it is named', async () => {
      const client = await signInAt(town, login, SCHOOL_ADDRESS, { factors: ['password'] });
      const { streams, text } = await lookAround(client);
      expect(streams.filter((key) => key.startsWith('records-'))).toEqual([]);
      expect(text).not.toMatch(/090-/);
      const session = await (await client.send('GET', '/api/session')).text();
      expect(session).not.toContain('records-');
    });

    it('[AC72] gets none of it outside without a permit, and is told that what it names is lost', async () => {
      const client = await signInAt(town, login, HOME_ADDRESS);
      const named = Object.values(rooms).map(streamKey);
      const { head, blocks } = await client.exchange({
        streams: Object.fromEntries(named.map((key) => [key, { count: 1, digest: '0'.repeat(32) }])),
        compare: Object.fromEntries(named.map((key) => [key, { '2026-00': [] }])),
      });
      expect(Object.keys(head.streams).filter((key) => key.startsWith('records-'))).toEqual([]);
      expect([...head.lost].sort()).toEqual([...named].sort());
      expect(JSON.stringify(blocks)).not.toMatch(/090-/);
    });

    it('[AC61, AC62, AC10] writes where it may, and learns nothing elsewhere', async () => {
      const client = await signInAt(town, login, SCHOOL_ADDRESS);
      const push = async (stream: Stream, pupil: string, by = login) =>
        nameOf((await client.push(stream, guardianEntry(stream, pupil, by)))[0]);
      const couldOnce = (mine: readonly Role[]) => validity === 'expired' && mine.includes(role);
      const expected = (may: boolean, mine: readonly Role[]) =>
        may
          ? /^accepted$/
          : couldOnce(mine)
            ? /^refused:inTray$/
            : /^refused:(?:denied|notThisKind|notThisHomeroom)$/;
      expect(await push(rooms.own, pupilId(SCHOOL, 1, 1))).toMatch(
        expected(own, [...wholeSchool, ...ofHomeroom]),
      );
      expect(await push(rooms.other, pupilId(SCHOOL, 2, 1))).toMatch(expected(school, wholeSchool));
      expect(await push(rooms.foreign, pupilId(OTHER_SCHOOL, 1, 1))).toBe('refused:denied');
      expect(await push(rooms.own, pupilId(SCHOOL, 2, 2))).toMatch(/^refused:/);
      expect(await push(rooms.own, pupilId(SCHOOL, 1, 2), 'colleague')).toMatch(/^refused:/);
    });

    it('[AC66] keeps what it writes on the device until a second factor was shown', async () => {
      const client = await signInAt(town, login, SCHOOL_ADDRESS, { factors: ['password'] });
      const row = guardianEntry(rooms.own, pupilId(SCHOOL, 1, 2), login);
      const [verdict] = await client.push(rooms.own, row);
      const knows = own || (validity === 'expired' && [...wholeSchool, ...ofHomeroom].includes(role));
      expect(nameOf(verdict)).toBe(knows ? 'later:secondFactorMissing' : 'refused:denied');
      expect((await town.store.getEntries(rooms.own.db, [row._id]))[0]).toBeNull();
    });
  });
});

describe('records', () => {
  it('[AC66] hold up no row of a register that came with them', async () => {
    const login = loginOf('officeStaff', 'valid');
    const client = await signInAt(town, login, SCHOOL_ADDRESS, { factors: ['password'] });
    const { attendance } = await import('../../src/gateway/testing/small-town.ts');
    const mark = attendance({ by: login, marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    const waiting = guardianEntry(rooms.own, pupilId(SCHOOL, 1, 1), login);
    const { head } = await client.exchange({
      push: [
        { stream: streamKey(rooms.own), entry: waiting },
        { stream: registerKey, entry: mark },
        { stream: 'nonsense', entry: mark },
      ],
    });
    expect(head.verdicts.map(nameOf)).toEqual(['later:secondFactorMissing', 'accepted', 'refused:denied']);
    expect(head.verdicts.map(({ id }) => id)).toEqual([waiting._id, mark._id, mark._id]);
  });

  it('[AC60] are taken in no register, and attendance in no records', async () => {
    const login = loginOf('officeStaff', 'valid');
    const client = await signInAt(town, login, SCHOOL_ADDRESS);
    const register = registerStream(SCHOOL, YEAR);
    const smuggled = guardianEntry(register, pupilId(SCHOOL, 1, 1), login);
    expect(nameOf((await client.push(register, smuggled))[0])).toBe('refused:wrongStream');
    const official = studentRecordEntry(pupilId(SCHOOL, 1, 1), login);
    expect(nameOf((await client.push(rooms.own, official))[0])).toBe('refused:wrongStream');
  });

  it('[AC75] of importance Ⅰ come with no exchange', async () => {
    const client = await signInAt(town, loginOf('principal', 'valid'), SCHOOL_ADDRESS);
    const state = { count: 1, digest: '0'.repeat(32) };
    const { head } = await client.exchange({
      streams: { 'official1-s1/official': state },
      protection: 'passkey',
    });
    expect(head.lost).toEqual(['official1-s1/official']);
    expect(Object.keys(head.streams).filter((key) => key.startsWith('official'))).toEqual([]);
  });

  it('[AC73, AC74] are for memory alone where nothing guards the disk, and on no private disk', async () => {
    const login = loginOf('schoolNurse', 'valid');
    const client = await signInAt(town, login, SCHOOL_ADDRESS);
    for (const protection of ['passkey', 'managedDisk', 'password', 'memory'] as const) {
      const { head } = await client.exchange({ protection });
      expect(head.streams[streamKey(rooms.own)]?.hold).toBe('memory');
    }
    const school = await signInAt(town, login, SCHOOL_ADDRESS, { device: 'school-tablet' });
    const registered = await town.gateway.parts.devices.register('school-tablet', 'office', {
      label: '保健室',
      ownership: 'school',
    });
    if (!registered) throw new Error('not registered');
    school.cookie = `${school.cookie}; amenimo-device=${registered.secret}`;
    const holdUnder = async (protection: 'passkey' | 'password') =>
      (await school.exchange({ protection })).head.streams[streamKey(rooms.own)]?.hold;
    expect(await holdUnder('passkey')).toBe('disk');
    expect(await holdUnder('password')).toBe('memory');
  });

  it('[AC74] and the register too are kept from private devices where the board says so', async () => {
    const other = await TestGateway.open();
    const holds = async (privateDevices: 'refuse' | 'memoryOnly' | 'allow') => {
      await openSchoolNetwork(other, { privateDevices });
      other.clock.now += 10_000;
      const client = await signInAt(other, 'homeroom1', SCHOOL_ADDRESS);
      const { head } = await client.exchange();
      return Object.values(head.streams).map(({ hold }) => hold);
    };
    expect(await holds('refuse')).toEqual([]);
    expect(await holds('memoryOnly')).toEqual(['memory', 'memory']);
    expect(await holds('allow')).toEqual(['disk', 'memory']);
  });

  it('[AC68] are in school at a registered school device only where the policy says so', async () => {
    const other = await TestGateway.open();
    const registered = await other.gateway.parts.devices.register('tablet', 'office', {
      label: '1年1組',
      ownership: 'school',
    });
    if (!registered) throw new Error('not registered');
    const gets = async (device: string, secret: string) => {
      other.clock.now += 10_000;
      const client = await signInAt(other, 'homeroom1', HOME_ADDRESS, { device });
      client.cookie = `${client.cookie}; amenimo-device=${secret}`;
      return Object.keys((await client.exchange()).head.streams).some((key) => key.startsWith('records-'));
    };
    await openSchoolNetwork(other, { schoolDeviceIsInSchool: false });
    expect(await gets('tablet', registered.secret)).toBe(false);
    await openSchoolNetwork(other, { schoolDeviceIsInSchool: true });
    expect(await gets('tablet', registered.secret)).toBe(true);
    expect(await gets('tablet', 'A'.repeat(43))).toBe(false);
    expect(await gets('another', registered.secret)).toBe(false);
  });

  it('[AC70] and without the blanket permission the register stays in school', async () => {
    const other = await TestGateway.open();
    await openSchoolNetwork(other);
    const gets = async (address: string, login = 'homeroom1') =>
      Object.keys((await (await signInAt(other, login, address)).exchange()).head.streams);
    expect(await gets(HOME_ADDRESS)).toEqual(['register-s1-2026/register']);
    await other.gateway.parts.blankets.set(SCHOOL, false, 'principal');
    expect(await gets(HOME_ADDRESS)).toEqual([]);
    expect(await gets(SCHOOL_ADDRESS)).toContain('register-s1-2026/register');
    expect(await gets(HOME_ADDRESS, 'otherhomeroom1')).toEqual(['register-s2-2026/register']);
  });
});
