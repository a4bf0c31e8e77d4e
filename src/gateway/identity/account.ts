import * as z from 'zod/mini';
import { roles, type Grant, type Subject } from '../../access/subject.ts';
import { parseCalendarDate } from '../../domain/calendar/calendar-date.ts';
import { gradeLevels } from '../../domain/roster/roster.ts';

/** A person who may sign in. */
export interface Account {
  readonly personId: string;
  readonly login: string;
  /** As shown to the person; never logged. */
  readonly name: string;
  /** All that were ever given here: one that ended stays, because its rows may still be on a device. */
  readonly grants: readonly Grant[];
  /** PHC string; null: this person cannot sign in yet. */
  readonly passwordHash: string | null;
  /** The password was made by somebody else: nothing but choosing an own one is open. */
  readonly passwordChangeDue: boolean;
  /** Set by an administrator; null: may sign in. */
  readonly lockedAt: number | null;
  readonly createdAt: number;
  readonly changedAt: number;
}

const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));
const identifier = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));

const grantShape = z.object({
  role: z.enum(roles),
  schoolCode: z.nullable(z.string().check(z.regex(/^[A-Z0-9]{1,40}$/))),
  homeroomId: z.optional(identifier),
  classId: z.optional(identifier),
  gradeLevel: z.optional(z.enum(gradeLevels)),
  inPlaceOf: z.optional(identifier),
  from: date,
  until: date,
  revoked: z.optional(z.literal(true)),
});

export const accountShape = z.object({
  personId: identifier,
  login: z.string(),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  grants: z.array(grantShape).check(z.maxLength(400)),
  passwordHash: z.nullable(z.string().check(z.startsWith('$argon2id$'), z.maxLength(300))),
  passwordChangeDue: z._default(z.boolean(), false),
  lockedAt: z.nullable(z.int()),
  createdAt: z.int(),
  changedAt: z.int(),
});

/** A login is the same in either case and in full or half width; null where it cannot be one. */
export function parseLogin(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 200) return null;
  const login = text.normalize('NFKC').trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._@+-]{0,99}$/.test(login) ? login : null;
}

export function subjectOf(account: Account): Subject {
  return { personId: account.personId, grants: account.grants };
}
