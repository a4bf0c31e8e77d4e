import { beforeAll, describe, expect, it } from 'vitest';
import { boardRoles, roles, type Role } from '../../src/access/subject.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { officialStream, recordsStream, registerStream, streamKey } from '../../src/ledger/stream.ts';
import { routeNames } from '../../src/gateway/http/router.ts';
import { nameOf, type TestClient } from '../../src/gateway/testing/test-client.ts';
import {
  attendance,
  entryOf,
  grantOf,
  guardianEntry,
  homeroomId,
  pupilId,
  SCHOOL,
  studentRecordEntry,
  TODAY,
  YEAR,
  YEAR_END,
} from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { schools, validities } from './generated-subjects.ts';
import { grantFor, type Validity } from './register-cases.ts';
import { reachByHand, type HandReach } from './rights-by-hand.ts';
import { expectations, type Asked, type Expectation } from './route-expectations.ts';
import { signInStrongly } from './strong-session.ts';
import { Tally } from './tally.ts';

const tally = new Tally('http-table');
const loginOf = (role: Role, validity: Validity): string => `${role.toLowerCase()}-${validity}`;
const lastYear = registerStream(SCHOOL, YEAR - 1);
const lastJune = calendarDate(`${YEAR - 1}-06-10`);
const judged = routeNames().filter((name) => expectations[name]?.for !== 'public');

let town: TestGateway;
const permits: Record<string, string> = {};
let serial = 0;

beforeAll(async () => {
  const people = Object.fromEntries(
    roles.flatMap((role) =>
      validities.map((validity) => [loginOf(role, validity), [grantFor(role, validity)]]),
    ),
  );
  const targets = Object.fromEntries(
    schools.map((school) => [
      `target-${school.toLowerCase()}`,
      [grantOf('homeroomTeacher', school, { homeroomId: homeroomId(school, 1) })],
    ]),
  );
  // Somebody else is always left to look after the board.
  const keeper = { keeper: [grantOf('boardAdministrator', null)] };
  town = await TestGateway.open({ people: { ...people, ...targets, ...keeper } });
  await town.writeAround(lastYear, lastYearsEntries());
  for (const school of schools) {
    const [room, pupil] = [homeroomId(school, 1), pupilId(school, 1, 1)];
    const records = recordsStream(school, YEAR, room);
    await town.writeAround(records, [guardianEntry(records, pupil, 'import')]);
    await town.writeAround(officialStream(school, 'official1'), [
      studentRecordEntry(pupil, 'import', { school }),
    ]);
    const target = `target-${school.toLowerCase()}`;
    const client = await town.signIn(target, `tablet-${school.toLowerCase()}`);
    await client.exchange();
    const permit = await town.gateway.parts.permits.request({
      personId: target,
      schoolCode: school,
      streams: [streamKey(records)],
      reason: '所見を書く',
      from: TODAY,
      until: YEAR_END,
      device: client.device,
      storage: 'memory',
    });
    permits[school] = permit.id;
  }
});

async function ask(name: string, expectation: Expectation, asked: Asked): Promise<boolean> {
  const [method = '', path = ''] = name.split(' ');
  const body = 'ask' in expectation ? expectation.ask?.(asked) : undefined;
  const query = 'query' in expectation ? expectation.query?.(asked) : undefined;
  const address = query ? `${path}?${new URLSearchParams(query)}` : path;
  const { cookie } = asked.client;
  const answer = await asked.client.send(method, address, method === 'GET' ? undefined : (body ?? {}));
  // A device that is registered gets a cookie of its own; the session goes on with its own.
  asked.client.cookie = cookie;
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    await answer.body?.cancel();
    return true;
  }
  expect([name, answer.status]).not.toEqual([name, 500]);
  if (answer.status === 401) return false;
  if (answer.status !== 403) {
    await answer.body?.cancel();
    return true;
  }
  return ((await answer.json()) as { code?: string }).code !== 'denied';
}

function reachOf(expectation: Expectation, role: Role): HandReach {
  if (!('at' in expectation)) return '-';
  return typeof expectation.for === 'string'
    ? reachByHand(expectation.for, role)
    : (expectation.for[role] ?? '-');
}

/** A homeroom teacher's own homeroom is the one that is asked about. */
function mayAsk(expectation: Expectation, role: Role, validity: Validity, school: string): boolean {
  if (expectation.for === 'self') return true;
  if (validity !== 'valid' || !('at' in expectation)) return false;
  const reach = reachOf(expectation, role);
  if (reach === '-') return false;
  return expectation.at === 'any' || reach === 'E' || school === SCHOOL;
}

