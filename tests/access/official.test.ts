import { beforeEach, describe, expect, it } from 'vitest';
import {
  OTHER_SCHOOL,
  people,
  grantOf,
  pupilId,
  SCHOOL,
  studentRecordEntry,
  studentRecordOf,
} from '../../src/gateway/testing/small-town.ts';
import { openSchoolNetwork, SCHOOL_ADDRESS, signInAt } from '../../src/gateway/testing/school-net.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { officialStream } from '../../src/ledger/stream.ts';

const own = pupilId(SCHOOL, 1, 1);
const other = pupilId(SCHOOL, 2, 1);
const ADDRESS = '千葉県大網白里市 1-2-3';

let town: TestGateway;

beforeEach(async () => {
  town = await TestGateway.open({
    people: { ...people, affairs: [grantOf('academicAffairs', SCHOOL)] },
  });
  await town.writeAround(officialStream(SCHOOL, 'official1'), [
    studentRecordEntry(own, 'import', { address: ADDRESS }),
    studentRecordEntry(other, 'import', { address: ADDRESS }),
  ]);
});

type Answer = Record<string, unknown> & { code?: string; painted?: string[] };

async function look(
  client: TestClient,
  student: string,
  school = SCHOOL,
): Promise<[number, Answer, Response]> {
  const answer = await client.send('GET', `/api/official?school=${school}&student=${student}`);
  return [answer.status, (await answer.clone().json()) as Answer, answer];
}

const write = async (
  client: TestClient,
  painted: readonly string[],
  value: unknown = studentRecordOf('新住所'),
) => {
  const body = { school: SCHOOL, student: own, value, painted };
  const answer = await client.send('POST', '/api/official', body);
  return [answer.status, (await answer.json()) as Answer] as const;
};

const readings = () => town.audited.events.filter(({ kind }) => kind === 'readOfficial');

describe('指導要録 of one pupil', () => {
  it.each([
    ['principal', true, true],
    ['vice', true, true],
    ['office', true, true],
    ['affairs', true, true],
    ['homeroom1', true, false],
    ['homeroom2', false, true],
    ['assistant1', false, false],
    ['subject', false, false],
    ['nurse', false, false],
    ['board', false, false],
    ['system', false, false],
    ['supervisor', false, false],
    ['otherprincipal', false, false],
    ['otherhomeroom1', false, false],
    ['nobody', false, false],
  ])('[AC63] is shown to %s or not, and every look is audited', async (login, seesOwn, seesOther) => {
    const client = await signInAt(town, login, SCHOOL_ADDRESS);
    for (const [student, sees] of [
      [own, seesOwn],
      [other, seesOther],
    ] as const) {
      const before = readings().length;
      const [status, body, answer] = await look(client, student);
      expect(status).toBe(sees ? 200 : 403);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(JSON.stringify(body).includes(ADDRESS)).toBe(sees);
      expect(readings().slice(before)).toEqual(
        sees ? [expect.objectContaining({ by: login, school: SCHOOL, target: student })] : [],
      );
    }
  });

  it('[AC66] is shown after a second factor alone', async () => {
    const weak = await signInAt(town, 'principal', SCHOOL_ADDRESS, { factors: ['password'] });
    expect((await look(weak, own)).slice(0, 2)).toEqual([403, { code: 'secondFactorMissing' }]);
    expect((await write(weak, [])).slice(0, 2)).toEqual([403, { code: 'secondFactorMissing' }]);
    expect(readings()).toEqual([]);
  });

  it('[AC14] says nothing of whether a school or a pupil is there', async () => {
    const client = await signInAt(town, 'homeroom1', SCHOOL_ADDRESS);
    for (const [student, school] of [
      ['s1-h9-p9', SCHOOL],
      [pupilId(OTHER_SCHOOL, 1, 1), OTHER_SCHOOL],
      [own, 'S9'],
    ] as const)
      expect((await look(client, student, school)).slice(0, 2)).toEqual([403, { code: 'denied' }]);
    const weakStranger = await signInAt(town, 'nurse', SCHOOL_ADDRESS, { factors: ['password'] });
    expect((await look(weakStranger, own))[1]).toEqual({ code: 'denied' });
    expect((await look(client, '../secret'))[0]).toBe(400);
  });

  it('[AC74] is not shown on a private device where the board refuses those', async () => {
    await openSchoolNetwork(town, { privateDevices: 'refuse' });
    const client = await signInAt(town, 'principal', SCHOOL_ADDRESS);
    expect((await look(client, own)).slice(0, 2)).toEqual([403, { code: 'privateDeviceRefused' }]);
  });

  it('[AC64] is written over exactly what stands there, by office, vice principal and principal', async () => {
    const office = await signInAt(town, 'office', SCHOOL_ADDRESS);
    const [, seen] = await look(office, own);
    expect(seen).toMatchObject({ canWrite: true, record: { address: ADDRESS } });
    expect(await write(office, [])).toEqual([409, { code: 'stale' }]);
    const [status, written] = await write(office, seen.painted ?? []);
    expect([status, written]).toMatchObject([
      200,
      { record: { address: '新住所' }, writtenByName: 'office' },
    ]);
    expect(await write(office, seen.painted ?? [])).toEqual([409, { code: 'stale' }]);
    expect(written.painted).toHaveLength(1);
    for (const login of ['homeroom1', 'affairs', 'nurse', 'subject', 'board', 'otherprincipal']) {
      const client = await signInAt(town, login, SCHOOL_ADDRESS);
      expect((await write(client, written.painted ?? []))[0]).toBe(403);
    }
    expect((await look(office, own))[1]).toMatchObject({ record: { address: '新住所' } });
    const entries = await town.store.countEntries('official1-s1');
    expect(entries).toBe(3);
  });

  it('[AC64] names the fields that are wrong, and keeps nothing of it', async () => {
    const office = await signInAt(town, 'office', SCHOOL_ADDRESS);
    const value = { ...(studentRecordOf('x') as object), birthDate: '2019-02-30', officialFamilyName: '' };
    expect(await write(office, [], value)).toEqual([
      400,
      { code: 'invalid', fields: ['officialFamilyName', 'birthDate'] },
    ]);
    expect(await town.store.countEntries('official1-s1')).toBe(2);
  });

  it('[AC63] is not there for somebody who has not signed in', async () => {
    expect((await town.client().send('GET', `/api/official?school=${SCHOOL}&student=${own}`)).status).toBe(
      401,
    );
    expect((await town.client().send('POST', '/api/official', {})).status).toBe(401);
  });
});
