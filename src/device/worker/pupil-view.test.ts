import { expect, test } from 'vitest';
import { defaultMarks } from '../../domain/attendance/default-marks.ts';
import { calendarDate } from '../../domain/calendar/calendar-date.ts';
import type { Grant } from '../../access/subject.ts';
import { foldEntries, type Fold } from '../../ledger/fold.ts';
import { parseStreamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import { contactsOf, entryOf, received, RECORDS, standingEntries, STREAM } from '../testing/entries.ts';
import { pupilView, recordsOf } from './pupil-view.ts';
import { makeSource, readStanding, type RegisterSource } from './register-source.ts';

const TODAY = calendarDate('2026-06-10');
const FORMER: StreamKey = 'records-b101-2026/h-32';
const span = { from: calendarDate('2026-04-01'), until: calendarDate('2027-04-01') };
const teacher: Grant = { role: 'homeroomTeacher', schoolCode: 'B101', homeroomId: 'h-31', ...span };
const subjectTeacher: Grant = { role: 'subjectTeacher', schoolCode: 'B101', classId: 'c-1', ...span };

function sourceFor(grant: Grant, more: readonly ReturnType<typeof entryOf>[] = []): RegisterSource {
  const standing = readStanding(foldEntries([...standingEntries(), ...more]), 2026);
  return makeSource({
    stream: parseStreamKey(STREAM) as Stream,
    schoolYear: 2026,
    standing,
    marks: defaultMarks,
    subject: { personId: 't-1', grants: [grant] },
    today: TODAY,
    refused: [],
    waiting: [],
    foldOf: () => foldEntries([]),
  });
}

const view = (source: RegisterSource, folds: Record<StreamKey, Fold>, otherTab = false) =>
  pupilView(source, 's1', TODAY, { folds: new Map(Object.entries(folds)), otherTab });
const phonesOf = (seen: ReturnType<typeof view>) =>
  seen?.contacts?.open.map((write) => write.contacts?.map(({ phone }) => phone).join());

test('[DE123] a pupil is shown with whom to call, and to whom may write', () => {
  const kept = received(contactsOf('s1', '090-0000-0001'), 1);
  const seen = view(sourceFor(teacher), { [RECORDS]: foldEntries([kept]) });
  expect(seen).toMatchObject({
    familyName: '青山',
    homeroomTitle: '3年1組',
    rosterNumber: 1,
    schoolCode: 'B101',
    stream: RECORDS,
    contacts: {
      painted: [kept._id],
      canWrite: true,
      fromFormerHomeroom: false,
      open: [{ byName: '担任', delivery: 'school' }],
    },
  });
  expect(phonesOf(seen)).toEqual(['090-0000-0001']);
  expect(view(sourceFor(subjectTeacher), { [RECORDS]: foldEntries([kept]) })?.contacts?.canWrite).toBe(false);
});

test('[DE123] two that were written apart stand both, and a new one names both', () => {
  const [mine, theirs] = [
    contactsOf('s1', '090-0000-0001'),
    contactsOf('s1', '090-0000-0002', { by: 't-2' }),
  ];
  const seen = view(sourceFor(teacher), { [RECORDS]: foldEntries([received(mine, 1), received(theirs, 2)]) });
  expect(phonesOf(seen)?.sort()).toEqual(['090-0000-0001', '090-0000-0002']);
  expect([...(seen?.contacts?.painted ?? [])].sort()).toEqual([mine._id, theirs._id].sort());
});

test('[DE122] what is not held is said to be not here, with everything else as it is', () => {
  expect(view(sourceFor(teacher), {})).toMatchObject({ familyName: '青山', contacts: null, otherTab: false });
  expect(view(sourceFor(teacher), {}, true)).toMatchObject({ contacts: null, otherTab: true });
  expect(pupilView(sourceFor(teacher), 'nobody', TODAY, { folds: new Map(), otherTab: false })).toBeNull();
});

test('[DE124] of a pupil who came from another homeroom, what that one knew is shown and not replaced', () => {
  const moved = entryOf('enrollment', '2026-04-01', [
    {
      key: 'classEnrollment/e-old',
      value: {
        student: 's1',
        homeroom: 'h-32',
        rosterNumber: 9,
        from: '2026-04-01',
        until: '2026-04-01',
        beganBy: 'yearStart',
        endedBy: 'homeroomChange',
      },
    },
  ]);
  const source = sourceFor(teacher, [moved]);
  expect(recordsOf(source, 's1', TODAY)).toEqual([RECORDS, FORMER]);
  const former = received(contactsOf('s1', '090-0000-0009', { of: FORMER }), 1);
  const seen = view(source, { [RECORDS]: foldEntries([]), [FORMER]: foldEntries([former]) });
  expect(phonesOf(seen)).toEqual(['090-0000-0009']);
  expect(seen?.contacts).toMatchObject({ painted: [], fromFormerHomeroom: true, canWrite: true });
  const own = received(contactsOf('s1', '090-0000-0001'), 1);
  const carried = view(source, { [RECORDS]: foldEntries([own]), [FORMER]: foldEntries([former]) });
  expect(phonesOf(carried)).toEqual(['090-0000-0001']);
  expect(carried?.contacts?.fromFormerHomeroom).toBe(false);
});
