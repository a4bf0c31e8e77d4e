import { createHash } from 'node:crypto';
import type { Grant } from '../../../src/access/subject.ts';
import { calendarDate } from '../../../src/domain/calendar/calendar-date.ts';
import type { Json } from '../../../src/ledger/canonical.ts';
import type { Entry } from '../../../src/ledger/entry.ts';
import {
  attendance,
  entryOf,
  grantOf,
  guardianEntry,
  homeroomId,
  OTHER_SCHOOL,
  otherStream,
  people,
  pupilId,
  SCHOOL,
  stream,
  studentRecordEntry,
  YEAR,
  YEAR_END,
  YEAR_START,
} from '../../../src/gateway/testing/small-town.ts';
import { guardianKey } from '../../../src/ledger/record-kinds.ts';
import { officialStream, recordsStream } from '../../../src/ledger/stream.ts';
import { TestGateway } from '../../../src/gateway/testing/test-gateway.ts';
import { WitnessStore } from './witness-store.ts';

/** Who the hostile client has become: a stranger, or somebody whose tablet or password it has. */
export interface Persona {
  readonly name: string;
  cookie: string | null;
  /** Whose register this person reads. */
  readonly schools: readonly string[];
  /** Administers accounts, and so may see who works where. */
  readonly board: boolean;
}

/** What must never be in an answer, by whom it is kept from. */
export interface Canaries {
  /** Names, ids and remarks of pupils of a school, for everybody who is not of its staff. */
  readonly pupils: Readonly<Record<string, readonly string[]>>;
  /** Staff of a school, for everybody but its staff and the board. */
  readonly staff: Readonly<Record<string, readonly string[]>>;
  /** Hashes of entries that the client has never been told, by school. */
  readonly hashes: Readonly<Record<string, ReadonlySet<string>>>;
  /** Keys, tokens and password hashes: for nobody. */
  readonly secrets: readonly string[];
}

export interface HostileTown {
  readonly gateway: TestGateway<WitnessStore>;
  readonly personas: readonly Persona[];
  readonly canaries: Canaries;
  /** Rows of both schools that the client has got hold of: to be replayed, forged and named. */
  readonly stolen: { readonly own: readonly Entry[]; readonly foreign: readonly Entry[] };
}

export const FOREIGN_DB = otherStream.db;
/** Databases of entries that belong to a school. */
export const OF_SCHOOL = /^(?:register|records|official[12])-(s\d+)(?:-|$)/;
/** On every name and remark of a school that the client may not see. */
const MARKED: Readonly<Record<string, string>> = { [SCHOOL]: '雨守の里', [OTHER_SCHOOL]: '金糸雀の里' };
const ENDED = { from: calendarDate('2025-04-01'), until: calendarDate('2026-04-01') };

const victims: Readonly<Record<string, readonly Grant[]>> = {
  'kanaria-teacher': [grantOf('homeroomTeacher', OTHER_SCHOOL, { homeroomId: homeroomId(OTHER_SCHOOL, 1) })],
  'kanaria-principal': [grantOf('principal', OTHER_SCHOOL)],
  // Whom the client knows by id and may not touch.
  'target-s2': [grantOf('schoolNurse', OTHER_SCHOOL)],
  'target-s1': [grantOf('schoolNurse', SCHOOL)],
};
const moved: Readonly<Record<string, readonly Grant[]>> = {
  former: [grantOf('principal', SCHOOL, ENDED)],
  formerother: [grantOf('principal', OTHER_SCHOOL, ENDED), grantOf('schoolNurse', SCHOOL)],
};

export async function openHostileTown(): Promise<HostileTown> {
  const gateway = await TestGateway.openOn(new WitnessStore(), {
    people: { ...people, ...moved, ...victims },
  });
  const secret: Readonly<Record<string, readonly Entry[]>> = {
    [SCHOOL]: secretRows(SCHOOL),
    [OTHER_SCHOOL]: secretRows(OTHER_SCHOOL),
  };
  const stolen: Readonly<Record<string, readonly Entry[]>> = {
    [SCHOOL]: stolenRows(SCHOOL),
    [OTHER_SCHOOL]: stolenRows(OTHER_SCHOOL),
  };
  for (const school of [SCHOOL, OTHER_SCHOOL]) {
    await writeHigherClasses(gateway, school);
    await gateway.writeAround(streamOf(school), [...(secret[school] ?? []), ...(stolen[school] ?? [])]);
  }
  const tokens = [await tokenOf(gateway, 'kanaria-teacher'), await tokenOf(gateway, 'kanaria-principal')];
  const { secrets } = gateway;
  const sealing = await Promise.all([SCHOOL, OTHER_SCHOOL].map((code) => secrets.sealingKeys(code)));
  const personas = await Promise.all(
    (
      [
        ['homeroom1', [SCHOOL]],
        ['subject', [SCHOOL]],
        ['nurse', [SCHOOL]],
        ['office', [SCHOOL]],
        ['principal', [SCHOOL]],
        ['formerother', [SCHOOL]],
        ['former', []],
        ['nobody', []],
        ['supervisor', [], true],
        ['system', [], true],
      ] as [string, string[], boolean?][]
    ).map(async ([name, schools, board = false]): Promise<Persona> => {
      return { name, schools, board, cookie: `amenimo=${await tokenOf(gateway, name)}` };
    }),
  );
  personas.push({ name: 'stranger', schools: [], board: false, cookie: null });
  gateway.store.takeWrites();
  const canaries: Canaries = {
    pupils: Object.fromEntries(
      [SCHOOL, OTHER_SCHOOL].map((school) => [school, [MARKED[school] ?? '', hiddenPupil(school)]]),
    ),
    staff: { [OTHER_SCHOOL]: ['kanaria-'] },
    hashes: Object.fromEntries(
      Object.entries(secret).map(([school, rows]) => [school, new Set(rows.map(hashOf))]),
    ),
    secrets: [
      ...tokens,
      '$argon2',
      'passwordHash',
      ...[secrets.sessionKey, secrets.stampKey].flatMap((key) => [
        Buffer.from(key).toString('hex'),
        Buffer.from(key).toString('base64').slice(0, 40),
        Buffer.from(key).toString('base64url').slice(0, 40),
      ]),
      ...sealing.map(({ privateKey }) => String(privateKey.d)),
    ],
  };
  return {
    gateway,
    personas,
    canaries,
    stolen: { own: stolen[SCHOOL] ?? [], foreign: stolen[OTHER_SCHOOL] ?? [] },
  };
}

