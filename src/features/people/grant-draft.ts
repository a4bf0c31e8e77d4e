import { administrations } from '#access/people-access.ts';
import { boardRoles, roles, type Grant, type Role } from '#access/subject.ts';
import { addDays, parseCalendarDate, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import type { GradeLevel } from '#domain/roster/roster.ts';
import type { Places } from '#features/people/people-api.ts';

/** A role as a form holds it: texts, and the last day in the place of the day after. */
export interface GrantDraft {
  readonly role: Role | '';
  readonly schoolCode: string;
  readonly homeroomId: string;
  readonly gradeLevel: GradeLevel | '';
  readonly inPlaceOf: string;
  readonly from: string;
  readonly lastDay: string;
}

export type DraftField = 'role' | 'school' | 'homeroomId' | 'gradeLevel' | 'inPlaceOf' | 'from' | 'until';
export type DraftErrors = { readonly [F in DraftField]?: true };

const homeroomRoles: ReadonlySet<Role> = new Set(['homeroomTeacher', 'assistantHomeroomTeacher']);
const substituteRoles: ReadonlySet<Role> = new Set([...homeroomRoles, 'subjectTeacher']);

export const needsHomeroom = (role: Role | ''): boolean => role !== '' && homeroomRoles.has(role);
export const needsGradeLevel = (role: Role | ''): boolean => role === 'gradeLevelLead';
export const needsSchool = (role: Role | ''): boolean => role !== '' && !boardRoles.has(role);
export const maySubstitute = (role: Role | ''): boolean => role !== '' && substituteRoles.has(role);

/** Roles that somebody with these roles gives; the gateway judges by itself, this only leaves out what it refuses. */
export function rolesToGive(own: readonly Role[]): readonly Role[] {
  return roles.filter((role) => own.some((each) => administrations[each]?.gives.has(role)));
}

export function emptyDraft(places: Places, from: CalendarDate, lastDay: CalendarDate): GrantDraft {
  const only = places.schools.length === 1 ? places.schools[0] : undefined;
  return {
    role: '',
    schoolCode: only?.code ?? '',
    homeroomId: '',
    gradeLevel: '',
    inPlaceOf: '',
    from,
    lastDay,
  };
}

export type DraftResult =
  { readonly ok: true; readonly grant: Grant } | { readonly ok: false; readonly errors: DraftErrors };

/** Makes a grant of a form, or says which fields are wrong. */
export function readDraft(draft: GrantDraft): DraftResult {
  const { role, schoolCode, homeroomId, gradeLevel, inPlaceOf } = draft;
  const from = parseCalendarDate(draft.from);
  const lastDay = parseCalendarDate(draft.lastDay);
  if (role !== '' && from && lastDay && lastDay >= from && isPlaced(draft)) {
    return {
      ok: true,
      grant: {
        role,
        schoolCode: needsSchool(role) ? schoolCode : null,
        ...(needsHomeroom(role) ? { homeroomId } : {}),
        ...(gradeLevel !== '' && needsGradeLevel(role) ? { gradeLevel } : {}),
        ...(inPlaceOf !== '' && maySubstitute(role) ? { inPlaceOf } : {}),
        from,
        until: addDays(lastDay, 1),
      },
    };
  }
  return {
    ok: false,
    errors: {
      ...(role === '' ? { role: true } : {}),
      ...(needsSchool(role) && schoolCode === '' ? { school: true } : {}),
      ...(needsHomeroom(role) && homeroomId === '' ? { homeroomId: true } : {}),
      ...(needsGradeLevel(role) && gradeLevel === '' ? { gradeLevel: true } : {}),
      ...(from ? {} : { from: true }),
      ...(!lastDay || (from && lastDay < from) ? { until: true } : {}),
    },
  };
}

function isPlaced({ role, schoolCode, homeroomId, gradeLevel }: GrantDraft): boolean {
  return (
    (!needsSchool(role) || schoolCode !== '') &&
    (!needsHomeroom(role) || homeroomId !== '') &&
    (!needsGradeLevel(role) || gradeLevel !== '')
  );
}

/** The homerooms of a school that there are on a day; of a year without a register, those of the newest. */
export function homeroomsOn(places: Places, schoolCode: string, on: string) {
  const years = places.schools.find(({ code }) => code === schoolCode)?.years ?? [];
  return (years.find(({ until }) => on < until) ?? years.at(-1))?.homerooms ?? [];
}