/** A pupil of last year's first homeroom, as the register of that year has it. */
function lastYearsEntries() {
  const on = calendarDate(`${YEAR - 1}-04-01`);
  const pupil = pupilId(SCHOOL, 1, 1);
  const standing = { by: 'import', device: 'import', on } as const;
  return [
    entryOf(lastYear, {
      ...standing,
      kind: 'homeroom',
      cells: [
        {
          key: `homeroom/${homeroomId(SCHOOL, 1)}`,
          value: { title: '1年1組', gradeLevels: ['P1'], specialNeeds: false },
          over: [],
        },
      ],
    }),
    entryOf(lastYear, {
      ...standing,
      kind: 'enrollment',
      cells: [
        {
          key: `classEnrollment/${pupil}-e`,
          value: {
            student: pupil,
            homeroom: homeroomId(SCHOOL, 1),
            rosterNumber: 1,
            from: on,
            until: `${YEAR}-04-01`,
            beganBy: 'yearStart',
            endedBy: null,
          },
          over: [],
        },
      ],
    }),
    attendance({ by: 'import', of: lastYear, on: lastJune, marks: { [pupil]: 'sick' } }),
  ];
}

describe('the routes', () => {
  it('[AC15, AC36] are all expected of somebody, and nothing is expected of a route that is not there', () => {
    expect(Object.keys(expectations).sort()).toEqual([...routeNames()].sort());
  });

  it('[AC15] answer nobody who has not signed in', async () => {
    for (const name of judged) {
      const expectation = expectations[name];
      if (!expectation) continue;
      for (const school of schools) {
        const asked = { school, client: town.client(), serial: ++serial, permitId: permits[school] ?? '' };
        tally.judge(false, await ask(name, expectation, asked), () => `${name} signed out`);
      }
    }
    tally.expectNothingWrong();
  });
});

describe.each(roles)('a %s', (role) => {
  let clients: ReadonlyMap<Validity, TestClient>;
  beforeAll(async () => {
    clients = new Map(
      await Promise.all(
        validities.map(
          async (validity) => [validity, await signInStrongly(town, loginOf(role, validity))] as const,
        ),
      ),
    );
  });

  it('[AC3, AC14, AC15, AC40, AC41, AC43] is answered by each route or denied by it', async () => {
    for (const name of judged) {
      const expectation = expectations[name];
      if (!expectation) continue;
      for (const [validity, client] of clients) {
        for (const school of schools) {
          const asked = { school, client, serial: ++serial, permitId: permits[school] ?? '' };
          const allowed = await ask(name, expectation, asked);
          const expected = mayAsk(expectation, role, validity, school);
          tally.judge(expected, allowed, () => `${name} by ${validity} ${role} about ${school}`);
        }
      }
    }
    tally.expectNothingWrong();
  });

  it('[AC1, AC3, AC4] has the register of another year by the same rules, to read and to write', async () => {
    for (const [validity, client] of clients) {
      const { head, blocks } = await client.exchange();
      const reads = validity === 'valid' && reachByHand('readRegister', role) === 'S';
      const held = blocks.some(({ meta }) => meta.stream === streamKey(lastYear));
      tally.judge(reads, held, () => `${validity} ${role} pulls last year’s register`);
      tally.judge(
        reads,
        Object.hasOwn(head.streams, streamKey(lastYear)),
        () => `${validity} ${role} is told of it`,
      );
      const by = loginOf(role, validity);
      const mark = attendance({ by, of: lastYear, on: lastJune, marks: { [pupilId(SCHOOL, 1, 1)]: 'late' } });
      const [verdict] = await client.push(lastYear, mark);
      const writes = validity === 'valid' && reachByHand('writeAttendance', role) !== '-';
      tally.judge(writes, nameOf(verdict) === 'accepted', () => `${validity} ${role} writes into it`);
    }
    tally.expectNothingWrong();
  });

  it('[AC2, AC12] at the board is told no pupil’s name by any of them', async () => {
    const client = clients.get('valid');
    if (!client || !boardRoles.has(role)) return;
    for (const name of judged.filter((each) => each.startsWith('GET ') && !each.endsWith('/events'))) {
      const expectation = expectations[name];
      const query =
        expectation && 'query' in expectation
          ? expectation.query?.({ school: SCHOOL, client, serial: 0, permitId: permits[SCHOOL] ?? '' })
          : undefined;
      const address = name.slice(4) + (query ? `?${new URLSearchParams(query)}` : '');
      const text = await (await client.send('GET', address)).text();
      expect([name, /児童|ジドウ|保護者/.test(text)]).toEqual([name, false]);
    }
  });
});
