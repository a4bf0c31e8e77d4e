import type { Grant } from '../../../access/subject.ts';
import { schoolYearOf, schoolYearStart, type CalendarDate } from '../../../domain/calendar/calendar-date.ts';
import type { GroupRole, SsoConfig } from './sso-config.ts';

const placeOf = ({ role, schoolCode, homeroomId, classId, gradeLevel }: GroupRole): string =>
  [role, schoolCode, homeroomId, classId, gradeLevel].join(' ');

/**
 * The grants of a person after signing in as a member of these groups, until the school year ends. A place that some
 * group stands for is the provider's to give and to take; every other grant stays as it is.
 */
export function grantsByGroups(
  mapping: SsoConfig['groups'],
  memberOf: readonly string[],
  present: readonly Grant[],
  today: CalendarDate,
): Grant[] {
  const governed = new Set(Object.values(mapping).flat().map(placeOf));
  const kept = present.filter((grant) => !governed.has(placeOf(grant)) && grant.until > today);
  const until = schoolYearStart(schoolYearOf(today) + 1);
  const given = new Map<string, Grant>();
  for (const group of new Set(memberOf)) {
    if (!Object.hasOwn(mapping, group)) continue;
    for (const role of mapping[group] ?? []) {
      const before = present.find((grant) => placeOf(grant) === placeOf(role) && isNow(grant, today));
      given.set(placeOf(role), before ?? { ...role, from: today, until });
    }
  }
  return [...kept, ...given.values()];
}

function isNow(grant: Grant, today: CalendarDate): boolean {
  return grant.from <= today && today < grant.until;
}
