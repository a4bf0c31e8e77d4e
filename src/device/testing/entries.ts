import { calendarDate } from '../../domain/calendar/calendar-date.ts';
import type { Json } from '../../ledger/canonical.ts';
import { makeEntry, type Entry } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import { hashText } from '../../ledger/hash.ts';
import { attendanceKey } from '../../ledger/kinds.ts';
import { parseStreamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';

export const STREAM: StreamKey = 'register-b101-2026/register';
/** The records of that school's class of three. */
export const RECORDS: StreamKey = 'records-b101-2026/h-31';

let serial = 0;

function streamOf(key: StreamKey): Stream {
  const stream = parseStreamKey(key);
  if (!stream) throw new Error(`not a stream: ${key}`);
  return stream;
}

/** An entry with a salt of its own; the same calls in the same order make the same entries. */
export function entryOf(
  kind: string,
  day: string,
  cells: readonly { key: string; value: Json; over?: readonly EntryId[] }[],
  by = 't-1',
  of: StreamKey = STREAM,
): Entry {
  serial += 1;
  return makeEntry(streamOf(of), {
    v: 1,
    kind,
    salt: hashText(String(serial)),
    on: calendarDate(day),
    madeAt: 1_780_000_000_000 + serial * 1000,
    by,
    device: 'd-1',
    cells: cells.map(({ key, value, over = [] }) => ({ key, value, over: [...over] })),
  });
}

export function markOf(
  student: string,
  day: string,
  mark: string | null,
  over: readonly EntryId[] = [],
  by = 't-1',
  note?: string,
): Entry {
  const value = mark === null ? null : { mark, ...(note === undefined ? {} : { note }) };
  return entryOf('attendance', day, [{ key: attendanceKey(student, calendarDate(day)), value, over }], by);
}

/** Whom to call for a pupil of the class. */
export function contactsOf(
  student: string,
  phone: string,
  { over = [], by = 't-1', of = RECORDS }: { over?: readonly EntryId[]; by?: string; of?: StreamKey } = {},
): Entry {
  const contacts = [{ name: '保護 者', kana: 'ホゴ シャ', relation: '母', phone }];
  return entryOf(
    'guardian',
    '2026-06-01',
    [{ key: `guardian/${student}`, value: { contacts }, over }],
    by,
    of,
  );
}

export function received(entry: Entry, n = 1): Entry {
  return {
    ...entry,
    received: { at: entry.madeAt + 500, by: entry.by, device: entry.device, n, mac: '0'.repeat(32) },
  };
}

/** A class of three with its teacher, nurse and principal: what stands for the year. */
export function standingEntries(): Entry[] {
  const student = (id: string, familyName: string, kanaFamilyName: string) => ({
    key: `student/${id}`,
    value: { familyName, givenName: '花', kanaFamilyName, kanaGivenName: 'ハナ', gradeLevel: 'P3' },
  });
  const place = (id: string, rosterNumber: number) => ({
    key: `classEnrollment/e-${id}`,
    value: {
      student: id,
      homeroom: 'h-31',
      rosterNumber,
      from: '2026-04-01',
      until: '2027-04-01',
      beganBy: 'yearStart',
      endedBy: null,
    },
  });
  const member = (id: string, familyName: string, duty: Json) => ({
    key: `staff/${id}`,
    value: { familyName, givenName: '', duties: [duty] },
  });
  return [
    entryOf('school', '2026-04-01', [
      { key: 'school', value: { code: 'B101', name: '試小学校', schoolYear: 2026 } },
    ]),
    entryOf('homeroom', '2026-04-01', [
      { key: 'homeroom/h-31', value: { title: '3年1組', gradeLevels: ['P3'], specialNeeds: false } },
    ]),
    entryOf('staff', '2026-04-01', [
      member('t-1', '担任', { role: 'homeroomTeacher', homeroomId: 'h-31' }),
      member('t-2', '養護', { role: 'schoolNurse' }),
      member('t-3', '校長', { role: 'principal' }),
    ]),
    entryOf('enrollment', '2026-04-01', [
      student('s1', '青山', 'アオヤマ'),
      student('s2', '石井', 'イシイ'),
      student('s3', '上田', 'ウエダ'),
      place('s1', 1),
      place('s2', 2),
      place('s3', 3),
    ]),
  ];
}
