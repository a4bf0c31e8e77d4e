import { describe, expect, it } from 'vitest';
import { calendarDate } from '../calendar/calendar-date.ts';
import type { CalendarItem } from '../calendar/school-calendar.ts';
import type { AttendanceCell } from './attendance.ts';
import { dayTally } from './day-tally.ts';
import { defaultMarks } from './default-marks.ts';
import { schoolDayTally } from './school-day-tally.ts';
import {
  sampleAttendance,
  sampleCalendar,
  sampleCell,
  sampleEnrollment,
  sampleHomeroom,
  sampleItem,
  sampleRoster,
  sampleStudent,
  sampleWrite,
} from './testing/sample-school.ts';

const date = calendarDate('2026-06-10');
const saturday = calendarDate('2026-06-13');
const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const roster = sampleRoster(
  [sampleHomeroom('1-1', ['P1']), sampleHomeroom('1-2', ['P1']), sampleHomeroom('sn', ['P1', 'P2'], true)],
  [...ids, 'x', 'y'].map((id) => sampleStudent(id, 'P1')),
  [
    ...ids.map((id, index) => sampleEnrollment(id, '1-1', index + 1)),
    sampleEnrollment('x', '1-2', 1),
    sampleEnrollment('y', 'sn', 1),
  ],
);

function sourcesOf(
  cells: Record<string, string | AttendanceCell>,
  otherwise: string | null,
  items: CalendarItem[] = [],
) {
  const dated = Object.fromEntries(Object.entries(cells).map(([id, cell]) => [`${id} ${date}`, cell]));
  return {
    roster,
    calendar: sampleCalendar(items),
    marks: defaultMarks,
    attendance: sampleAttendance(dated, otherwise),
  };
}

const tally = (...args: Parameters<typeof sourcesOf>) =>
  dayTally({ ...sourcesOf(...args), homeroomId: '1-1', date });

describe('the tally of a day', () => {
  it('[AT41] places each pupil once', () => {
    const cells = {
      a: 'sick',
      b: 'suspendedInfection',
      c: 'suspendedMisconduct',
      d: 'bereavement',
      e: 'disaster',
      f: 'lateAndEarly',
      g: sampleCell(sampleWrite('present', 'e1'), sampleWrite('other', 'e2')),
    };
    expect(tally(cells, null)).toEqual({
      enrolledCount: 8,
      dueCount: 8,
      presentCount: 1,
      absentCount: 2,
      suspendedCount: 2,
      bereavementCount: 1,
      otherExcludedCount: 1,
      lateCount: 1,
      earlyDepartureCount: 1,
      unmarkedCount: 1,
      conflictCount: 1,
      rollDue: true,
      rollTaken: false,
    });
  });

  it('[AT40] knows a roll that is taken, open, or taken back', () => {
    expect(tally({}, 'present')).toMatchObject({ rollTaken: true, presentCount: 8 });
    expect(tally({ a: 'present' }, null)).toMatchObject({
      rollDue: true,
      rollTaken: false,
      unmarkedCount: 7,
    });
    expect(tally({ h: sampleCell(sampleWrite(null)) }, 'present')).toMatchObject({ rollTaken: false });
  });

  it('[AT40] expects no roll on a day without school and under closure', () => {
    const closure = sampleItem('closure', date, date, { kind: 'homeroom', homeroomId: '1-1' });
    expect(tally({}, 'present', [closure])).toMatchObject({
      dueCount: 8,
      otherExcludedCount: 8,
      presentCount: 0,
      rollDue: false,
      rollTaken: false,
    });
    expect(dayTally({ ...sourcesOf({}, null), homeroomId: '1-1', date: saturday })).toMatchObject({
      enrolledCount: 8,
      dueCount: 0,
      unmarkedCount: 0,
      rollDue: false,
    });
  });

  it('[AT42] sums the homerooms of a school', () => {
    const closure = sampleItem('closure', date, date, { kind: 'homeroom', homeroomId: '1-2' });
    const school = schoolDayTally({ ...sourcesOf({ a: 'sick', y: 'late' }, 'present', [closure]), date });
    expect(school).toMatchObject({
      enrolledCount: 10,
      dueCount: 10,
      presentCount: 8,
      absentCount: 1,
      otherExcludedCount: 1,
      lateCount: 1,
      rollDueHomeroomCount: 2,
      rollTakenHomeroomCount: 2,
    });
    expect(school.homerooms.map(({ homeroomId }) => homeroomId)).toEqual(['1-1', '1-2', 'sn']);
  });

  it('[AT13] counts a special-needs pupil in the special-needs homeroom only', () => {
    const school = schoolDayTally({ ...sourcesOf({}, 'present'), date });
    expect(school.homerooms.map(({ tally: each }) => each.presentCount)).toEqual([8, 1, 1]);
  });
});
