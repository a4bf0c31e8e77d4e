import * as z from 'zod/mini';
import { boardRoles, roles, type Grant, type Role } from '../../access/subject.ts';
import { parseCalendarDate } from '../../domain/calendar/calendar-date.ts';
import { gradeLevels } from '../../domain/roster/roster.ts';
import type { SchoolPlaces } from './school-places.ts';

const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));
const identifier = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));

/** A grant as a form sends it. */
export const grantInput = z.strictObject({
  role: z.enum(roles),
  schoolCode: z.nullable(z.string().check(z.regex(/^[A-Z0-9]{1,40}$/))),
  homeroomId: z.optional(identifier),
  classId: z.optional(identifier),
  gradeLevel: z.optional(z.enum(gradeLevels)),
  inPlaceOf: z.optional(identifier),
  from: date,
  until: date,
});

/** Which field of a grant is wrong. */
export type GrantProblem = 'school' | 'homeroomId' | 'gradeLevel' | 'inPlaceOf' | 'until';

const homeroomRoles: ReadonlySet<Role> = new Set(['homeroomTeacher', 'assistantHomeroomTeacher']);
const substituteRoles: ReadonlySet<Role> = new Set([...homeroomRoles, 'subjectTeacher']);

/** What is wrong with a grant by itself and beside the places there are; null where nothing is. */
export function findGrantProblem(
  grant: Grant,
  personId: string,
  places: readonly SchoolPlaces[],
): GrantProblem | null {
  const { role, schoolCode, homeroomId, classId, gradeLevel, inPlaceOf, from, until } = grant;
  const school = places.find(({ code }) => code === schoolCode);
  if (boardRoles.has(role) ? schoolCode !== null : !school) return 'school';
  if (homeroomRoles.has(role) !== (homeroomId !== undefined)) return 'homeroomId';
  if (homeroomId !== undefined && !isHomeroomThere(school, homeroomId, grant)) return 'homeroomId';
  if (classId !== undefined && role !== 'subjectTeacher') return 'homeroomId';
  if ((role === 'gradeLevelLead') !== (gradeLevel !== undefined)) return 'gradeLevel';
  if (inPlaceOf !== undefined && (!substituteRoles.has(role) || inPlaceOf === personId)) return 'inPlaceOf';
  return until > from ? null : 'until';
}

/** A register that is not there yet cannot say which homerooms it will have. */
function isHomeroomThere(school: SchoolPlaces | undefined, homeroomId: string, { from }: Grant): boolean {
  const known = school?.years.filter((year) => year.until > from) ?? [];
  if (known.length === 0) return true;
  return known.some((year) => year.homerooms.some(({ id }) => id === homeroomId));
}
