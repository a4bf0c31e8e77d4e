import { expect, test } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { makeEntry, type Cell, type Entry } from './entry.ts';
import { foldEntries } from './fold.ts';
import { attendanceOf, readCalendar, readRoster } from './register-view.ts';
import { registerStream } from './stream.ts';

const stream = registerStream('B112210006821', 2026);
const on = calendarDate('2026-04-01');

function entry(kind: string, cells: Cell[], day = on, madeAt = 1): Entry {
  const salt = madeAt.toString(16).padStart(32, '0');
  return makeEntry(stream, { v: 1, kind, salt, on: day, madeAt, by: 'office', device: 'd', cells });
}

const standing = [
  entry('school', [
    { key: 'school', value: { code: 'B112210006821', name: '大網小学校', schoolYear: 2026 }, over: [] },
  ]),
  entry('homeroom', [
    { key: 'homeroom/h1', value: { title: '1年1組', gradeLevels: ['P1'], specialNeeds: false }, over: [] },
  ]),
  entry('staff', [
    {
      key: 'staff/t1',
      value: {
        familyName: '髙﨑',
        givenName: '𠮷子',
        duties: [{ role: 'homeroomTeacher', homeroomId: 'h1' }],
      },
      over: [],
    },
  ]),
  entry('enrollment', [
    {
      key: 'student/p1',
      value: {
        familyName: '山田',
        givenName: '花',
        kanaFamilyName: 'ヤマダ',
        kanaGivenName: 'ハナ',
        gradeLevel: 'P1',
      },
      over: [],
    },
    {
      key: 'classEnrollment/e1',
      value: {
        student: 'p1',
        homeroom: 'h1',
        rosterNumber: 1,
        from: '2026-04-01',
        until: '2027-04-01',
        beganBy: 'yearStart',
        endedBy: null,
      },
      over: [],
    },
  ]),
  entry('calendar', [
    {
      key: 'calendar/summer',
      value: {
        type: 'vacation',
        from: '2026-07-18',
        until: '2026-09-01',
        scope: { kind: 'school' },
        title: '夏季休業',
      },
      over: [],
    },
    {
      key: 'calendar/gone',
      value: {
        type: 'withdrawn',
        from: '2026-07-18',
        until: '2026-09-01',
        scope: { kind: 'school' },
        title: '',
      },
      over: [],
    },
  ]),
];

test('[LE21] roster and calendar are read from the standing entries', () => {
  const fold = foldEntries(standing);
  const roster = readRoster(fold, 2026);
  expect(roster.school).toEqual({ code: 'B112210006821', name: '大網小学校' });
  expect(roster.homerooms.get('h1')).toMatchObject({ title: '1年1組' });
  expect(roster.students.get('p1')).toMatchObject({ familyName: '山田', gradeLevel: 'P1' });
  expect(roster.staff.get('t1')).toMatchObject({ familyName: '髙﨑', givenName: '𠮷子' });
  expect(roster.enrollments).toEqual([
    {
      id: 'e1',
      studentId: 'p1',
      homeroomId: 'h1',
      rosterNumber: 1,
      from: '2026-04-01',
      until: '2027-04-01',
      beganBy: 'yearStart',
      endedBy: null,
    },
  ]);
  expect(readCalendar(fold, 2026).items.map((item) => item.id)).toEqual(['summer']);
});

test('[LE21] a day has its open values and the replaced ones, oldest first', () => {
  const day = calendarDate('2026-11-20');
  const cell = (mark: string | null, over: Entry[]): Cell[] => [
    { key: `p1/${day}`, value: mark === null ? null : { mark }, over: over.map((item) => item._id) },
  ];
  const first = entry('attendance', cell('present', []), day, 10);
  const second = entry('attendance', cell('sick', [first]), day, 20);
  const third = entry('attendance', cell(null, [second]), day, 30);
  const attendance = attendanceOf(foldEntries([third, first, second]));
  expect(attendance('p1', day)).toMatchObject({
    heads: [{ mark: null, by: 'office', receivedAt: null }],
    replaced: [{ mark: 'present' }, { mark: 'sick' }],
  });
  expect(attendance('p2', day)).toBeUndefined();
});
