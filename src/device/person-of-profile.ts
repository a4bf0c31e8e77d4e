import type { Grant } from '../access/subject.ts';
import { parseRegisterDatabase, parseStreamKey } from '../ledger/stream.ts';
import type { Profile } from './person-vault.ts';
import type { Person } from './views.ts';

/** zod tells an absent field from an undefined one differently than the type of a grant does; the values agree. */
export function grantsOf(profile: Profile): readonly Grant[] {
  return profile.person.grants as readonly unknown[] as readonly Grant[];
}

/** The person as the screens know one. */
export function personOf(profile: Profile): Person {
  const grants = grantsOf(profile);
  const schoolCode = grants.find((grant) => grant.schoolCode !== null)?.schoolCode ?? null;
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
    roles: [...new Set(grants.map((grant) => grant.role))],
    schoolCode,
    stream: registers[0]?.key ?? null,
    ownHomeroomIds: [...new Set(grants.flatMap(({ homeroomId }) => homeroomId ?? []))],
  };
}
