import type { CalendarDate, SchoolYear } from '../calendar/calendar-date.ts';

/** MEXT codes of a 学年: P1–P6 小学校, J1–J3 中学校. */
export type GradeLevel = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'J1' | 'J2' | 'J3';
export const gradeLevels = [
  'P1',
  'P2',
  'P3',
  'P4',
  'P5',
  'P6',
  'J1',
  'J2',
  'J3',
] as const satisfies GradeLevel[];

/** 学級. */
export interface Homeroom {
  readonly id: string;
  readonly title: string;
  readonly gradeLevels: readonly GradeLevel[];
  /** 特別支援学級. */
  readonly specialNeeds: boolean;
}

/** 児童・生徒: the minimum of importance Ⅲ, by preferred name. */
export interface Student {
  readonly id: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly kanaFamilyName: string;
  readonly kanaGivenName: string;
  /** 学年. */
  readonly gradeLevel: GradeLevel;
}

/** 学級所属: a student's place in a homeroom during the half-open interval [from, until). */
export interface ClassEnrollment {
  readonly id: string;
  readonly studentId: string;
  readonly homeroomId: string;
  /** 出席番号; null where none is given. */
  readonly rosterNumber: number | null;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  /** How the membership began: 年度始め, 転入学, 編入学, 学級替え. */
  readonly beganBy: 'yearStart' | 'transferIn' | 'lateralAdmission' | 'homeroomChange';
  /** How it ended; null while it lasts to the end of the year. `until` is the day after 学校を去った日. */
  readonly endedBy: 'transferOut' | 'withdrawal' | 'homeroomChange' | null;
}

/** 教職員, as far as every colleague of the school may know: name and duty. */
export interface StaffMember {
  readonly id: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly duties: readonly StaffDuty[];
}

export type StaffDuty =
  | { readonly role: 'homeroomTeacher' | 'assistantHomeroomTeacher'; readonly homeroomId: string }
  | { readonly role: 'subjectTeacher'; readonly classId: string }
  | { readonly role: 'principal' | 'vicePrincipal' | 'schoolNurse' | 'officeStaff' };

/** What the standing entries of a school's register say: one school, one school year. */
export interface SchoolRoster {
  readonly school: { readonly code: string; readonly name: string };
  readonly schoolYear: SchoolYear;
  readonly homerooms: ReadonlyMap<string, Homeroom>;
  readonly students: ReadonlyMap<string, Student>;
  readonly enrollments: readonly ClassEnrollment[];
  readonly staff: ReadonlyMap<string, StaffMember>;
}
