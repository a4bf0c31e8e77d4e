import { calendarDate, datesBetween, weekdayOf, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import { makeEntry, type Cell } from '#ledger/entry.ts';
import { attendanceKey, type Kind } from '#ledger/kinds.ts';
import { registerStream, type Stream } from '#ledger/stream.ts';
import type { TimedEntry } from '#gateway/import/keep-entries.ts';
import { SeededRandom } from '#gateway/practice/seeded-random.ts';

const SCHOOL_YEAR = 2026;

/** A school that exists for figures alone. */
export interface BenchSchool {
  readonly code: string;
  readonly stream: Stream;
  readonly nurseId: string;
}

const benchSchool = (code: string, nurseId: string): BenchSchool => ({
  code,
  stream: registerStream(code, SCHOOL_YEAR),
  nurseId,
});

/** Has its whole year from the start. */
export const FULL_SCHOOL = benchSchool('B113210000001', 'bench-nurse');
/** Has a roster; its marks come in one by one. */
export const GROWING_SCHOOL = benchSchool('B113210000002', 'bench-nurse-2');

const HOMEROOMS = 4;
const PUPILS_EACH = 35;
const FROM = '2026-04-01';
const UNTIL = '2027-04-01';
const MARKS = ['present', 'sick', 'late', 'earlyDeparture', 'suspendedInfection', 'other'];

const instant = (date: CalendarDate, minutes: number): number =>
  Date.parse(`${date}T00:00:00+09:00`) + minutes * 60_000;

export interface PlainSet {
  readonly roster: readonly TimedEntry[];
  readonly marks: readonly TimedEntry[];
}

/**
 * `count` entries of one register: a small roster, then single marks with a remark on random pupils and school days,
 * in the order they were received. One seed, one set. About half a kilobyte each as JSON.
 */
export function plainSet(school: BenchSchool, count: number): PlainSet {
  const random = new SeededRandom(`amenimo bench, ${school.code}`);
  const start = calendarDate(FROM);
  const days = schoolDaysUntil(calendarDate(UNTIL));
  const body = { v: 1, by: school.nurseId, device: 'bench' };
  const make = (kind: Kind, on: CalendarDate, madeAt: number, cells: Cell[]): TimedEntry => ({
    entry: makeEntry(school.stream, { ...body, kind, salt: random.salt(), on, madeAt, cells }),
    receivedAt: madeAt + 2000,
  });
  const roster = [...rosterCells(school)].map(([kind, cells], at) =>
    make(kind, start, instant(start, at), cells),
  );
  const marks: TimedEntry[] = [];
  while (roster.length + marks.length < count) {
    const day = days[Math.floor((marks.length / (count - roster.length)) * days.length)] ?? start;
    const pupil = `pupil-${random.between(0, HOMEROOMS * PUPILS_EACH - 1)}`;
    const value = {
      mark: random.pick(MARKS),
      note: `保護者から電話 ${random.between(35, 39)}.${random.between(0, 9)}℃`,
    };
    const cell = { key: attendanceKey(pupil, day), value, over: [] };
    marks.push(make('attendance', day, instant(day, 500) + random.between(0, 3_600_000), [cell]));
  }
  return { roster, marks };
}

/** Weekdays of the year before this one; the bench's school knows no holidays. */
export function schoolDaysUntil(end: CalendarDate): CalendarDate[] {
  return datesBetween(calendarDate(FROM), end < UNTIL ? end : calendarDate(UNTIL)).filter(
    (date) => weekdayOf(date) % 6 !== 0,
  );
}

function* rosterCells({ code, nurseId }: BenchSchool): Generator<[Kind, Cell[]]> {
  const cell = (key: string, value: Cell['value']): Cell => ({ key, value, over: [] });
  yield ['school', [cell('school', { code, name: '計測小学校', schoolYear: SCHOOL_YEAR })]];
  yield [
    'staff',
    [
      cell(`staff/${nurseId}`, {
        familyName: '計測',
        givenName: '保健',
        duties: [{ role: 'schoolNurse' }],
      }),
    ],
  ];
  for (let room = 0; room < HOMEROOMS; room += 1) {
    const homeroom = `room-${room}`;
    const value = { title: `1年${room + 1}組`, gradeLevels: ['P1'], specialNeeds: false };
    yield ['homeroom', [cell(`homeroom/${homeroom}`, value)]];
    for (let at = 0; at < PUPILS_EACH; at += 1) {
      const student = `pupil-${room * PUPILS_EACH + at}`;
      yield ['enrollment', [cell(`student/${student}`, pupil(at)), enrolled(student, homeroom, at)]];
    }
  }
}

function pupil(at: number): Cell['value'] {
  return {
    familyName: `計測${at}`,
    givenName: '児童',
    kanaFamilyName: 'けいそく',
    kanaGivenName: 'じどう',
    gradeLevel: 'P1',
  };
}

function enrolled(student: string, homeroom: string, at: number): Cell {
  return {
    key: `classEnrollment/${student}`,
    value: {
      student,
      homeroom,
      rosterNumber: at + 1,
      from: FROM,
      until: UNTIL,
      beganBy: 'yearStart',
      endedBy: null,
    },
    over: [],
  };
}
