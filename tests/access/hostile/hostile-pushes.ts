import type { SeededRandom } from '../../../src/gateway/practice/seeded-random.ts';
import {
  attendance,
  entryOf,
  homeroomId,
  NOW,
  OTHER_SCHOOL,
  otherStream,
  pupilId,
  SCHOOL,
  stream,
} from '../../../src/gateway/testing/small-town.ts';
import type { Entry } from '../../../src/ledger/entry.ts';
import { eraseEntry } from '../../../src/ledger/erasure.ts';
import { streamKey } from '../../../src/ledger/stream.ts';
import type { HostileTown } from './hostile-town.ts';
import { mutateValue, oddText } from './mutations.ts';

const STREAMS = [streamKey(stream), streamKey(otherStream)] as const;
const OTHER_STREAMS = [
  'register-s1-2025/register',
  'register-s1-2026/homeroom',
  'register-s2-2027/register',
  'records-s1-2026/register',
  'official1-s1/register',
  'accounts-test/register',
  'audit-test/register',
  'tray-s1/register',
  'REGISTER-S1-2026/register',
  'register-s1-2026/register/',
  '_users/register',
];
const FAKE_STAMP = { at: NOW, by: 'homeroom1', device: 'd', n: 1, mac: '0'.repeat(32) };

export function someStream(random: SeededRandom): string {
  const dice = random.next();
  if (dice < 0.4) return STREAMS[0];
  if (dice < 0.75) return STREAMS[1];
  return dice < 0.95 ? random.pick(OTHER_STREAMS) : oddText(random);
}

/** A row that nobody may take: another's, a replaced one, one with a forged stamp, one torn out of its stream. */
export function hostileRow(random: SeededRandom, { stolen }: HostileTown): unknown {
  const own = random.pick(stolen.own);
  const foreign = random.pick(stolen.foreign);
  const known = random.chance(0.5) ? own : foreign;
  switch (random.between(0, 11)) {
    case 0:
      return known;
    case 1:
      return { ...known, received: { ...FAKE_STAMP, by: known.by, n: random.between(1, 99) } };
    case 2:
      return mutateValue(random, known);
    case 3:
      return { ...known, cells: known.cells.map((cell) => ({ ...cell, value: { mark: 'present' } })) };
    case 4:
      return { ...known, _rev: `1-${random.salt()}` };
    case 5:
      return { ...eraseEntry(known, 'principal', NOW, 'forged'), received: FAKE_STAMP };
    case 6:
      return mutateValue(random, eraseEntry(known, 'kanaria-principal', NOW, 'forged'));
    case 7:
      return { ...known, by: 'homeroom1', device: 'homeroom1-device' };
    case 8:
      return forged(random, random.pick(['kanaria-teacher', 'nurse', 'import', 'principal', 'nobody']));
    case 9:
      return otherKind(random);
    case 10:
      return overForeign(random, foreign);
    default:
      return { ...known, sig: random.salt(), _attachments: {}, _deleted: true, erased: false };
  }
}

/** Right by its hash, in somebody else's name. */
function forged(random: SeededRandom, by: string): Entry {
  const school = random.pick([SCHOOL, OTHER_SCHOOL]);
  const of = school === SCHOOL ? stream : otherStream;
  return attendance({ by, of, marks: { [pupilId(school, random.between(1, 2), 1)]: 'sick' } });
}

function otherKind(random: SeededRandom): Entry {
  const of = random.pick([stream, otherStream]);
  const by = random.pick(['homeroom1', 'subject', 'kanaria-principal']);
  const homeroom = homeroomId(OTHER_SCHOOL, 1);
  return entryOf(of, {
    kind: random.pick(['closing', 'enrollment', 'homeroom', 'staff', 'calendar', 'school']),
    by,
    cells: [
      {
        key: random.pick([
          `closing/${homeroom}/2026-05`,
          `homeroom/${homeroom}`,
          'school',
          'student/x',
          'calendar',
        ]),
        value: { title: 'x', code: OTHER_SCHOOL },
        over: [],
      },
    ],
  });
}

function overForeign(random: SeededRandom, foreign: Entry): Entry {
  const pupil = pupilId(SCHOOL, 1, random.between(1, 3));
  return attendance({ by: 'homeroom1', marks: { [pupil]: 'present' }, over: [foreign._id] });
}
