import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, calendarDate, calendarMonth, datesOfMonth } from '../calendar/calendar-date.ts';
import type { CalendarItem } from '../calendar/school-calendar.ts';
import type { ClassEnrollment, Student } from '../roster/roster.ts';
import type { AttendanceCell } from './attendance.ts';
import { defaultMarks } from './default-marks.ts';
import { monthRegister } from './month-register.ts';
import {
  sampleCalendar,
  sampleCell,
  sampleEnrollment,
  sampleHomeroom,
  sampleRoster,
  sampleStudent,
  sampleWrite,
} from './testing/sample-school.ts';
import { yearTotals } from './year-totals.ts';

// A slow recount, day by day, written from the rules alone. 2026-05 has three national holidays on weekdays.
const month = calendarMonth('2026-05');
const dates = datesOfMonth(month);
const monthEnd = calendarDate('2026-06-01');
const nationalHolidays = ['2026-05-03', '2026-05-04', '2026-05-05', '2026-05-06'];
const homerooms = [
  sampleHomeroom('1-1', ['P1']),
  sampleHomeroom('1-2', ['P1']),
  sampleHomeroom('2-1', ['P2']),
  sampleHomeroom('sn', ['P1', 'P2'], true),
];

const dayIndex = fc.integer({ min: 0, max: dates.length - 1 });
const dateAt = (index: number) => addDays(calendarDate('2026-05-01'), index);

const item: fc.Arbitrary<CalendarItem> = fc
  .record({
    type: fc.constantFrom('vacation', 'holiday', 'schoolDay', 'closure', 'closure', 'closure', 'event'),
    start: dayIndex,
    length: fc.integer({ min: 1, max: 5 }),
    scope: fc.constantFrom<CalendarItem['scope'][]>(
      { kind: 'school' },
      { kind: 'gradeLevel', gradeLevel: 'P1' },
      { kind: 'gradeLevel', gradeLevel: 'P2' },
      ...homerooms.map(({ id }) => ({ kind: 'homeroom', homeroomId: id }) as const),
    ),
  })
  .map(({ type, start, length, scope }) => ({
    id: `${type}-${start}-${length}`,
    type,
    from: dateAt(start),
    until: dateAt(start + length),
    // Only a closure takes one homeroom; the rest of a calendar is the school's or a grade level's.
    scope: type === 'closure' || scope.kind !== 'homeroom' ? scope : { kind: 'school' },
    title: '',
  }));

const stay = fc.record({
  homeroomId: fc.constantFrom(...homerooms.map(({ id }) => id)),
  start: fc.integer({ min: -5, max: dates.length - 1 }),
  length: fc.integer({ min: 1, max: 40 }),
  gradeLevel: fc.constantFrom('P1' as const, 'P2' as const),
});

const cell: fc.Arbitrary<AttendanceCell | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(sampleCell(sampleWrite('present'))) },
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...defaultMarks.keys(), 'future', null), { maxLength: 3 })
      .map((codes) => sampleCell(...codes.map((code, index) => sampleWrite(code, `e${index}`)))),
  },
);

interface Case {
  readonly items: readonly CalendarItem[];
  readonly students: readonly Student[];
  readonly enrollments: readonly ClassEnrollment[];
  readonly cells: readonly (AttendanceCell | undefined)[];
  readonly throughIndex: number;
}

const school: fc.Arbitrary<Case> = fc
  .record({
    items: fc.array(item, { maxLength: 8 }),
    stays: fc.array(stay, { minLength: 1, maxLength: 6 }),
    cells: fc.array(cell, { minLength: 40, maxLength: 40 }),
    throughIndex: dayIndex,
  })
  .map(({ stays, ...rest }) => ({
    ...rest,
    students: stays.map(({ homeroomId, gradeLevel }, index) => {
      const own = homerooms.find(({ id }) => id === homeroomId)?.gradeLevels ?? [];
      return sampleStudent(`s${index}`, own.includes(gradeLevel) ? gradeLevel : (own[0] ?? gradeLevel));
    }),
    enrollments: stays.map(({ homeroomId, start, length }, index) =>
      sampleEnrollment(`s${index}`, homeroomId, index + 1, {
        from: dateAt(start),
        until: dateAt(start + length),
        endedBy: 'transferOut',
      }),
    ),
  }));

