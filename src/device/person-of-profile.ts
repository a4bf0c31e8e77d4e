import { isValidOn, type Grant } from '../access/subject.ts';
import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { parseRegisterDatabase, parseStreamKey } from '../ledger/stream.ts';
import type { Profile } from './person-vault.ts';
import { schoolCodesOf, schoolInHand } from './school-in-hand.ts';
import type { Person } from './views.ts';

/** zod tells an absent field from an undefined one differently than the type of a grant does; the values agree. */
export function grantsOf(profile: Profile): readonly Grant[] {
  return profile.person.grants as readonly unknown[] as readonly Grant[];
}

/**
 * The person as the screens know one: at the school in hand, and at the board. `grants` are the profile's as this
 * device judges them; what has ended or is still to begin is no role.
 */
export function personOf(
  profile: Profile,
  grants: readonly Grant[],
  today: CalendarDate,
  chosenSchool: string | null,
): Person {
  const schoolCode = schoolInHand(grants, today, chosenSchool);
  const here = grants.filter(
    (grant) => isValidOn(grant, today) && (grant.schoolCode === null || grant.schoolCode === schoolCode),
  );
  const registers = profile.streams
    .flatMap(({ key, schoolCode: code }) => {
      const register = parseRegisterDatabase(parseStreamKey(key)?.db ?? '');
      return register && code === schoolCode ? [{ key, year: register.schoolYear }] : [];
    })
    .sort((a, b) => b.year - a.year);
  const { id, login, name } = profile.person;
  return {
    id,
    login,
    name,
    roles: [...new Set(here.map((grant) => grant.role))],
    schoolCode,
    schools: schoolCodesOf(grants, today).map((code) => ({ code, name: nameOf(profile, code) })),
    stream: registers[0]?.key ?? null,
    secondFactor: profile.secondFactor,
    ownHomeroomIds: [...new Set(here.flatMap(({ homeroomId }) => homeroomId ?? []))],
  };
}

function nameOf({ streams }: Profile, code: string): string {
  return streams.find(({ schoolCode }) => schoolCode === code)?.schoolName || code;
}