/** Guardians (Ⅱ) and the record of enrolment (Ⅰ) of one pupil whom the client knows by id. */
async function writeHigherClasses(gateway: TestGateway<WitnessStore>, school: string): Promise<void> {
  const marked = MARKED[school] ?? '';
  const pupil = pupilId(school, 1, 1);
  const records = recordsStream(school, YEAR, homeroomId(school, 1));
  await gateway.writeAround(records, [guardianEntry(records, pupil, 'import', { phone: '090-0000-0002' })]);
  const contacts = [{ name: `${marked} 保護者`, kana: 'ホゴシャ', relation: '母', phone: '090-0000-0003' }];
  const guardian = entryOf(records, {
    kind: 'guardian',
    by: 'import',
    cells: [{ key: guardianKey(pupilId(school, 1, 2)), value: { contacts }, over: [] }],
  });
  await gateway.writeAround(records, [guardian]);
  await gateway.writeAround(officialStream(school, 'official1'), [
    studentRecordEntry(pupil, 'import', { school, address: `千葉県${marked}1-1` }),
  ]);
}

export function streamOf(school: string) {
  return school === SCHOOL ? stream : otherStream;
}

/** The id of the pupil whom the client has never heard of. */
function hiddenPupil(school: string): string {
  return `hidden-${createHash('sha256').update(school).digest('hex').slice(0, 12)}`;
}

function hashOf(entry: Entry): string {
  return entry._id.split(':').at(-1) ?? '';
}

/** Pupils, enrolments and remarks that nobody outside the school has seen. */
function secretRows(school: string): Entry[] {
  const student = hiddenPupil(school);
  const of = streamOf(school);
  const enrollment = entryOf(of, {
    kind: 'enrollment',
    by: 'import',
    device: 'import',
    on: YEAR_START,
    cells: [
      [`student/${student}`, pupilCell(school)] as const,
      [
        `classEnrollment/${student}-e`,
        {
          student,
          homeroom: homeroomId(school, 2),
          rosterNumber: 9,
          from: YEAR_START,
          until: YEAR_END,
          beganBy: 'yearStart',
          endedBy: null,
        },
      ] as const,
    ].map(([key, value]) => ({ key, value: value as Json, over: [] })),
  });
  const days = ['2026-05-11', '2026-05-12', '2026-06-08', '2026-06-09'].map((day) => {
    const on = calendarDate(day);
    const entry = attendance({ by: 'import', of, on, marks: { [student]: 'sick' } });
    const cells = entry.cells.map((cell) => ({
      ...cell,
      value: { mark: 'sick', note: `${MARKED[school] ?? ''}で静養` },
    }));
    return entryOf(of, { kind: 'attendance', by: 'import', on, cells });
  });
  return [enrollment, ...days];
}

function pupilCell(school: string): Record<string, string> {
  const name = MARKED[school] ?? '';
  return {
    familyName: name,
    givenName: `${name}子`,
    kanaFamilyName: 'ヒミツ',
    kanaGivenName: 'ヒミツ',
    gradeLevel: 'P2',
  };
}

/** Rows without a marked name that the client knows, with their stamps left off. */
function stolenRows(school: string): Entry[] {
  return [1, 2, 3].flatMap((pupil) =>
    ['2026-05-13', '2026-06-05'].map((day) =>
      attendance({
        by: school === SCHOOL ? 'homeroom1' : 'kanaria-teacher',
        of: streamOf(school),
        on: calendarDate(day),
        marks: { [pupilId(school, 1, pupil)]: 'late' },
      }),
    ),
  );
}

/** A session of this person's, with both factors shown a moment ago. */
export async function tokenOf(gateway: TestGateway<WitnessStore>, personId: string): Promise<string> {
  const { sessions } = gateway.gateway.parts;
  return (await sessions.start(personId, `${personId}-device`, ['password', 'totp'])).token;
}
