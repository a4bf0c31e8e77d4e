import {
  addDays,
  calendarDate,
  schoolYearStart,
  type CalendarDate,
} from '../../domain/calendar/calendar-date.ts';
import { gradeLevels, type SchoolRoster, type Student } from '../../domain/roster/roster.ts';
import type { Json } from '../../ledger/canonical.ts';
import { makeEntry, type Entry } from '../../ledger/entry.ts';
import {
  guardianKey,
  studentRecordKey,
  type GuardianValue,
  type StudentRecordValue,
} from '../../ledger/record-kinds.ts';
import { officialStream, recordsStream, type Stream } from '../../ledger/stream.ts';
import { IMPORTER } from '../import/school-entries.ts';
import { SeededRandom } from './seeded-random.ts';

const givenNames = [
  { relation: '母', name: '恵', kana: 'メグミ' },
  { relation: '母', name: '由美', kana: 'ユミ' },
  { relation: '母', name: '千尋', kana: 'チヒロ' },
  { relation: '父', name: '健一', kana: 'ケンイチ' },
  { relation: '父', name: '大輔', kana: 'ダイスケ' },
  { relation: '祖母', name: '和子', kana: 'カズコ' },
  { relation: '祖父', name: '茂', kana: 'シゲル' },
] as const;
const notes = ['平日は17時以降', '勤務先。内線201', '夜勤の日は午後から'] as const;
const nurseries = ['あめ保育所', 'つゆ幼稚園', 'にじこども園', 'くも保育園'] as const;
const places = ['雨坪', '霧島', '虹ケ丘', '雲雀台', '露原'] as const;
/** Written in the family register with a variant of the character in daily use. */
const variants: Readonly<Record<string, string>> = { 高: '髙', 崎: '﨑', 吉: '𠮷', 浜: '濵', 辺: '邉' };

interface PracticeRecordsOptions {
  readonly seed: string;
  readonly schoolCode: string;
  readonly roster: SchoolRoster;
}

/** Entries of one stream. */
export interface StreamEntries {
  readonly stream: Stream;
  readonly entries: readonly Entry[];
}

/** Invented 緊急連絡先 by homeroom and 学籍の記録 of every pupil of a school; the same for the same seed. */
export function practiceRecords({ seed, schoolCode, roster }: PracticeRecordsOptions): StreamEntries[] {
  const { schoolYear } = roster;
  const start = schoolYearStart(schoolYear);
  const official = officialStream(schoolCode, 'official1');
  const byHomeroom = new Map<string, Entry[]>();
  const records: Entry[] = [];
  const written = new Set<string>();
  for (const { studentId, homeroomId, from } of roster.enrollments) {
    const student = roster.students.get(studentId);
    if (!student || written.has(studentId)) continue;
    written.add(studentId);
    const random = new SeededRandom(`${seed}/records/${studentId}`);
    const stream = recordsStream(schoolCode, schoolYear, homeroomId);
    const entries = byHomeroom.get(homeroomId) ?? [];
    byHomeroom.set(homeroomId, entries);
    const write = (into: Stream, kind: string, key: string, value: unknown, on: CalendarDate) =>
      makeEntry(into, {
        v: 1,
        kind,
        salt: random.salt(),
        on,
        madeAt: Date.parse(`${start}T00:00:00Z`),
        by: IMPORTER,
        device: IMPORTER,
        cells: [{ key, value: value as Json, over: [] }],
      });
    const on = from > start ? from : start;
    const contacts = inventContacts(random, student);
    entries.push(write(stream, 'guardian', guardianKey(studentId), contacts, on));
    const record = inventStudentRecord(random, student, contacts, schoolYear);
    records.push(write(official, 'studentRecord', studentRecordKey(studentId), record, on));
  }
  return [
    ...[...byHomeroom].map(([homeroomId, entries]) => ({
      stream: recordsStream(schoolCode, schoolYear, homeroomId),
      entries,
    })),
    { stream: official, entries: records },
  ];
}

/** Numbers that no telephone has: 000 is no subscriber's. */
function inventPhone(random: SeededRandom): string {
  const tail = String(random.between(0, 9999)).padStart(4, '0');
  return `${random.pick(['070', '080', '090'])}-0000-${tail}`;
}

function inventContacts(random: SeededRandom, student: Student): GuardianValue {
  const count = random.between(1, 3);
  const chosen = new Set<(typeof givenNames)[number]>();
  while (chosen.size < count) chosen.add(random.pick(givenNames));
  return {
    contacts: [...chosen].map(({ relation, name, kana }) => ({
      name: `${student.familyName} ${name}`,
      kana: `${student.kanaFamilyName} ${kana}`,
      relation,
      phone: inventPhone(random),
      ...(random.chance(0.3) ? { note: random.pick(notes) } : {}),
    })),
  };
}

function inventStudentRecord(
  random: SeededRandom,
  student: Student,
  { contacts }: GuardianValue,
  schoolYear: number,
): StudentRecordValue {
  const grade = gradeLevels.indexOf(student.gradeLevel);
  const first = student.gradeLevel.startsWith('J') ? 'J1' : 'P1';
  const admittedIn = schoolYear - (grade - gradeLevels.indexOf(first));
  const [guardian] = contacts;
  const address = `千葉県大網白里市${random.pick(places)}${random.between(1, 9)}-${random.between(1, 40)}`;
  return {
    officialFamilyName: [...student.familyName].map((character) => variants[character] ?? character).join(''),
    officialGivenName: student.givenName,
    kanaFamilyName: student.kanaFamilyName,
    kanaGivenName: student.kanaGivenName,
    // P1 pupils were born between 2 April seven years before and 1 April of the year after that.
    birthDate: addDays(calendarDate(`${schoolYear - 7 - grade}-04-02`), random.between(0, 364)),
    address,
    guardian: { name: guardian?.name ?? '', kana: guardian?.kana ?? '', address: null },
    admission: {
      type: 'admission',
      on: calendarDate(`${admittedIn}-04-06`),
      gradeLevel: first,
      from: first === 'P1' ? random.pick(nurseries) : '市内の小学校',
    },
  };
}
