import { describe, expect, it } from 'vitest';
import { sampleCalendar, sampleHomeroom, sampleItem } from '../attendance/testing/sample-school.ts';
import type { GradeLevel, Homeroom } from '../roster/roster.ts';
import { calendarDate } from './calendar-date.ts';
import { decideDay, isSchoolDay } from './day-kind.ts';
import type { CalendarItem } from './school-calendar.ts';

const homerooms = new Map<string, Homeroom>(
  [
    sampleHomeroom('1-1', ['P1']),
    sampleHomeroom('1-2', ['P1']),
    sampleHomeroom('2-1', ['P2']),
    sampleHomeroom('sn', ['P1', 'P2'], true),
    sampleHomeroom('sn6', ['P6'], true),
    sampleHomeroom('sn6b', ['P6'], true),
  ].map((homeroom) => [homeroom.id, homeroom]),
);

const d = calendarDate;

function decide(items: CalendarItem[], date: string, homeroomId = '1-1', gradeLevel: GradeLevel = 'P1') {
  return decideDay(sampleCalendar(items), homerooms, homeroomId, gradeLevel, d(date));
}

const kind = (...args: Parameters<typeof decide>) => decide(...args).kind;

const closed = (homeroomId: string, first = '2026-06-10', last = first) =>
  sampleItem('closure', d(first), d(last), { kind: 'homeroom', homeroomId });

