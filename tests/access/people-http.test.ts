import { beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../src/access/subject.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { readRoster } from '../../src/ledger/register-view.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import { nameOf, type TestClient } from '../../src/gateway/testing/test-client.ts';
import {
  attendance,
  grantOf,
  homeroomId,
  OTHER_SCHOOL,
  otherStream,
  people,
  pupilId,
  SCHOOL,
  stream,
  TODAY,
  YEAR,
  YEAR_END,
} from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { signInStrongly } from './strong-session.ts';

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

type Json = Record<string, unknown>;
async function ask(
  client: TestClient,
  method: string,
  path: string,
  body?: unknown,
): Promise<[number, Json]> {
  const answer = await client.send(method, path, body);
  return [answer.status, (await answer.json()) as Json];
}
const grantsOf = async (personId: string): Promise<readonly Grant[]> =>
  (await town.gateway.parts.accounts.findByPerson(personId))?.grants ?? [];
const staffOf = async (of = stream) => {
  const entries = [];
  for await (const batch of town.store.readEntries(of.db)) entries.push(...batch);
  return readRoster(foldEntries(entries), YEAR).staff;
};
const homeroom = (number: number): Grant =>
  grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, number) });

describe('the list of people', () => {
  it('[AC40, AC42] is the own school’s, with no password and no grant from elsewhere', async () => {
    await town.addPerson('both', [grantOf('schoolNurse', SCHOOL), grantOf('schoolNurse', OTHER_SCHOOL)]);
    const [status, body] = await ask(await town.signIn('principal'), 'GET', '/api/people');
    expect(status).toBe(200);
    const listed = body.people as { personId: string; grants: Grant[]; hasOtherGrants: boolean }[];
    expect(listed.map(({ personId }) => personId)).toEqual([
      'assistant1',
      'both',
      'homeroom1',
      'homeroom2',
      'nurse',
      'office',
      'principal',
      'subject',
      'vice',
    ]);
    expect(listed.flatMap(({ grants }) => grants.map(({ schoolCode }) => schoolCode))).not.toContain(
      OTHER_SCHOOL,
    );
    expect(listed.find(({ personId }) => personId === 'both')?.hasOtherGrants).toBe(true);
    expect(JSON.stringify(body)).not.toMatch(/argon2|passwordHash/);
  });

  it('[AC40] is searched and filtered, and everybody’s for the board', async () => {
    const board = await town.signIn('board');
    const names = async (query: string): Promise<string[]> => {
      const [, body] = await ask(board, 'GET', `/api/people${query}`);
      return (body.people as { personId: string }[]).map(({ personId }) => personId);
    };
    expect(await names('')).toHaveLength(Object.keys(people).length);
    expect(await names('?search=ＨＯＭＥroom&school=S1')).toEqual(['homeroom1', 'homeroom2']);
    expect(await names('?role=principal')).toEqual(['otherprincipal', 'principal']);
    expect(await names('?valid=none')).toEqual(['nobody']);
    expect(await names('?page=1')).toEqual([]);
    expect((await ask(board, 'GET', '/api/people?role=king'))[0]).toBe(400);
  });

  it('[AC14, AC40] says of somebody out of sight what it says of nobody', async () => {
    const principal = await town.signIn('principal');
    for (const path of ['/api/people/person', '/api/people/access']) {
      const unknown = await ask(principal, 'GET', `${path}?person=no-such`);
      expect(unknown).toEqual([403, { code: 'denied' }]);
      expect(await ask(principal, 'GET', `${path}?person=otherprincipal`)).toEqual(unknown);
    }
    const strong = await signInStrongly(town, 'principal');
    for (const action of ['lock', 'unlock', 'password', 'grants']) {
      const change = (person: string) =>
        ask(strong, 'POST', `/api/people/${action}`, {
          person,
          ...(action === 'grants' ? { grants: [grantOf('schoolNurse', OTHER_SCHOOL)] } : {}),
        });
      const [unknown, foreign] = [await change('no-such'), await change('otherprincipal')];
      expect([action, unknown]).toEqual([action, [403, { code: 'denied' }]]);
      expect([action, foreign]).toEqual([action, unknown]);
    }
    const nothing = (person: string) => ask(strong, 'POST', '/api/people/grants', { person, grants: [] });
    expect(await nothing('otherprincipal')).toEqual([403, { code: 'denied' }]);
    expect(await nothing('no-such')).toEqual([403, { code: 'denied' }]);
  });
});

