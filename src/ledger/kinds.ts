import * as z from 'zod/mini';
import {
  parseCalendarDate,
  parseCalendarMonth,
  type CalendarDate,
} from '../domain/calendar/calendar-date.ts';
import { gradeLevels } from '../domain/roster/roster.ts';

/** Longest text in a value, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 4000;

const text = (max: number) => z.string().check(z.maxLength(Math.min(max, MAX_TEXT_LENGTH)));
const id = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));
const month = z.string().check(z.refine((value) => parseCalendarMonth(value) !== null));
const code = z.string().check(z.regex(/^[a-z][A-Za-z]{0,31}$/));
const count = z.int().check(z.minimum(0), z.maximum(100_000));
const gradeLevel = z.enum(gradeLevels);

const ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
const DATE = '\\d{4}-\\d{2}-\\d{2}';

/** What the ledger must know of a kind of entry. */
export interface KindDefinition {
  /** Newest shape this program writes and reads. A newer one is kept, shown as unreadable and left alone. */
  readonly version: number;
  /** `month`: stored under the month of `on`. `year`: stands for the school year, stored under `yyyy-00`. */
  readonly placement: 'month' | 'year';
  /** Written online only, refused when `over` is not exactly the present heads: there is nothing to merge. */
  readonly linear: boolean;
  /** Whether a key belongs to this kind and to an entry about the day `on`. */
  readonly ownsKey: (key: string, on: CalendarDate) => boolean;
  readonly value: z.ZodMiniType;
}

function keyPattern(pattern: string): (key: string) => boolean {
  const regex = new RegExp(`^${pattern}$`);
  return (key) => regex.test(key);
}

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

/** Every kind of the register (importance Ⅲ). A kind of a later database is added here, with its sample. */
export const kinds = {
  attendance: { version: 1, placement: 'month', linear: false, ownsKey: byDay, value: attendanceValue },
  closing: {
    version: 1,
    placement: 'month',
    linear: false,
    ownsKey: keyPattern(`closing/${ID}/\\d{4}-\\d{2}`),
    value: closingValue,
  },
  enrollment: {
    version: 1,
    placement: 'year',
    linear: false,
    ownsKey: keyPattern(`(?:student|classEnrollment)/${ID}`),
    value: z.union([studentValue, classEnrollmentValue]),
  },
  school: { version: 1, placement: 'year', linear: true, ownsKey: keyPattern('school'), value: schoolValue },
  homeroom: {
    version: 1,
    placement: 'year',
    linear: true,
    ownsKey: keyPattern(`homeroom/${ID}`),
    value: homeroomValue,
  },
  staff: {
    version: 1,
    placement: 'year',
    linear: true,
    ownsKey: keyPattern(`staff/${ID}`),
    value: staffValue,
  },
  calendar: {
    version: 1,
    placement: 'year',
    linear: true,
    ownsKey: keyPattern(`calendar/${ID}`),
    value: calendarValue,
  },
} as const satisfies Record<string, KindDefinition>;

export type Kind = keyof typeof kinds;

export function findKind(kind: string): KindDefinition | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind as Kind] : undefined;
}
