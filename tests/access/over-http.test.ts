import { beforeAll, describe, expect, it } from 'vitest';
import { roles, type Role } from '../../src/access/subject.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import { nameOf, type TestClient } from '../../src/gateway/testing/test-client.ts';
import {
  attendance,
  homeroomId,
  OTHER_SCHOOL,
  otherStream,
  pupilId,
  SCHOOL,
  stream,
} from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import {
  boardRoleList,
  grantFor,
  mayRead,
  mayWrite,
  targetStream,
  writeFor,
  writtenKinds,
  type Validity,
  type WriteTarget,
} from './register-cases.ts';
import { Tally } from './tally.ts';

const tally = new Tally('over-http');
const targets: readonly WriteTarget[] = [
  { school: 'own', homeroom: 'own' },
  { school: 'own', homeroom: 'other' },
  { school: 'foreign', homeroom: 'own' },
];
const validities: readonly Validity[] = ['valid', 'expired', 'future'];
const loginOf = (role: Role, validity: Validity): string => `${role.toLowerCase()}-${validity}`;
const isBoard = (role: Role): boolean => (boardRoleList as readonly Role[]).includes(role);

let town: TestGateway;
let ownMark: string;
let foreignMark: string;

beforeAll(async () => {
  const people = Object.fromEntries(
    roles.flatMap((role) =>
      validities.map((validity) => [loginOf(role, validity), [grantFor(role, validity)]]),
    ),
  );
  town = await TestGateway.open({ people: { ...people, nobody: [] } });
  const own = attendance({ by: 'import', marks: { [pupilId(SCHOOL, 1, 3)]: 'sick' } });
  const foreign = attendance({
    by: 'import',
    of: otherStream,
    marks: { [pupilId(OTHER_SCHOOL, 1, 3)]: 'sick' },
  });
  await town.writeAround(stream, [own]);
  await town.writeAround(otherStream, [foreign]);
  [ownMark, foreignMark] = [own._id, foreign._id];
});

describe.each(roles)('%s over HTTP', (role) => {
  describe.each(validities)('with a grant that is %s', (validity) => {
    let client: TestClient;
    beforeAll(async () => {
      client = await town.signIn(loginOf(role, validity));
    });

    it('[AC1, AC2, AC3] gets the own register whole or nothing of it, and never another', async () => {
      const session = (await (await client.send('GET', '/api/session')).json()) as {
        streams: { key: string }[];
        sealing: Record<string, unknown>;
      };
      const { head, blocks } = await client.exchange();
      const reads = mayRead(role, { school: 'own' }, validity);
      const expected = reads ? [streamKey(stream)] : [];
      expect(Object.keys(head.streams)).toEqual(expected);
      expect(session.streams.map(({ key }) => key)).toEqual(expected);
      expect(Object.keys(session.sealing)).toEqual(reads ? [SCHOOL] : []);

      const ids = new Set(blocks.flatMap(({ entries }) => entries.map((entry) => entry._id)));
      tally.judge(reads, ids.has(ownMark), () => `${validity} ${role} pulls the own register`);
      tally.judge(false, ids.has(foreignMark), () => `${validity} ${role} pulls another register`);
      expect(ids.has(ownMark)).toBe(reads);
      expect(ids.has(foreignMark)).toBe(false);
      const text = JSON.stringify(blocks);
      expect(text.includes(homeroomId(SCHOOL, 1))).toBe(reads);
      expect(text).not.toContain(homeroomId(OTHER_SCHOOL, 1));
    });

    it('[AC14] is told of a stream it may not read just what it is told of one that is not there', async () => {
      const state = { count: 1, digest: '0'.repeat(32) };
      const named = [
        streamKey(otherStream),
        'register-s9-2026/register',
        'accounts-test/register',
        'nonsense',
      ];
      const { head } = await client.exchange({
        streams: Object.fromEntries(named.map((key) => [key, state])),
        compare: Object.fromEntries(named.map((key) => [key, { '2026-06': [] }])),
      });
      expect([...head.lost].sort()).toEqual([...named].sort());
      for (const key of named) expect(head.streams).not.toHaveProperty([key]);

      const entry = writeFor('attendance', { school: 'foreign', homeroom: 'own' }, loginOf(role, validity));
      const push = named.map((key) => ({ stream: key, entry }));
      const verdicts = (await client.exchange({ push })).head.verdicts;
      expect(verdicts.map(nameOf)).toEqual(named.map(() => 'refused:denied'));
    });

    describe.each(targets)('in the $school school, $homeroom homeroom', (target) => {
      it.each(writtenKinds)('[AC4, AC5, AC6, AC7, SY38, SY51] writes %s or not', async (kind) => {
        const before = await town.store.countEntries(targetStream(target).db);
        const entry = writeFor(kind, target, loginOf(role, validity));
        const [verdict] = await client.push(targetStream(target), entry);
        const allowed = mayWrite(role, kind, target, validity);
        const stands = nameOf(verdict) === 'accepted';
        tally.judge(
          allowed,
          stands,
          () => `${validity} ${role} pushes ${kind} to the ${target.school} school`,
        );
        const couldOnce = validity === 'expired' && !isBoard(role) && mayWrite(role, kind, target, 'valid');
        if (allowed) expect(nameOf(verdict)).toBe('accepted');
        else if (couldOnce) expect(nameOf(verdict)).toBe('refused:inTray');
        else expect(nameOf(verdict)).toMatch(/^refused:(?:denied|notThisKind|notThisHomeroom)$/);
        const [stored] = await town.store.getEntries(targetStream(target).db, [entry._id]);
        expect(stored !== null).toBe(allowed);
        const after = await town.store.countEntries(targetStream(target).db);
        expect(after - before).toBe(allowed ? 1 : 0);
      });
    });

    it('[AC11] erases or not, and learns nothing by trying', async () => {
      const erase = async (key: string, id: string): Promise<string> => {
        const answer = await client.send('POST', '/api/erasure', {
          stream: key,
          id,
          why: '誤った児童の記録',
        });
        return `${answer.status} ${((await answer.json()) as { code?: string }).code ?? 'ok'}`;
      };
      const missing = `${ownMark.slice(0, -32)}${'0'.repeat(32)}`;
      const own = validity === 'valid' && (role === 'principal' || role === 'boardAdministrator');
      const erases = (await erase(streamKey(stream), missing)) !== '403 denied';
      tally.judge(own, erases, () => `${validity} ${role} erases`);
      expect(await erase(streamKey(stream), missing)).toBe(own ? '404 unknownEntry' : '403 denied');
      const foreign = validity === 'valid' && role === 'boardAdministrator';
      expect(await erase(streamKey(otherStream), missing)).toBe(foreign ? '404 unknownEntry' : '403 denied');
      if (!own) expect(await erase(streamKey(stream), ownMark)).toBe('403 denied');
      expect(await erase('accounts-test/register', missing)).toBe('403 denied');
    });

    it('[AC12] sees the board’s counts or not, and never a name in them', async () => {
      const answer = await client.send('GET', '/api/board/today');
      const sees = isBoard(role) && validity === 'valid';
      tally.judge(sees, answer.status === 200, () => `${validity} ${role} sees the board’s counts`);
      expect(answer.status).toBe(sees ? 200 : 403);
      const text = await answer.text();
      expect(text).not.toMatch(/雨野|児童|s1-h1/);
      if (sees) expect((JSON.parse(text) as { schools: unknown[] }).schools).toHaveLength(2);
    });
  });
});