function recount(given: Case, student: Student, enrollment: ClassEnrollment) {
  const count = {
    school: 0,
    excluded: 0,
    absent: 0,
    present: 0,
    late: 0,
    early: 0,
    unmarked: 0,
    conflicts: 0,
  };
  for (let index = 0; index <= given.throughIndex; index += 1) {
    const date = dateAt(index);
    if (date < enrollment.from || date >= enrollment.until) continue;
    const on = given.items.filter((each) => each.from <= date && each.until > date);
    const has = (type: string, ...scopes: string[]) =>
      on.some((each) => each.type === type && scopes.includes(Object.values(each.scope).join(' ')));
    const mine = ['school', `gradeLevel ${student.gradeLevel}`];
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay() % 6 !== 0;
    const ordinarilyOpen = weekday && !nationalHolidays.includes(date);
    const open =
      has('schoolDay', ...mine) || (ordinarilyOpen && !has('vacation', ...mine) && !has('holiday', ...mine));
    if (!open || has('closure', ...mine)) continue;
    const rooms = student.gradeLevel === 'P1' ? ['1-1', '1-2'] : ['2-1'];
    if (rooms.every((room) => has('closure', `homeroom ${room}`))) continue;
    count.school += 1;
    if (has('closure', `homeroom ${enrollment.homeroomId}`)) {
      count.excluded += 1;
      continue;
    }
    const codes = (lookUp(given, student.id, date)?.heads ?? []).map((write) => write.mark);
    const best = [...defaultMarks.values()]
      .filter((mark) => codes.includes(mark.code))
      .sort((a, b) => b.precedence - a.precedence)[0];
    if (!best || codes.includes('future')) {
      count.unmarked += 1;
      continue;
    }
    if (new Set(codes).size > 1) count.conflicts += 1;
    count[best.counts.as] += 1;
    if (best.counts.late) count.late += 1;
    if (best.counts.earlyDeparture) count.early += 1;
  }
  return count;
}

function lookUp(given: Case, studentId: string, date: string): AttendanceCell | undefined {
  return given.cells[(Number(studentId.slice(1)) * 13 + Number(date.slice(8))) % given.cells.length];
}

describe('random schools', () => {
  it('[AT6] [AT31] a recount day by day gives the totals of the register and of the year', () => {
    fc.assert(
      fc.property(school, (given) => {
        const sources = {
          roster: sampleRoster(homerooms, given.students, given.enrollments),
          calendar: sampleCalendar(given.items),
          marks: defaultMarks,
          attendance: (id: string, date: string) => lookUp(given, id, date),
          through: dateAt(given.throughIndex),
        };
        const registers = homerooms.map(({ id }) => monthRegister({ ...sources, homeroomId: id, month }));
        const rows = new Map(
          registers.flatMap(({ rows }) => rows.map((row) => [row.student.id, row] as const)),
        );
        for (const register of registers) expect(register.checks.filter((check) => !check.holds)).toEqual([]);

        given.students.forEach((student, index) => {
          const enrollment = given.enrollments[index] as ClassEnrollment;
          const row = rows.get(student.id);
          const isListed = enrollment.until > '2026-05-01' && enrollment.from < monthEnd;
          expect(row !== undefined).toBe(isListed);
          if (!row) return;
          const { totals } = row;
          const slow = recount(given, student, enrollment);
          expect(totals).toMatchObject({
            schoolDayCount: slow.school,
            excludedDayCount: slow.excluded,
            requiredDayCount: slow.school - slow.excluded,
            absentDayCount: slow.absent,
            presentDayCount: slow.present,
            lateCount: slow.late,
            earlyDepartureCount: slow.early,
            unmarkedDayCount: slow.unmarked,
            conflictDayCount: slow.conflicts,
          });
          expect(totals.presentDayCount).toBe(
            totals.requiredDayCount - totals.absentDayCount - totals.unmarkedDayCount,
          );
          const [year] = yearTotals({
            ...sources,
            studentIds: [student.id],
            from: calendarDate('2026-05-01'),
            until: monthEnd,
          });
          expect(year?.totals).toEqual(totals);
        });
      }),
      { seed: 20260501, numRuns: 300 },
    );
  });
});
