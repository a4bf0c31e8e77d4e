import * as z from 'zod/mini';
import { parseCalendarDate, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { KindDefinition } from './kind-definition.ts';
import { official1Kinds, recordsKinds } from './record-kinds.ts';
import { code, count, date, DATE, gradeLevel, id, ID, keyPattern, month, text } from './value-shapes.ts';

/** `<student>/<date>[/<period>]`: 1–9 is the lesson (校時); without it, the day. */
const ATTENDANCE_KEY = new RegExp(`^(${ID})/(${DATE})(?:/([1-9]))?$`);

export interface AttendanceKey {
  readonly studentId: string;
  readonly date: CalendarDate;
  readonly lesson: number | null;
}

export function parseAttendanceKey(key: string): AttendanceKey | null {
  const match = ATTENDANCE_KEY.exec(key);
  const day = parseCalendarDate(match?.[2]);
  if (!match?.[1] || !day) return null;
  return { studentId: match[1], date: day, lesson: match[3] ? Number(match[3]) : null };
}

export function attendanceKey(studentId: string, day: CalendarDate): string {
  return `${studentId}/${day}`;
}

/** 出欠: what somebody saw; null takes a mark back. */
export const attendanceValue = z.nullable(z.strictObject({ mark: code, note: z.optional(text(200)) }));

export const schoolValue = z.strictObject({ code: text(20), name: text(100), schoolYear: z.int() });
export const homeroomValue = z.strictObject({
  title: text(50),
  gradeLevels: z.array(gradeLevel).check(z.minLength(1), z.maxLength(9)),
  specialNeeds: z.boolean(),
});
export const studentValue = z.strictObject({
  familyName: text(50),
  givenName: text(50),
  kanaFamilyName: text(50),
  kanaGivenName: text(50),
  gradeLevel,
});
export const classEnrollmentValue = z.strictObject({
  student: id,
  homeroom: id,
  rosterNumber: z.nullable(z.int().check(z.minimum(1), z.maximum(999))),
  from: date,
  until: date,
  beganBy: z.enum(['yearStart', 'transferIn', 'lateralAdmission', 'homeroomChange']),
  endedBy: z.nullable(z.enum(['transferOut', 'withdrawal', 'homeroomChange'])),
});
export const staffValue = z.strictObject({
  familyName: text(50),
  givenName: text(50),
  duties: z
    .array(
      z.strictObject({
        role: z.enum([
          'homeroomTeacher',
          'assistantHomeroomTeacher',
          'subjectTeacher',
          'principal',
          'vicePrincipal',
          'schoolNurse',
          'officeStaff',
        ]),
        homeroomId: z.optional(id),
        classId: z.optional(id),
      }),
    )
    .check(z.maxLength(100)),
});
export const calendarValue = z.strictObject({
  type: z.enum(['vacation', 'holiday', 'schoolDay', 'closure', 'event', 'withdrawn']),
  from: date,
  until: date,
  scope: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('school') }),
    z.strictObject({ kind: z.literal('gradeLevel'), gradeLevel }),
    z.strictObject({ kind: z.literal('homeroom'), homeroomId: id }),
  ]),
  title: text(100),
});

const totals = z.strictObject({
  schoolDayCount: count,
  excludedDayCount: count,
  requiredDayCount: count,
  absentDayCount: count,
  presentDayCount: count,
  lateCount: count,
  earlyDepartureCount: count,
});

/** 締め: the values as printed, with the versions of the rules and the form they were printed by. */
export const closingValue = z.strictObject({
  month,
  homeroom: id,
  state: z.enum(['closed', 'reopened']),
  reason: z.optional(text(400)),
  rules: z.strictObject({ marks: text(64), form: text(64) }),
  days: z.array(z.strictObject({ date, kind: code, title: z.optional(text(100)) })).check(z.maxLength(31)),
  rows: z
    .array(
      z.strictObject({
        student: id,
        rosterNumber: z.nullable(z.int()),
        name: text(120),
        marks: z.array(text(32)).check(z.maxLength(31)),
        totals,
        remarks: text(400),
      }),
    )
    .check(z.maxLength(60)),
  totals,
});

const byDay = (key: string, on: CalendarDate): boolean => parseAttendanceKey(key)?.date === on;

/** Every kind of the register (importance Ⅲ). */
export const registerKinds = {
  attendance: {
    version: 1,
    database: 'register',
    placement: 'month',
    linear: false,
    ownsKey: byDay,
    value: attendanceValue,
  },
  closing: {
    version: 1,
    database: 'register',
    placement: 'month',
    linear: false,
    ownsKey: keyPattern(`closing/${ID}/\\d{4}-\\d{2}`),
    value: closingValue,
  },
  enrollment: {
    version: 1,
    database: 'register',
    placement: 'year',
    linear: false,
    ownsKey: keyPattern(`(?:student|classEnrollment)/${ID}`),
    value: z.union([studentValue, classEnrollmentValue]),
  },
  school: {
    version: 1,
    database: 'register',
    placement: 'year',
    linear: true,
    ownsKey: keyPattern('school'),
    value: schoolValue,
  },
  homeroom: {
    version: 1,
    database: 'register',
    placement: 'year',
    linear: true,
    ownsKey: keyPattern(`homeroom/${ID}`),
    value: homeroomValue,
  },
  staff: {
    version: 1,
    database: 'register',
    placement: 'year',
    linear: true,
    ownsKey: keyPattern(`staff/${ID}`),
    value: staffValue,
  },
  calendar: {
    version: 1,
    database: 'register',
    placement: 'year',
    linear: true,
    ownsKey: keyPattern(`calendar/${ID}`),
    value: calendarValue,
  },
} as const satisfies Record<string, KindDefinition>;

/** Every kind there is. A new one comes with a sample of its entries. */
export const kinds = { ...registerKinds, ...recordsKinds, ...official1Kinds } as const;

export type RegisterKind = keyof typeof registerKinds;
export type Kind = keyof typeof kinds;

export function findKind(kind: string): KindDefinition | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind as Kind] : undefined;
}
