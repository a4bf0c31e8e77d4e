import { describe, expect, it } from 'vitest';
import { sampleCalendar, sampleHomeroom, sampleItem } from '../attendance/testing/sample-school.ts';
import { calendarDate } from './calendar-date.ts';
import { readSchoolDays } from './school-day-reader.ts';

const date = calendarDate('2026-06-10');
const homerooms = new Map(
  [
    sampleHomeroom('1-1', ['P1']),
    sampleHomeroom('2-1', ['P2']),
    sampleHomeroom('sn', ['P1', 'P2'], true),
  ].map((homeroom) => [homeroom.id, homeroom] as const),
);
const closureOf = (homeroomId: string) => sampleItem('closure', date, date, { kind: 'homeroom', homeroomId });

describe('a calendar made ready', () => {
  it('[CA12] shows school in the column while one grade level has it', () => {
    const days = readSchoolDays(sampleCalendar([closureOf('1-1')]), homerooms);
    expect(days.dayFor('sn', 'P1', date).kind).toBe('gradeLevelClosure');
    expect(days.dayFor('sn', 'P2', date).kind).toBe('schoolDay');
    expect(days.columnFor('sn', date).kind).toBe('schoolDay');
  });

  it('[CA12] shows the closure in the column when no grade level has school', () => {
    const days = readSchoolDays(sampleCalendar([closureOf('1-1'), closureOf('sn')]), homerooms);
    expect(days.columnFor('sn', date).kind).toBe('homeroomClosure');
    expect(days.columnFor('1-1', date).kind).toBe('gradeLevelClosure');
    expect(days.columnFor('2-1', date).kind).toBe('schoolDay');
  });

  it('[CA12] decides a day once', () => {
    const days = readSchoolDays(sampleCalendar(), homerooms);
    expect(days.dayFor('1-1', 'P1', date)).toBe(days.dayFor('1-1', 'P1', date));
  });

  it('[CA12] refuses a homeroom it does not know', () => {
    expect(() => readSchoolDays(sampleCalendar(), homerooms).columnFor('9-9', date)).toThrow(RangeError);
  });
});
