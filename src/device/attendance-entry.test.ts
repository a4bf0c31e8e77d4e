import { expect, test } from 'vitest';
import type { Grant } from '../access/subject.ts';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { checkEntry, type Entry } from '../ledger/entry.ts';
import { parseStreamKey, type Stream } from '../ledger/stream.ts';
import { attendanceEntry, OwnWrites, type EntryAuthor } from './attendance-entry.ts';
import type { RecordAttendance } from './device.ts';
import { markOf, STREAM } from './testing/entries.ts';

const stream = parseStreamKey(STREAM) as Stream;
const date = calendarDate('2026-06-01');
const grant: Grant = {
  role: 'homeroomTeacher',
  schoolCode: 'B101',
  homeroomId: 'h-31',
  from: calendarDate('2026-04-01'),
  until: calendarDate('2027-04-01'),
};
const author: EntryAuthor = {
  subject: { personId: 't-1', grants: [grant] },
  device: 'd-1',
  roster: { homeroomOf: (student) => (student.startsWith('s') ? 'h-31' : 'h-32') },
};
let salts = 0;
const make = (command: Partial<RecordAttendance>, own = new OwnWrites(), by = author): Entry | string =>
  attendanceEntry(
    stream,
    { homeroomId: 'h-31', date, cells: [], ...command },
    by,
    { madeAt: 1_780_000_000_000, today: date, salt: String((salts += 1)).padStart(32, '0') },
    own,
  );
const cell = (studentId: string, mark: string | null, painted: readonly string[] = [], note?: string) => ({
  studentId,
  mark,
  painted,
  ...(note === undefined ? {} : { note }),
});

test('[DE45] an entry is one that the gateway takes, with the corrected instant', () => {
  const entry = make({
    cells: [cell('s1', 'sick', [], '発熱'), cell('s2', null), cell('s3', 'present', [], '')],
  });
  expect(checkEntry(stream, entry)).toMatchObject({ ok: true });
  expect(entry).toMatchObject({
    madeAt: 1_780_000_000_000,
    by: 't-1',
    cells: [{ value: { mark: 'sick', note: '発熱' } }, { value: null }, { value: { mark: 'present' } }],
  });
});

test('[DE43] what the school would refuse is not written', () => {
  expect(make({ cells: [cell('x1', 'sick')] })).toBe('denied');
  expect(
    make({ cells: [cell('s1', 'sick')] }, new OwnWrites(), {
      ...author,
      subject: { personId: 't-1', grants: [] },
    }),
  ).toBe('denied');
});

test('[DE43] nor what is no entry at all', () => {
  expect(make({})).toBe('invalid');
  expect(make({ cells: [cell('s1', 'Sick!')] })).toBe('invalid');
  expect(make({ cells: [cell('s1', 'sick'), cell('s1', 'late')] })).toBe('invalid');
  expect(make({ cells: [cell('s1', 'sick', [], 'x'.repeat(201))] })).toBe('invalid');
  expect(make({ cells: [cell('s1', 'sick', ['no id'])] })).toBe('invalid');
  expect(make({ cells: Array.from({ length: 401 }, (_, i) => cell(`s${i}`, 'sick')) })).toBe('invalid');
});

test('[DE44] going on from an own write names what that one replaced, too', () => {
  const own = new OwnWrites();
  const head = markOf('s1', '2026-06-01', 'present')._id;
  const first = make({ cells: [cell('s1', 'late', [head])] }, own) as Entry;
  const second = make({ cells: [cell('s1', 'sick', [first._id])] }, own) as Entry;
  expect(second.cells[0]?.over).toEqual([first._id, head]);
  const third = make({ cells: [cell('s1', 'other', [second._id])] }, own) as Entry;
  expect(new Set(third.cells[0]?.over)).toEqual(new Set([second._id, first._id, head]));
});
