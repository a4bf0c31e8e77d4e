import type { AttendanceCell, AttendanceLookup, AttendanceWrite } from '../domain/attendance/attendance.ts';
import type { CalendarItem, SchoolCalendar } from '../domain/calendar/school-calendar.ts';
import type { SchoolYear } from '../domain/calendar/calendar-date.ts';
import type {
  ClassEnrollment,
  Homeroom,
  SchoolRoster,
  StaffMember,
  Student,
} from '../domain/roster/roster.ts';
import type { Fold, Write } from './fold.ts';
import { attendanceKey } from './kinds.ts';

/** The value a screen shows for a standing cell: the readable head, by hash where several are open. */
function standingValue(fold: Fold, key: string): unknown {
  const head = fold.headsOf(key).find((write) => write.entry.readable && write.value !== null);
  return head?.value;
}

/** Reads the standing entries of a register into the roster that the school's rules work on. */
export function readRoster(fold: Fold, schoolYear: SchoolYear): SchoolRoster {
  let school = { code: '', name: '' };
  const homerooms = new Map<string, Homeroom>();
  const students = new Map<string, Student>();
  const staff = new Map<string, StaffMember>();
  const enrollments: ClassEnrollment[] = [];
  for (const key of fold.keys()) {
    const slash = key.indexOf('/');
    const [head, id] = slash < 0 ? [key, ''] : [key.slice(0, slash), key.slice(slash + 1)];
    if (
      head !== 'school' &&
      head !== 'homeroom' &&
      head !== 'student' &&
      head !== 'staff' &&
      head !== 'classEnrollment'
    )
      continue;
    const value = standingValue(fold, key);
    if (value === undefined) continue;
    if (head === 'school') school = value as typeof school;
    else if (head === 'homeroom') homerooms.set(id, { id, ...(value as Omit<Homeroom, 'id'>) });
    else if (head === 'student') students.set(id, { id, ...(value as Omit<Student, 'id'>) });
    else if (head === 'staff') staff.set(id, { id, ...(value as Omit<StaffMember, 'id'>) });
    else enrollments.push(readEnrollment(id, value));
  }
  enrollments.sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    school: { code: school.code, name: school.name },
    schoolYear,
    homerooms,
    students,
    enrollments,
    staff,
  };
}

function readEnrollment(id: string, value: unknown): ClassEnrollment {
  const { student, homeroom, ...rest } = value as Omit<ClassEnrollment, 'id' | 'studentId' | 'homeroomId'> & {
    student: string;
    homeroom: string;
  };
  return { id, studentId: student, homeroomId: homeroom, ...rest };
}

export function readCalendar(fold: Fold, schoolYear: SchoolYear): SchoolCalendar {
  const items: CalendarItem[] = [];
  for (const key of fold.keys()) {
    if (!key.startsWith('calendar/')) continue;
    const value = standingValue(fold, key) as
      (Omit<CalendarItem, 'id' | 'type'> & { type: string }) | undefined;
    if (!value || value.type === 'withdrawn') continue;
    items.push({ id: key.slice('calendar/'.length), ...value } as CalendarItem);
  }
  return { schoolYear, items: items.sort((a, b) => (a.from + a.id < b.from + b.id ? -1 : 1)) };
}

function attendanceWrite(write: Write): AttendanceWrite {
  const value = write.value as { mark: string; note?: string } | null | undefined;
  const mark = write.entry.readable ? (value?.mark ?? null) : 'unreadable';
  return {
    entryId: write.entry.id,
    mark,
    ...(value?.note === undefined ? {} : { note: value.note }),
    by: write.entry.by,
    madeAt: write.entry.madeAt,
    receivedAt: write.entry.received?.at ?? null,
  };
}

/** The day cells of a fold, as the register's rules read them. */
export function attendanceOf(fold: Fold): AttendanceLookup {
  return (studentId, date): AttendanceCell | undefined => {
    const key = attendanceKey(studentId, date);
    const history = fold.findCell(key);
    if (!history) return undefined;
    const heads = fold.headsOf(key);
    if (history.writes.length === heads.length) return { heads: heads.map(attendanceWrite), replaced: [] };
    const open = new Set(heads);
    const replaced = history.writes
      .filter((write) => !open.has(write))
      .sort((a, b) => a.entry.madeAt - b.entry.madeAt || (a.entry.id < b.entry.id ? -1 : 1));
    return { heads: heads.map(attendanceWrite), replaced: replaced.map(attendanceWrite) };
  };
}
