import { addDays, schoolYearStart, type CalendarDate } from '../../calendar/calendar-date.ts';
import type { CalendarItem, CalendarScope, SchoolCalendar } from '../../calendar/school-calendar.ts';
import type { ClassEnrollment, GradeLevel, Homeroom, SchoolRoster, Student } from '../../roster/roster.ts';
import type { AttendanceCell, AttendanceLookup, AttendanceWrite } from '../attendance.ts';

// A synthetic school for tests: nobody in it exists.

export const SAMPLE_YEAR = 2026;

export function sampleHomeroom(id: string, gradeLevels: GradeLevel[], specialNeeds = false): Homeroom {
  return { id, title: id, gradeLevels, specialNeeds };
}

export function sampleStudent(id: string, gradeLevel: GradeLevel): Student {
  return {
    id,
    familyName: '見本',
    givenName: id,
    kanaFamilyName: 'ミホン',
    kanaGivenName: id,
    gradeLevel,
  };
}

/** An enrolment that lasts the sample year unless told otherwise. */
export function sampleEnrollment(
  studentId: string,
  homeroomId: string,
  rosterNumber: number | null,
  changes: Partial<ClassEnrollment> = {},
): ClassEnrollment {
  return {
    id: `${studentId}-${homeroomId}-${changes.from ?? 'start'}`,
    studentId,
    homeroomId,
    rosterNumber,
    from: schoolYearStart(SAMPLE_YEAR),
    until: schoolYearStart(SAMPLE_YEAR + 1),
    beganBy: 'yearStart',
    endedBy: null,
    ...changes,
  };
}

export function sampleRoster(
  homerooms: readonly Homeroom[],
  students: readonly Student[],
  enrollments: readonly ClassEnrollment[],
  schoolYear = SAMPLE_YEAR,
): SchoolRoster {
  return {
    school: { code: 'X0000', name: '見本小学校' },
    schoolYear,
    homerooms: new Map(homerooms.map((homeroom) => [homeroom.id, homeroom])),
    students: new Map(students.map((student) => [student.id, student])),
    enrollments,
    staff: new Map(),
  };
}

export function sampleCalendar(
  items: readonly CalendarItem[] = [],
  schoolYear = SAMPLE_YEAR,
): SchoolCalendar {
  return { schoolYear, items };
}

/** A calendar item from its first to its last day, both included. */
export function sampleItem(
  type: CalendarItem['type'],
  first: CalendarDate,
  last: CalendarDate,
  scope: CalendarScope = { kind: 'school' },
): CalendarItem {
  return {
    id: `${type}-${first}`,
    type,
    from: first,
    until: addDays(last, 1),
    scope,
    title: `${type} ${first}`,
  };
}

export function sampleWrite(
  mark: string | null,
  entryId = 'e1',
  changes: Partial<AttendanceWrite> = {},
): AttendanceWrite {
  return { entryId, mark, by: 'teacher', madeAt: 0, receivedAt: null, ...changes };
}

export function sampleCell(...heads: AttendanceWrite[]): AttendanceCell {
  return { heads, replaced: [] };
}

/** Attendance by `student date`; days not listed have the mark `otherwise`, or none where it is null. */
export function sampleAttendance(
  cells: Readonly<Record<string, string | AttendanceCell>>,
  otherwise: string | null = 'present',
): AttendanceLookup {
  return (studentId, date) => {
    const cell = cells[`${studentId} ${date}`] ?? otherwise;
    if (cell === null) return undefined;
    return typeof cell === 'string' ? sampleCell(sampleWrite(cell)) : cell;
  };
}
