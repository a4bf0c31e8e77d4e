import type { Grant, Role } from '../../access/subject.ts';
import { calendarDate, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { Json } from '../../ledger/canonical.ts';
import { makeEntry, type Cell, type Entry, type EntryBody } from '../../ledger/entry.ts';
import { attendanceKey } from '../../ledger/kinds.ts';
import { guardianKey, studentRecordKey } from '../../ledger/record-kinds.ts';
import { officialStream, registerStream, type Stream } from '../../ledger/stream.ts';

/** Two invented schools of two homerooms with three pupils each, and one person for every role. */
export const TODAY = calendarDate('2026-06-10');
/** 08:20 in Japan. */
export const NOW = Date.parse('2026-06-09T23:20:00Z');
export const YEAR = 2026;
export const YEAR_START = calendarDate('2026-04-01');
export const YEAR_END = calendarDate('2027-04-01');
export const PASSWORD = 'correct horse battery';

export const SCHOOL = 'S1';
export const OTHER_SCHOOL = 'S2';
export const stream: Stream = registerStream(SCHOOL, YEAR);
export const otherStream: Stream = registerStream(OTHER_SCHOOL, YEAR);

/** `s1-h1`: the first homeroom of S1; `s1-h1-p1`: its first pupil. */
export const homeroomId = (school: string, homeroom: number): string =>
  `${school.toLowerCase()}-h${homeroom}`;
export const pupilId = (school: string, homeroom: number, pupil: number): string =>
  `${homeroomId(school, homeroom)}-p${pupil}`;

let saltCounter = 0;

/** Salts need only differ here. */
export function nextSalt(): string {
  return (++saltCounter).toString(16).padStart(32, '0');
}

export function entryOf(
  of: Stream,
  body: Partial<EntryBody> & Pick<EntryBody, 'kind' | 'cells' | 'by'>,
): Entry {
  return makeEntry(of, { v: 1, salt: nextSalt(), on: TODAY, madeAt: NOW, device: 'device', ...body });
}

export interface Mark {
  readonly by: string;
  readonly marks: Readonly<Record<string, string | null>>;
  readonly over?: readonly string[];
  readonly on?: CalendarDate;
  readonly of?: Stream;
  readonly device?: string;
  readonly madeAt?: number;
}

/** A roll-call: pupil → mark. */
export function attendance({ by, marks, over = [], on = TODAY, of = stream, ...rest }: Mark): Entry {
  const cells = Object.entries(marks).map(([pupil, mark]): Cell => ({
    key: attendanceKey(pupil, on),
    value: mark === null ? null : { mark },
    over,
  }));
  return entryOf(of, { kind: 'attendance', by, on, cells, ...rest });
}

/** Whom to call for a pupil; the phone number tells one entry from another. */
export function guardianEntry(
  of: Stream,
  pupil: string,
  by: string,
  { phone = '090-0000-0001', over = [] as readonly string[], on = TODAY } = {},
): Entry {
  const contacts = [{ name: '雨野 保護者', kana: 'アメノ ホゴシャ', relation: '母', phone }];
  return entryOf(of, {
    kind: 'guardian',
    by,
    on,
    cells: [{ key: guardianKey(pupil), value: { contacts }, over }],
  });
}

export const studentRecordOf = (address: string): Json => ({
  officialFamilyName: '雨野',
  officialGivenName: '児童',
  kanaFamilyName: 'アメノ',
  kanaGivenName: 'ジドウ',
  birthDate: '2019-06-01',
  address,
  guardian: { name: '雨野 保護者', kana: 'アメノ ホゴシャ', address: null },
  admission: { type: 'admission', on: '2026-04-06', gradeLevel: 'P1', from: 'あめ保育所' },
});

/** A pupil's 学籍の記録; the address tells one entry from another. */
export function studentRecordEntry(
  pupil: string,
  by: string,
  { school = SCHOOL, address = '千葉県大網白里市 0-0', over = [] as readonly string[] } = {},
): Entry {
  const cells = [{ key: studentRecordKey(pupil), value: studentRecordOf(address), over }];
  return entryOf(officialStream(school, 'official1'), { kind: 'studentRecord', by, cells });
}

/** The standing entries of a school. */
export function rosterEntries(school: string): Entry[] {
  const of = registerStream(school, YEAR);
  const one = (kind: string, cells: Record<string, unknown>): Entry =>
    entryOf(of, {
      kind,
      by: 'import',
      device: 'import',
      on: YEAR_START,
      cells: Object.entries(cells).map(([key, value]) => ({ key, value: value as Json, over: [] })),
    });
  const entries = [one('school', { school: { code: school, name: `${school}小学校`, schoolYear: YEAR } })];
  for (const h of [1, 2]) {
    const homeroom = homeroomId(school, h);
    entries.push(
      one('homeroom', {
        [`homeroom/${homeroom}`]: { title: `${h}年1組`, gradeLevels: [`P${h}`], specialNeeds: false },
      }),
    );
    for (const p of [1, 2, 3]) {
      const student = pupilId(school, h, p);
      entries.push(
        one('enrollment', {
          [`student/${student}`]: {
            familyName: '雨野',
            givenName: `児童${p}`,
            kanaFamilyName: 'アメノ',
            kanaGivenName: `ジドウ${p}`,
            gradeLevel: `P${h}`,
          },
          [`classEnrollment/${student}-e`]: {
            student,
            homeroom,
            rosterNumber: p,
            from: YEAR_START,
            until: YEAR_END,
            beganBy: 'yearStart',
            endedBy: null,
          },
        }),
      );
    }
  }
  return entries;
}

export function grantOf(role: Role, schoolCode: string | null, more: Partial<Grant> = {}): Grant {
  return { role, schoolCode, from: YEAR_START, until: YEAR_END, ...more };
}

/** Login, which is the person's id as well, and grants. */
export const people: Readonly<Record<string, readonly Grant[]>> = {
  homeroom1: [grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 1) })],
  homeroom2: [grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 2) })],
  assistant1: [grantOf('assistantHomeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 1) })],
  subject: [grantOf('subjectTeacher', SCHOOL, { classId: 'class-1' })],
  nurse: [grantOf('schoolNurse', SCHOOL)],
  office: [grantOf('officeStaff', SCHOOL)],
  vice: [grantOf('vicePrincipal', SCHOOL)],
  principal: [grantOf('principal', SCHOOL)],
  supervisor: [grantOf('boardSupervisor', null)],
  board: [grantOf('boardAdministrator', null)],
  system: [grantOf('systemAdministrator', null)],
  otherhomeroom1: [grantOf('homeroomTeacher', OTHER_SCHOOL, { homeroomId: homeroomId(OTHER_SCHOOL, 1) })],
  otherprincipal: [grantOf('principal', OTHER_SCHOOL)],
  nobody: [],
};
