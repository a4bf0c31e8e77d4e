import type { CalendarDate, SchoolYear } from '../calendar/calendar-date.ts';
import type { GradeLevel } from '../roster/roster.ts';

/** `oneroster.version` of the manifest: K-12/Schools profile of 2026, and the two profiles before it. */
export type OneRosterVersion = '1.2_JP' | '1.2.1' | '1.2';

/** What a OneRoster package says about the schools of one establisher in one school year, checked and cleaned. */
export interface OneRosterCity {
  readonly schoolYear: SchoolYear;
  readonly manifest: {
    readonly version: OneRosterVersion;
    readonly sourceSystem: { readonly name: string; readonly code: string };
  };
  readonly board: OneRosterBoard;
  readonly schools: readonly OneRosterSchool[];
  readonly homerooms: readonly OneRosterHomeroom[];
  readonly taughtClasses: readonly OneRosterTaughtClass[];
  readonly students: readonly OneRosterStudent[];
  readonly staff: readonly OneRosterStaffMember[];
  readonly enrollments: readonly OneRosterEnrollment[];
}

/** 教育委員会; `code` is the 教育委員会コード. */
export interface OneRosterBoard {
  readonly sourcedId: string;
  readonly code: string;
  readonly name: string;
}

/** `code` is the school code of the ministry (学校コード). */
export interface OneRosterSchool {
  readonly sourcedId: string;
  readonly code: string;
  readonly name: string;
}

/** 学級. */
export interface OneRosterHomeroom {
  readonly sourcedId: string;
  readonly schoolId: string;
  readonly title: string;
  readonly gradeLevels: readonly GradeLevel[];
  /** 特別支援学級. */
  readonly specialNeeds: boolean;
  readonly classCode: string;
}

/** A scheduled class: one group taught one course. */
export interface OneRosterTaughtClass {
  readonly sourcedId: string;
  readonly schoolId: string;
  readonly title: string;
  readonly gradeLevels: readonly GradeLevel[];
  /** Those of the class, or where it names none those of its course. */
  readonly subjects: readonly OneRosterSubject[];
  readonly courseId: string;
  readonly classCode: string;
}

export interface OneRosterSubject {
  readonly name: string;
  readonly code: string;
}

/** Preferred names (通称), falling back to the given ones; kana in full-width katakana, '' where there is none. */
export interface OneRosterNames {
  readonly familyName: string;
  readonly givenName: string;
  readonly middleName: string;
  readonly kanaFamilyName: string;
  readonly kanaGivenName: string;
  readonly kanaMiddleName: string;
}

interface OneRosterPerson extends OneRosterNames {
  readonly sourcedId: string;
  /** Stays with a person through schools and years; null where the package has none. */
  readonly userMasterIdentifier: string | null;
  /** `enabledUser`; the profile asks for true. Nobody who is not enabled may sign in. */
  readonly enabled: boolean;
}

/** 児童・生徒. */
export interface OneRosterStudent extends OneRosterPerson {
  readonly gradeLevel: GradeLevel;
  readonly schoolId: string;
}

/** 教職員. The profile knows no nurse and no office staff: both arrive as `teacher` without a class. */
export interface OneRosterStaffMember extends OneRosterPerson {
  readonly username: string;
  /** Organisation of the primary role: a school, or the board. */
  readonly orgId: string;
  readonly roles: readonly OneRosterStaffRole[];
}

export type OneRosterStaffRoleName =
  | 'teacher'
  | 'principal'
  | 'siteAdministrator'
  | 'districtAdministrator'
  | 'systemAdministrator'
  | 'aide'
  | 'counselor'
  | 'proctor';

/** Held during the half-open interval [from, until). */
export interface OneRosterStaffRole {
  readonly role: OneRosterStaffRoleName;
  readonly orgId: string;
  readonly primary: boolean;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/** Somebody's place in a homeroom or taught class during [from, until): `until` is the day after `endDate`. */
export interface OneRosterEnrollment {
  readonly id: string;
  readonly classId: string;
  readonly schoolId: string;
  readonly userId: string;
  readonly role: 'student' | 'teacher' | 'administrator';
  /** Of a teacher in a homeroom: true 学級担任, false 副担任. Always false for a student. */
  readonly primary: boolean;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  /** 出席番号 of a student; null where none is given. */
  readonly rosterNumber: number | null;
}