describe('a change of people', () => {
  const changes: readonly [string, Json][] = [
    ['/api/people', { login: 'new', familyName: '雨野', givenName: '新', grants: [homeroom(1)] }],
    ['/api/people/grants', { person: 'subject', grants: [homeroom(1)] }],
    ['/api/people/lock', { person: 'subject' }],
    ['/api/people/unlock', { person: 'subject' }],
    ['/api/people/password', { person: 'subject' }],
    ['/api/people/factors/reset', { person: 'subject' }],
    ['/api/people/year-end', { people: [{ person: 'subject', grants: [] }] }],
  ];

  it.each(changes)('[AC45] asks for a fresh proof: %s', async (path, body) => {
    expect(await ask(await town.signIn('principal'), 'POST', path, body)).toEqual([
      403,
      { code: 'stepUpRequired' },
    ]);
    const strong = await signInStrongly(town, 'principal');
    town.clock.now += 300_000;
    expect(await ask(strong, 'POST', path, body)).toEqual([403, { code: 'stepUpRequired' }]);
    town.clock.now -= 1;
    expect((await ask(strong, 'POST', path, body))[0]).toBeLessThan(300);
    expect(town.audited.events.some(({ by }) => by === 'principal')).toBe(true);
  });

  it('[AC45] makes an account whose first password is shown once and works', async () => {
    const principal = await signInStrongly(town, 'principal');
    const [status, body] = await ask(principal, 'POST', '/api/people', {
      login: 'Amada',
      familyName: '雨田',
      givenName: '花',
      grants: [homeroom(2)],
    });
    expect(status).toBe(201);
    const { personId } = body.person as { personId: string };
    expect((await town.client().signIn('amada', body.password as string)).status).toBe(200);
    expect(JSON.stringify(town.audited.events)).not.toContain(body.password);
    expect(town.audited.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['accountCreated', 'grantsChanged']),
    );
    const [, list] = await ask(principal, 'GET', '/api/people');
    expect(JSON.stringify(list)).not.toContain(body.password);
    expect((await staffOf()).get(personId)).toMatchObject({
      familyName: '雨田',
      givenName: '花',
      duties: [{ role: 'homeroomTeacher', homeroomId: homeroomId(SCHOOL, 2) }],
    });
    const again = { login: 'AMADA', familyName: '雨田', givenName: '花', grants: [homeroom(2)] };
    expect(await ask(principal, 'POST', '/api/people', again)).toEqual([409, { code: 'loginTaken' }]);
  });

  it('[AC41] is refused where the right is not the administrator’s to give', async () => {
    const vice = await signInStrongly(town, 'vice');
    const give = (person: string, grants: Grant[]) =>
      ask(vice, 'POST', '/api/people/grants', { person, grants });
    const beyond = [403, { code: 'denied', because: 'beyondOwnRights' }];
    expect(await give('subject', [grantOf('principal', SCHOOL)])).toEqual(beyond);
    expect(await give('subject', [grantOf('boardAdministrator', null)])).toEqual([403, { code: 'denied' }]);
    expect(await give('principal', [])).toEqual(beyond);
    expect(await give('vice', [grantOf('vicePrincipal', SCHOOL), homeroom(1)])).toEqual([
      403,
      { code: 'denied', because: 'ownAccount' },
    ]);
    expect(await grantsOf('subject')).toEqual(people.subject);
    expect(await grantsOf('principal')).toEqual(people.principal);
  });

  it('[AC42] leaves grants elsewhere and ended ones alone', async () => {
    const elsewhere = grantOf('schoolNurse', OTHER_SCHOOL);
    const ended = { ...homeroom(1), from: calendarDate('2025-04-01'), until: calendarDate('2026-04-01') };
    await town.addPerson('both', [ended, elsewhere, homeroom(1)]);
    const principal = await signInStrongly(town, 'principal');
    const [status] = await ask(principal, 'POST', '/api/people/grants', {
      person: 'both',
      grants: [homeroom(2)],
    });
    expect(status).toBe(200);
    const after = await grantsOf('both');
    expect(after).toHaveLength(4);
    expect(after).toEqual(
      expect.arrayContaining([
        elsewhere,
        ended,
        { ...homeroom(1), until: TODAY, revoked: true },
        homeroom(2),
      ]),
    );
  });

  it('[AC42, AC46] keeps what was given and taken on one day, so that its rows go to the tray', async () => {
    const principal = await signInStrongly(town, 'principal');
    const give = (grants: Grant[]) =>
      ask(principal, 'POST', '/api/people/grants', { person: 'subject', grants });
    const [substitute, own] = [{ ...homeroom(1), from: TODAY }, people.subject ?? []];
    await give([...own, substitute]);
    const mark = attendance({ by: 'subject', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    const subject = await town.signIn('subject');
    await give([...own]);
    expect(await grantsOf('subject')).toContainEqual({ ...substitute, until: TODAY, revoked: true });
    expect((await subject.push(stream, mark)).map(nameOf)).toEqual(['refused:inTray']);
  });

  it('[AC42] says which grant is wrong, and where', async () => {
    const board = await signInStrongly(town, 'board');
    const fieldOf = async (grant: Json): Promise<unknown> => {
      const body = { person: 'subject', grants: [...(people.subject ?? []), grant] };
      const [status, answer] = await ask(board, 'POST', '/api/people/grants', body);
      return [status, answer.at, answer.field];
    };
    const span = { from: TODAY, until: YEAR_END };
    expect(await fieldOf({ ...homeroom(9) })).toEqual([400, 1, 'homeroomId']);
    expect(await fieldOf({ role: 'homeroomTeacher', schoolCode: SCHOOL, ...span })).toEqual([
      400,
      1,
      'homeroomId',
    ]);
    expect(await fieldOf({ role: 'gradeLevelLead', schoolCode: SCHOOL, ...span })).toEqual([
      400,
      1,
      'gradeLevel',
    ]);
    expect(await fieldOf({ role: 'schoolNurse', schoolCode: 'S9', ...span })).toEqual([400, 1, 'school']);
    expect(await fieldOf({ ...homeroom(1), from: TODAY, until: TODAY })).toEqual([400, 1, 'until']);
    expect(await fieldOf({ ...homeroom(1), inPlaceOf: 'subject' })).toEqual([400, 1, 'inPlaceOf']);
    expect(await fieldOf({ ...homeroom(1), inPlaceOf: 'otherhomeroom1' })).toEqual([400, 1, 'inPlaceOf']);
    expect(await fieldOf({ ...homeroom(1), inPlaceOf: 'homeroom1' })).toEqual([200, undefined, undefined]);
  });

  it('[AC44] never takes the last administrator from the board, not even by two at once', async () => {
    const system = await signInStrongly(town, 'system');
    expect(await ask(system, 'POST', '/api/people/lock', { person: 'board' })).toEqual([
      409,
      { code: 'lastBoardAdministrator' },
    ]);
    await town.addPerson('board2', [grantOf('boardAdministrator', null)]);
    const [first, second] = [await signInStrongly(town, 'board'), await signInStrongly(town, 'board2')];
    const outcomes = await Promise.all([
      ask(first, 'POST', '/api/people/grants', { person: 'board2', grants: [] }),
      ask(second, 'POST', '/api/people/grants', { person: 'board', grants: [] }),
    ]);
    expect(outcomes.filter(([status]) => status === 200)).toHaveLength(1);
    expect((await ask(system, 'POST', '/api/people/lock', { person: 'subject' }))[0]).toBe(200);
  });
});

describe('a right that is taken away', () => {
  async function readAll(answer: Response): Promise<string> {
    let text = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
    }
    return text;
  }

  it('[AC46] is gone at the next exchange, and the open event stream ends', async () => {
    const nurse = await town.signIn('nurse');
    const events = await nurse.send('GET', '/api/events');
    expect((await nurse.exchange()).head.streams).toHaveProperty([streamKey(stream)]);
    const principal = await signInStrongly(town, 'principal');
    await ask(principal, 'POST', '/api/people/grants', { person: 'nurse', grants: [] });
    expect(await readAll(events)).toContain('retry');
    const { head } = await nurse.exchange({
      streams: { [streamKey(stream)]: { count: 1, digest: '0'.repeat(32) } },
    });
    expect(head.lost).toEqual([streamKey(stream)]);
    expect(head.streams).toEqual({});
  });

  it('[AC46] ends every session of an account that is locked, until it is unlocked', async () => {
    const nurse = await town.signIn('nurse');
    const events = await nurse.send('GET', '/api/events');
    const principal = await signInStrongly(town, 'principal');
    await ask(principal, 'POST', '/api/people/lock', { person: 'nurse' });
    await readAll(events);
    expect((await nurse.send('POST', '/api/exchange', nurse.requestOf())).status).toBe(401);
    await expect(town.signIn('nurse')).rejects.toThrow('401');
    await ask(principal, 'POST', '/api/people/unlock', { person: 'nurse' });
    expect((await nurse.send('GET', '/api/session')).status).toBe(401);
    await town.signIn('nurse');
  });

  it('[AC43, AC46] takes lost factors away and ends every session, by who could give the account', async () => {
    const nurse = await town.signIn('nurse');
    const reset = async (by: string): Promise<number> => {
      const client = await signInStrongly(town, by);
      return (await ask(client, 'POST', '/api/people/factors/reset', { person: 'nurse' }))[0];
    };
    for (const by of ['system', 'otherprincipal', 'office']) expect([by, await reset(by)]).toEqual([by, 403]);
    expect((await nurse.send('GET', '/api/session')).status).toBe(200);
    expect(await reset('principal')).toBe(200);
    expect((await nurse.send('GET', '/api/session')).status).toBe(401);
    expect(town.audited.events.at(-1)).toMatchObject({
      kind: 'factorRemoved',
      by: 'principal',
      target: 'nurse',
    });
  });

  it('[AC45, AC46] ends every session with a new password, and the old one opens nothing', async () => {
    const nurse = await town.signIn('nurse');
    const principal = await signInStrongly(town, 'principal');
    const [, body] = await ask(principal, 'POST', '/api/people/password', { person: 'nurse' });
    expect((await nurse.send('GET', '/api/session')).status).toBe(401);
    await expect(town.signIn('nurse')).rejects.toThrow('401');
    expect((await town.client().signIn('nurse', body.password as string)).status).toBe(200);
  });
});

