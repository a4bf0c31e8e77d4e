import type { GradeLevel, Homeroom } from '../roster/roster.ts';
import { schoolYearOf, weekdayOf, type CalendarDate } from './calendar-date.ts';
import { findClosureOfAllHomerooms, findHomeroomClosure } from './closures.ts';
import { findNationalHoliday } from './national-holidays.ts';
import type { CalendarItem, SchoolCalendar } from './school-calendar.ts';

/**
 * What a day is for the pupils of one homeroom and grade level. `homeroomClosure` is a closure of part of a grade
 * level (学級閉鎖): the day stays a 授業日. See SPEC.md for the order in which they are decided.
 */
export type DayKind =
  | 'schoolDay'
  | 'weekend'
  | 'nationalHoliday'
  | 'holiday'
  | 'vacation'
  | 'schoolClosure'
  | 'gradeLevelClosure'
  | 'homeroomClosure'
  | 'outsideYear';

export interface SchoolDay {
  readonly date: CalendarDate;
  readonly kind: DayKind;
  /** Title of the calendar item that decided, or the Japanese name of the national holiday. */
  readonly title: string | null;
  /** The English name, known for national holidays only. */
  readonly titleEn: string | null;
  /** Titles of the events (行事) of the day. */
  readonly events: readonly string[];
}

/** Whether the day counts in 授業日数. */
export function isSchoolDay(kind: DayKind): boolean {
  return kind === 'schoolDay' || kind === 'homeroomClosure';
}

/**
 * Decides one day for the pupils of `gradeLevel` in a homeroom. `homerooms` are all of the school: whether a
 * closure takes a whole grade level depends on the others.
 */
export function decideDay(
  calendar: SchoolCalendar,
  homerooms: ReadonlyMap<string, Homeroom>,
  homeroomId: string,
  gradeLevel: GradeLevel,
  date: CalendarDate,
): SchoolDay {
  if (schoolYearOf(date) !== calendar.schoolYear) return plainDay(date, 'outsideYear');

  const today = calendar.items.filter((item) => item.from <= date && date < item.until);
  const applying = today.filter((item) => appliesTo(item, homeroomId, gradeLevel));
  const events = applying.filter((item) => item.type === 'event').map((item) => item.title);
  const find = (type: CalendarItem['type']) => applying.find((item) => item.type === type);
  const by = (kind: DayKind, item: CalendarItem | undefined): SchoolDay => ({
    date,
    kind,
    title: item?.title ?? null,
    titleEn: null,
    events,
  });

  const addedDay = find('schoolDay');
  if (!addedDay) {
    const vacation = find('vacation');
    if (vacation) return by('vacation', vacation);
    const holiday = find('holiday');
    if (holiday) return by('holiday', holiday);
    const name = findNationalHoliday(date);
    if (name) return { date, kind: 'nationalHoliday', title: name.ja, titleEn: name.en, events };
    const weekday = weekdayOf(date);
    if (weekday === 0 || weekday === 6) return by('weekend', undefined);
  }

  const closures = today.filter((item) => item.type === 'closure');
  if (closures.length > 0) {
    const wholeSchool = closures.find((item) => item.scope.kind === 'school');
    if (wholeSchool) return by('schoolClosure', wholeSchool);
    const ofGradeLevel =
      closures.find((item) => item.scope.kind === 'gradeLevel' && item.scope.gradeLevel === gradeLevel) ??
      findClosureOfAllHomerooms(closures, homerooms, gradeLevel);
    if (ofGradeLevel) return by('gradeLevelClosure', ofGradeLevel);
    const ofHomeroom = findHomeroomClosure(closures, homeroomId);
    if (ofHomeroom) return by('homeroomClosure', ofHomeroom);
  }
  return by('schoolDay', addedDay);
}

function plainDay(date: CalendarDate, kind: DayKind): SchoolDay {
  return { date, kind, title: null, titleEn: null, events: [] };
}

function appliesTo(item: CalendarItem, homeroomId: string, gradeLevel: GradeLevel): boolean {
  switch (item.scope.kind) {
    case 'school':
      return true;
    case 'gradeLevel':
      return item.scope.gradeLevel === gradeLevel;
    case 'homeroom':
      return item.scope.homeroomId === homeroomId;
  }
}