describe('the kind of a day', () => {
  it('[CA3] is outside the year before 1 April and after 31 March', () => {
    expect(kind([], '2026-03-31')).toBe('outsideYear');
    expect(kind([], '2026-04-01')).toBe('schoolDay');
    expect(kind([], '2027-03-31')).toBe('schoolDay');
    expect(kind([], '2027-04-01')).toBe('outsideYear');
  });

  it('[CA4] knows weekends and national holidays without being told', () => {
    expect(kind([], '2026-06-06')).toBe('weekend');
    expect(kind([], '2026-06-07')).toBe('weekend');
    expect(kind([], '2026-06-08')).toBe('schoolDay');
    expect(decide([], '2026-07-20')).toMatchObject({
      kind: 'nationalHoliday',
      title: '海の日',
      titleEn: 'Marine Day',
    });
  });

  it('[CA5] names vacation before holiday before national holiday before weekend', () => {
    const vacation = sampleItem('vacation', d('2026-07-18'), d('2026-08-31'));
    const holiday = sampleItem('holiday', d('2026-07-20'), d('2026-07-20'));
    expect(kind([holiday, vacation], '2026-07-20')).toBe('vacation');
    expect(kind([holiday], '2026-07-20')).toBe('holiday');
    expect(kind([], '2026-05-03')).toBe('nationalHoliday');
    expect(kind([vacation], '2026-09-01')).toBe('schoolDay');
  });

  it('[CA6] makes a school day of a Saturday, a national holiday, a holiday and a day of vacation', () => {
    const added = (day: string) => sampleItem('schoolDay', d(day), d(day));
    expect(decide([added('2026-06-06')], '2026-06-06')).toMatchObject({
      kind: 'schoolDay',
      title: 'schoolDay 2026-06-06',
    });
    expect(kind([added('2026-07-20')], '2026-07-20')).toBe('schoolDay');
    const off = (type: 'holiday' | 'vacation') => sampleItem(type, d('2026-06-15'), d('2026-06-15'));
    expect(kind([off('holiday'), added('2026-06-15')], '2026-06-15')).toBe('schoolDay');
    expect(kind([off('vacation'), added('2026-06-15')], '2026-06-15')).toBe('schoolDay');
  });

  it('[CA7] closes an added school day, and leaves a weekend a weekend', () => {
    const items = [
      sampleItem('schoolDay', d('2026-06-13'), d('2026-06-13')),
      closed('1-1', '2026-06-12', '2026-06-15'),
    ];
    const kinds = ['2026-06-11', '2026-06-12', '2026-06-13', '2026-06-14', '2026-06-15', '2026-06-16'];
    expect(kinds.map((date) => kind(items, date))).toEqual([
      'schoolDay',
      'homeroomClosure',
      'homeroomClosure',
      'weekend',
      'homeroomClosure',
      'schoolDay',
    ]);
  });

  it('[CA8] gives the widest closure', () => {
    const date = '2026-06-10';
    const ofGradeLevel = sampleItem('closure', d(date), d(date), { kind: 'gradeLevel', gradeLevel: 'P1' });
    const ofSchool = sampleItem('closure', d(date), d(date));
    expect(kind([closed('1-1'), ofGradeLevel, ofSchool], date)).toBe('schoolClosure');
    expect(kind([closed('1-1'), ofGradeLevel], date)).toBe('gradeLevelClosure');
    expect(kind([closed('1-1')], date)).toBe('homeroomClosure');
  });

  it('[CA9] closes a grade level with its only ordinary homeroom, special-needs pupils included', () => {
    const items = [closed('2-1')];
    expect(kind(items, '2026-06-10', '2-1', 'P2')).toBe('gradeLevelClosure');
    expect(decide(items, '2026-06-10', 'sn', 'P2')).toMatchObject({
      kind: 'gradeLevelClosure',
      title: 'closure 2026-06-10',
    });
    expect(kind(items, '2026-06-10', 'sn', 'P1')).toBe('schoolDay');
  });

  it('[CA9] closes a grade level when all its ordinary homerooms are closed on one day', () => {
    const items = [closed('1-1', '2026-06-10', '2026-06-11'), closed('1-2', '2026-06-11', '2026-06-12')];
    const kinds = (homeroomId: string) =>
      ['2026-06-10', '2026-06-11', '2026-06-12'].map((date) => kind(items, date, homeroomId));
    expect(kinds('1-1')).toEqual(['homeroomClosure', 'gradeLevelClosure', 'schoolDay']);
    expect(kinds('1-2')).toEqual(['schoolDay', 'gradeLevelClosure', 'homeroomClosure']);
  });

  it('[CA10] excludes one of several homerooms, and a special-needs homeroom', () => {
    expect(kind([closed('1-1')], '2026-06-10', '1-2')).toBe('schoolDay');
    expect(kind([closed('sn')], '2026-06-10', 'sn', 'P1')).toBe('homeroomClosure');
    expect(kind([closed('sn')], '2026-06-10', 'sn', 'P2')).toBe('homeroomClosure');
    expect(kind([closed('sn')], '2026-06-10', '2-1', 'P2')).toBe('schoolDay');
  });

  it('[CA9] lets special-needs homerooms decide for a grade level that has no other', () => {
    expect(kind([closed('sn6')], '2026-06-10', 'sn6', 'P6')).toBe('homeroomClosure');
    expect(kind([closed('sn6'), closed('sn6b')], '2026-06-10', 'sn6', 'P6')).toBe('gradeLevelClosure');
  });

  it('[CA11] applies an item to its scope only', () => {
    const saturday = sampleItem('schoolDay', d('2026-06-06'), d('2026-06-06'), {
      kind: 'gradeLevel',
      gradeLevel: 'P1',
    });
    expect(kind([saturday], '2026-06-06', '1-1', 'P1')).toBe('schoolDay');
    expect(kind([saturday], '2026-06-06', 'sn', 'P1')).toBe('schoolDay');
    expect(kind([saturday], '2026-06-06', '2-1', 'P2')).toBe('weekend');
  });

  it('[CA13] keeps the kind under an event and gives its title', () => {
    const event = sampleItem('event', d('2026-06-10'), d('2026-06-13'));
    expect(decide([event], '2026-06-10')).toMatchObject({
      kind: 'schoolDay',
      title: null,
      events: [event.title],
    });
    expect(decide([event], '2026-06-13')).toMatchObject({ kind: 'weekend', events: [event.title] });
  });

  it('[CA10] counts a school day and a closed homeroom as 授業日, nothing else', () => {
    expect((['schoolDay', 'homeroomClosure'] as const).every(isSchoolDay)).toBe(true);
    expect(
      (['weekend', 'nationalHoliday', 'holiday', 'vacation', 'schoolClosure'] as const).some(isSchoolDay),
    ).toBe(false);
    expect((['gradeLevelClosure', 'outsideYear'] as const).some(isSchoolDay)).toBe(false);
  });
});
