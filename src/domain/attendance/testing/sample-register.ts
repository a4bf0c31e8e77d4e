import { calendarDate, calendarMonth } from '../../calendar/calendar-date.ts';
import type { CalendarItem } from '../../calendar/school-calendar.ts';
import type { ClassEnrollment } from '../../roster/roster.ts';
import type { AttendanceCell } from '../attendance.ts';
import { defaultMarks } from '../default-marks.ts';
import {
  monthRegister,
  type MonthRegister,
  type MonthRegisterInput,
  type RegisterRow,
} from '../month-register.ts';
import {
  sampleAttendance,
  sampleCalendar,
  sampleEnrollment,
  sampleHomeroom,
  sampleItem,
  sampleRoster,
  sampleStudent,
} from './sample-school.ts';

const homerooms = [
  sampleHomeroom('1-1', ['P1']),
  sampleHomeroom('1-2', ['P1']),
  sampleHomeroom('2-1', ['P2']),
  sampleHomeroom('sn', ['P1', 'P2'], true),
];
const students = [
  ...['a', 'b', 'c', 's1'].map((id) => sampleStudent(id, 'P1')),
  ...['p', 's2'].map((id) => sampleStudent(id, 'P2')),
];
export const yearLong = [
  sampleEnrollment('a', '1-1', 1),
  sampleEnrollment('b', '1-1', 2),
  sampleEnrollment('c', '1-2', 1),
  sampleEnrollment('p', '2-1', 1),
  sampleEnrollment('s1', 'sn', 1),
  sampleEnrollment('s2', 'sn', 2),
];

/** Changes to the sample page. */
export interface SamplePage extends Partial<MonthRegisterInput> {
  readonly items?: CalendarItem[];
  readonly enrollments?: ClassEnrollment[];
  readonly cells?: Record<string, string | AttendanceCell>;
  readonly otherwise?: string | null;
}

/** Homeroom 1-1 in June 2026, which has 22 weekdays and no national holiday; everybody is present. */
export function sampleRegister({
  items = [],
  enrollments = yearLong,
  cells = {},
  otherwise,
  ...rest
}: SamplePage = {}) {
  const attendance = sampleAttendance(cells, otherwise);
  const isWeekday = (date: string) => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
  return monthRegister({
    roster: sampleRoster(homerooms, students, enrollments),
    calendar: sampleCalendar(items),
    marks: defaultMarks,
    homeroomId: '1-1',
    month: calendarMonth('2026-06'),
    // Unless a cell says otherwise, nobody marks a Saturday or Sunday.
    attendance: (id, date) =>
      cells[`${id} ${date}`] !== undefined || isWeekday(date) ? attendance(id, date) : undefined,
    ...rest,
  });
}

export function rowOf(register: MonthRegister, studentId: string): RegisterRow {
  const row = register.rows.find(({ student }) => student.id === studentId);
  if (!row) throw new RangeError(`no row of ${studentId}`);
  return row;
}

export function sampleClosure(homeroomId: string, first: string, last = first): CalendarItem {
  return sampleItem('closure', calendarDate(first), calendarDate(last), { kind: 'homeroom', homeroomId });
}
