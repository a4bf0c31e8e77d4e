import * as z from 'zod/mini';
import type { KindDefinition } from './kind-definition.ts';
import { date, gradeLevel, ID, keyPattern, text } from './value-shapes.ts';

/** How many people a school can call for one pupil. */
export const MAX_CONTACTS = 4;

const required = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));

/** 緊急連絡先: whom to call, in the order in which to call them. */
export const guardianValue = z.strictObject({
  contacts: z
    .array(
      z.strictObject({
        name: required(100),
        kana: text(100),
        /** 続柄, in the family's words. */
        relation: required(20),
        phone: z.string().check(z.regex(/^[0-9+][0-9 ()-]{2,23}$/)),
        note: z.optional(text(200)),
      }),
    )
    .check(z.maxLength(MAX_CONTACTS)),
});
export type GuardianValue = z.infer<typeof guardianValue>;
export type GuardianContact = GuardianValue['contacts'][number];

/** 指導要録 様式1 学籍の記録, as far as it is kept from admission on. */
export const studentRecordValue = z.strictObject({
  /** As the family register has it, with its variants of characters. */
  officialFamilyName: required(50),
  officialGivenName: required(50),
  kanaFamilyName: text(50),
  kanaGivenName: text(50),
  birthDate: date,
  address: text(200),
  guardian: z.strictObject({
    name: text(100),
    kana: text(100),
    /** null: lives where the pupil lives. */
    address: z.nullable(text(200)),
  }),
  /** 入学・編入学・転入学: when, into which 学年, and from where. */
  admission: z.strictObject({
    type: z.enum(['admission', 'lateralAdmission', 'transferIn']),
    on: date,
    gradeLevel,
    from: text(200),
  }),
});
export type StudentRecordValue = z.infer<typeof studentRecordValue>;

export const guardianKey = (studentId: string): string => `guardian/${studentId}`;
export const studentRecordKey = (studentId: string): string => `studentRecord/${studentId}`;

/** Kinds of importance Ⅱ. */
export const recordsKinds = {
  guardian: {
    version: 1,
    database: 'records',
    placement: 'year',
    linear: false,
    ownsKey: keyPattern(`guardian/${ID}`),
    value: guardianValue,
  },
} as const satisfies Record<string, KindDefinition>;

/** Kinds of importance Ⅰ that are kept for twenty years. */
export const official1Kinds = {
  studentRecord: {
    version: 1,
    database: 'official1',
    placement: 'lasting',
    linear: true,
    ownsKey: keyPattern(`studentRecord/${ID}`),
    value: studentRecordValue,
  },
} as const satisfies Record<string, KindDefinition>;