describe('the same row by two people', () => {
  it('[AC10] is its author’s alone to hand in, and says nothing of itself to another school', async () => {
    const author = await town.signIn(loginOf('schoolNurse', 'valid'));
    const colleague = await town.signIn(loginOf('officeStaff', 'valid'));
    const stranger = await town.signIn('nobody');
    const row = attendance({
      by: loginOf('schoolNurse', 'valid'),
      marks: { [pupilId(SCHOOL, 2, 2)]: 'sick' },
    });
    expect((await colleague.push(stream, row)).map(nameOf)).toEqual(['refused:notTheAuthor']);
    expect((await author.push(stream, row)).map(nameOf)).toEqual(['accepted']);
    expect((await stranger.push(stream, row)).map(nameOf)).toEqual(['refused:denied']);
  });
});

describe('somebody who has not signed in', () => {
  const routes = [
    ['GET', '/api/session'],
    ['POST', '/api/exchange'],
    ['GET', '/api/events'],
    ['GET', '/api/board/today'],
    ['POST', '/api/erasure'],
  ] as const;

  it.each(routes)('[AC15, SY50] gets nothing by %s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined;
    const client = town.client();
    expect((await client.send(method, path, body)).status).toBe(401);
    client.cookie = `amenimo=${'A'.repeat(43)}`;
    expect((await client.send(method, path, body)).status).toBe(401);
  });

  it('[AC36] finds nothing that is no route', async () => {
    for (const path of [
      '/api',
      '/api/accounts',
      '/api/session/',
      '/api/__proto__',
      '/couch/register-s1-2026',
    ]) {
      const answer = await town.client().send('GET', path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('[AC35] is refused from another origin before anything is looked at', async () => {
    const client = await town.signIn(loginOf('principal', 'valid'));
    const tries: Record<string, string>[] = [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: 'http://school.test.evil.test' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://school.test' },
    ];
    for (const headers of tries) {
      expect((await client.send('POST', '/api/exchange', 'not even JSON', headers)).status).toBe(403);
      expect((await client.send('DELETE', '/api/session', undefined, headers)).status).toBe(403);
    }
    expect((await client.send('GET', '/api/session')).status).toBe(200);
  });
});
