import { describe, expect, it } from 'vitest';
import { calendarDate, calendarMonth } from '../calendar/calendar-date.ts';
import type { CalendarItem } from '../calendar/school-calendar.ts';
import type { ClassEnrollment } from '../roster/roster.ts';
import { defaultMarks } from './default-marks.ts';
import { monthRegister } from './month-register.ts';
import { blocksClosing, type RegisterProblem } from './register-problems.ts';
import {
  sampleAttendance,
  sampleCalendar,
  sampleEnrollment,
  sampleHomeroom,
  sampleItem,
  sampleRoster,
  sampleStudent,
} from './testing/sample-school.ts';

const d = calendarDate;

/** The problems of homeroom 1-1 in June 2026 up to Friday the 12th, for pupil a. */
function problemsOf(
  cells: Record<string, string>,
  {
    items = [],
    enrollments = [sampleEnrollment('a', '1-1', 1)],
    homeroomId = '1-1',
    month = '2026-06',
  } = {} as {
    items?: CalendarItem[];
    enrollments?: ClassEnrollment[];
    homeroomId?: string;
    month?: string;
  },
): readonly RegisterProblem[] {
  return monthRegister({
    roster: sampleRoster(
      [sampleHomeroom('1-1', ['P1']), sampleHomeroom('1-2', ['P1'])],
      [sampleStudent('a', 'P1')],
      enrollments,
    ),
    calendar: sampleCalendar([sampleItem('vacation', d('2026-06-03'), d('2026-06-30')), ...items]),
    marks: defaultMarks,
    homeroomId,
    month: calendarMonth(month),
    attendance: sampleAttendance(cells, null),
    through: d('2026-06-12'),
  }).problems;
}

const present = { 'a 2026-06-01': 'present', 'a 2026-06-02': 'present' };

describe('the problems of a month', () => {
  it('[AT7] name every due day nobody marked', () => {
    expect(problemsOf({ 'a 2026-06-01': 'present' })).toEqual([
      { code: 'unmarkedDay', studentId: 'a', date: '2026-06-02' },
    ]);
    expect(problemsOf(present)).toEqual([]);
  });

  it('[AT33] name a mark on a day without school', () => {
    expect(problemsOf({ ...present, 'a 2026-06-10': 'late' })).toEqual([
      { code: 'markOnNonSchoolDay', studentId: 'a', date: '2026-06-10' },
    ]);
  });

  it('[AT33] let 出席停止 run into a closure of the homeroom, and name another mark there', () => {
    const items = [
      sampleItem('closure', d('2026-06-02'), d('2026-06-02'), { kind: 'homeroom', homeroomId: '1-1' }),
    ];
    expect(problemsOf({ ...present, 'a 2026-06-02': 'suspendedInfection' }, { items })).toEqual([]);
    expect(problemsOf(present, { items })).toEqual([
      { code: 'markOnNonSchoolDay', studentId: 'a', date: '2026-06-02' },
    ]);
  });

  it('[AT34] name a mark after the pupil left, in a later month too, and once', () => {
    const enrollments = [
      sampleEnrollment('a', '1-2', 1, { until: d('2026-05-01'), endedBy: 'homeroomChange' }),
      sampleEnrollment('a', '1-1', 1, {
        from: d('2026-05-01'),
        beganBy: 'homeroomChange',
        until: d('2026-06-03'),
        endedBy: 'transferOut',
      }),
    ];
    const cells = { ...present, 'a 2026-06-10': 'present', 'a 2026-07-01': 'present' };
    const after = (date: string) => [{ code: 'markOutsideEnrollment', studentId: 'a', date }];
    expect(problemsOf(cells, { enrollments })).toEqual(after('2026-06-10'));
    expect(problemsOf(cells, { enrollments, month: '2026-07' })).toEqual(after('2026-07-01'));
    expect(problemsOf(cells, { enrollments, homeroomId: '1-2' })).toEqual([]);
  });

  it('[AT34] do not name a mark made in the homeroom the pupil moved to', () => {
    const enrollments = [
      sampleEnrollment('a', '1-1', 1, { until: d('2026-06-02'), endedBy: 'homeroomChange' }),
      sampleEnrollment('a', '1-2', 1, { from: d('2026-06-02'), beganBy: 'homeroomChange' }),
    ];
    expect(problemsOf(present, { enrollments })).toEqual([]);
    expect(problemsOf(present, { enrollments, homeroomId: '1-2' })).toEqual([]);
  });

  it('[AT35] name 学校を去った日 that is no school day', () => {
    const leaving = (until: string) => [
      sampleEnrollment('a', '1-1', 1, { until: d(until), endedBy: 'transferOut' }),
    ];
    expect(problemsOf(present, { enrollments: leaving('2026-06-08') })).toEqual([
      { code: 'lastDayNotSchoolDay', studentId: 'a', date: '2026-06-07' },
    ]);
    expect(problemsOf(present, { enrollments: leaving('2026-06-03') })).toEqual([]);
  });

  it('[AT32] block closing the month where a count is open or wrong', () => {
    const at = { studentId: 'a', date: d('2026-06-01') };
    const blocking = (['unmarkedDay', 'conflict', 'unreadableMark'] as const).map((code) => ({
      code,
      ...at,
    }));
    expect(blocking.every(blocksClosing)).toBe(true);
    expect(blocksClosing({ code: 'checkFailed', check: 'present' })).toBe(true);
    const looking = (['markOnNonSchoolDay', 'markOutsideEnrollment', 'lastDayNotSchoolDay'] as const).map(
      (code) => ({ code, ...at }),
    );
    expect(looking.some(blocksClosing)).toBe(false);
  });
});
