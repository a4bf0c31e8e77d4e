import type { DayView, RollCallView, WriteView } from '#device/views.ts';
import { noCounts } from '#domain/attendance/day-tally.ts';
import { defaultMarks } from '#domain/attendance/default-marks.ts';
import { calendarDate } from '#domain/calendar/calendar-date.ts';

/** The day in question. */
export const date = calendarDate('2026-11-20');
export const UNMARKED: DayView = { state: 'unmarked', shown: null, open: [], struck: [], painted: [] };

export function write(entryId: string, mark: string | null, more: Partial<WriteView> = {}): WriteView {
  return {
    entryId,
    mark,
    note: null,
    byId: 'p',
    byName: '',
    byRole: null,
    madeAt: 0,
    delivery: 'device',
    ...more,
  };
}

export function single(
  entryId: string,
  mark: string,
  struck: WriteView[] = [],
  more: Partial<WriteView> = {},
): DayView {
  const shown = write(entryId, mark, more);
  return { state: 'single', shown, open: [shown], struck, painted: [entryId] };
}

export function conflict(...writes: WriteView[]): DayView {
  return {
    state: 'conflict',
    shown: writes[0] ?? null,
    open: writes,
    struck: [],
    painted: writes.map((each) => each.entryId),
  };
}

/** A homeroom's day; ids that begin with `off` have no school. */
export function viewOf(days: Readonly<Record<string, DayView>>, canWrite = true): RollCallView {
  return {
    homeroomId: 'h',
    homeroomTitle: '1-1',
    date,
    dayKind: 'schoolDay',
    previousSchoolDay: null,
    nextSchoolDay: null,
    rows: Object.entries(days).map(([studentId, day], index) => ({
      studentId,
      rosterNumber: index + 1,
      familyName: studentId,
      givenName: '',
      kana: '',
      due: !studentId.startsWith('off'),
      day,
    })),
    tally: { ...noCounts(), rollDue: true, rollTaken: false },
    canWrite,
    marks: [...defaultMarks.values()],
  };
}
