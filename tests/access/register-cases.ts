import type { Grant, Role } from '../../src/access/subject.ts';
import { calendarDate, type CalendarDate } from '../../src/domain/calendar/calendar-date.ts';
import type { Cell, Entry } from '../../src/ledger/entry.ts';
import { attendanceKey, type RegisterKind as Kind } from '../../src/ledger/kinds.ts';
import { registerStream, type Stream } from '../../src/ledger/stream.ts';
import {
  entryOf,
  grantOf,
  homeroomId,
  nextSalt,
  OTHER_SCHOOL,
  pupilId,
  SCHOOL,
  TODAY,
  YEAR,
} from '../../src/gateway/testing/small-town.ts';

/** Roles at a school, and those at the board. */
export const schoolRoles = [
  'homeroomTeacher',
  'assistantHomeroomTeacher',
  'subjectTeacher',
  'gradeLevelLead',
  'academicAffairs',
  'schoolNurse',
  'officeStaff',
  'vicePrincipal',
  'principal',
] as const satisfies Role[];
export const boardRoleList = [
  'boardSupervisor',
  'boardAdministrator',
  'systemAdministrator',
] as const satisfies Role[];

export type Validity = 'valid' | 'expired' | 'future';

const spans: Readonly<Record<Validity, { from: CalendarDate; until: CalendarDate }>> = {
  valid: { from: calendarDate('2026-04-01'), until: calendarDate('2027-04-01') },
  expired: { from: calendarDate('2026-04-01'), until: TODAY },
  future: { from: calendarDate('2026-06-11'), until: calendarDate('2027-04-01') },
};

/** The grant of a role at S1 (homeroom 1), or at the board. */
export function grantFor(role: Role, validity: Validity): Grant {
  const atBoard = (boardRoleList as readonly Role[]).includes(role);
  const more =
    role === 'homeroomTeacher' || role === 'assistantHomeroomTeacher'
      ? { homeroomId: homeroomId(SCHOOL, 1) }
      : role === 'subjectTeacher'
        ? { classId: 'class-1' }
        : role === 'gradeLevelLead'
          ? { gradeLevel: 'P1' as const }
          : {};
  return grantOf(role, atBoard ? null : SCHOOL, { ...spans[validity], ...more });
}

export interface WriteTarget {
  readonly school: 'own' | 'foreign';
  readonly homeroom: 'own' | 'other';
}

export const writtenKinds = [
  'attendance',
  'closing',
  'enrollment',
  'homeroom',
  'staff',
  'calendar',
  'school',
] as const satisfies Kind[];

const noTotals = {
  schoolDayCount: 0,
  excludedDayCount: 0,
  requiredDayCount: 0,
  absentDayCount: 0,
  presentDayCount: 0,
  lateCount: 0,
  earlyDepartureCount: 0,
};

function cellOf(kind: Kind, school: string, homeroom: number): Cell {
  const room = homeroomId(school, homeroom);
  const pupil = pupilId(school, homeroom, 1);
  switch (kind) {
    case 'attendance':
      return { key: attendanceKey(pupil, TODAY), value: { mark: 'present' }, over: [] };
    case 'closing':
      return {
        key: `closing/${room}/2026-05`,
        value: {
          month: '2026-05',
          homeroom: room,
          state: 'closed',
          rules: { marks: 'default', form: 'a4' },
          days: [],
          rows: [],
          totals: noTotals,
        },
        over: [],
      };
    case 'enrollment':
      return {
        key: 'student/new-pupil',
        value: {
          familyName: '雨野',
          givenName: '新',
          kanaFamilyName: 'アメノ',
          kanaGivenName: 'シン',
          gradeLevel: 'P1',
        },
        over: [],
      };
    case 'homeroom':
      return {
        key: `homeroom/${nextSalt()}`,
        value: { title: '3年1組', gradeLevels: ['P3'], specialNeeds: false },
        over: [],
      };
    case 'staff':
      return {
        key: `staff/${nextSalt()}`,
        value: { familyName: '雨野', givenName: '先生', duties: [] },
        over: [],
      };
    case 'calendar':
      return {
        key: `calendar/${nextSalt()}`,
        value: { type: 'event', from: TODAY, until: '2026-06-11', scope: { kind: 'school' }, title: '遠足' },
        over: [],
      };
    case 'school':
      return { key: 'school', value: { code: school, name: '改名', schoolYear: YEAR }, over: [] };
  }
}

export function targetStream({ school }: WriteTarget): Stream {
  return registerStream(school === 'own' ? SCHOOL : OTHER_SCHOOL, YEAR);
}

/** An entry of this kind, about the target, by this person. */
export function writeFor(kind: Kind, target: WriteTarget, by: string): Entry {
  const school = target.school === 'own' ? SCHOOL : OTHER_SCHOOL;
  const cell = cellOf(kind, school, target.homeroom === 'own' ? 1 : 2);
  return entryOf(targetStream(target), { kind, by, cells: [cell] });
}

/**
 * Who writes what, told a second time and in another way than `registerWriters`, from the notes of the design: where
 * the two differ, one of them is wrong.
 */
const management: readonly Role[] = ['officeStaff', 'vicePrincipal', 'principal'];
export function mayWrite(role: Role, kind: Kind, target: WriteTarget, validity: Validity): boolean {
  if (validity !== 'valid' || target.school !== 'own') return false;
  switch (kind) {
    case 'attendance':
      if (role === 'homeroomTeacher' || role === 'assistantHomeroomTeacher') return target.homeroom === 'own';
      return role === 'schoolNurse' || management.includes(role);
    case 'closing':
      if (role === 'homeroomTeacher') return target.homeroom === 'own';
      return role === 'vicePrincipal' || role === 'principal';
    case 'enrollment':
    case 'staff':
      return management.includes(role);
    case 'homeroom':
    case 'calendar':
      return management.includes(role) || role === 'academicAffairs';
    case 'school':
      return false;
  }
}

export function mayRead(role: Role, target: Pick<WriteTarget, 'school'>, validity: Validity): boolean {
  return validity === 'valid' && target.school === 'own' && (schoolRoles as readonly Role[]).includes(role);
}