describe('what colleagues see', () => {
  it('[AC47] follows the grants, keeps the name of who has left, and is written once', async () => {
    const principal = await signInStrongly(town, 'principal');
    const give = (grants: Grant[]) =>
      ask(principal, 'POST', '/api/people/grants', { person: 'nurse', grants });
    await give([grantOf('schoolNurse', SCHOOL), homeroom(1)]);
    expect((await staffOf()).get('nurse')?.duties).toEqual([
      { role: 'schoolNurse' },
      { role: 'homeroomTeacher', homeroomId: homeroomId(SCHOOL, 1) },
    ]);
    const count = await town.store.countEntries(stream.db);
    await give([grantOf('schoolNurse', SCHOOL), homeroom(1)]);
    expect(await town.store.countEntries(stream.db)).toBe(count);
    await give([]);
    expect((await staffOf()).get('nurse')).toMatchObject({ familyName: 'nurse', duties: [] });
    expect(await staffOf(otherStream)).toEqual(new Map());
  });

  it('[AC47] reaches devices as any other entry, stamped in its place', async () => {
    const nurse = await town.signIn('nurse');
    const pokes: number[] = [];
    town.gateway.parts.pokes.subscribe([streamKey(stream)], ({ count }) => pokes.push(count));
    const principal = await signInStrongly(town, 'principal');
    await ask(principal, 'POST', '/api/people/grants', { person: 'subject', grants: [homeroom(2)] });
    const staff = (await nurse.pull(stream)).filter((entry) => entry.kind === 'staff');
    expect(staff).toHaveLength(1);
    expect(pokes).toEqual([await town.store.countEntries(stream.db)]);
    const numbers = (await nurse.pull(stream)).map((entry) => entry.received?.n);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('the turn of the year', () => {
  const next = { from: YEAR_END, until: calendarDate('2028-04-01') };

  it('[AC49] is prepared ahead: this year’s duty ends with it, the next one begins on 1 April', async () => {
    const principal = await signInStrongly(town, 'principal');
    const wanted = [{ ...homeroom(2), ...next }];
    const [, body] = await ask(principal, 'POST', '/api/people/year-end', {
      people: [
        { person: 'homeroom1', grants: wanted },
        { person: 'nurse', grants: [{ ...grantOf('schoolNurse', SCHOOL), from: TODAY }] },
        { person: 'otherhomeroom1', grants: [] },
      ],
    });
    expect(body.results).toEqual([
      { person: 'homeroom1', code: 'done', count: 1 },
      { person: 'nurse', code: 'badGrant', at: 0, field: 'from' },
      { person: 'otherhomeroom1', code: 'denied' },
    ]);
    expect(await grantsOf('homeroom1')).toEqual([homeroom(1), ...wanted]);
    town.clock.now = Date.parse('2027-04-01T00:00:00Z');
    const session = await ask(await town.signIn('homeroom1'), 'GET', '/api/me/access');
    const rights = session[1].explanations as { right: string; homeroomId?: string }[];
    expect(rights.find(({ right }) => right === 'writeAttendance')?.homeroomId).toBe(homeroomId(SCHOOL, 2));
  });

  it('[AC49] shows who has nothing from 1 April on', async () => {
    const longer = { ...grantOf('schoolNurse', SCHOOL), until: next.until };
    await town.addPerson('longer', [longer]);
    const principal = await signInStrongly(town, 'principal');
    const [, body] = await ask(principal, 'GET', '/api/people/year-end');
    expect(body.from).toBe(YEAR_END);
    const rows = body.people as { personId: string; hasNothing: boolean; next: Grant[] }[];
    expect(rows.filter(({ hasNothing }) => !hasNothing).map(({ personId }) => personId)).toEqual(['longer']);
    expect(rows).toHaveLength(9);
    await ask(principal, 'POST', '/api/people/year-end', { people: [{ person: 'longer', grants: [] }] });
    expect(await grantsOf('longer')).toEqual([grantOf('schoolNurse', SCHOOL)]);
  });

  it('[AC49] ends nothing that the administrator could not give', async () => {
    const longer = { ...grantOf('principal', SCHOOL), until: next.until };
    await town.addPerson('head', [longer]);
    const vice = await signInStrongly(town, 'vice');
    const people = [{ person: 'head', grants: [] }];
    const [, body] = await ask(vice, 'POST', '/api/people/year-end', { people });
    expect(body.results).toEqual([{ person: 'head', code: 'done', count: 0 }]);
    expect(await grantsOf('head')).toEqual([longer]);
  });
});
