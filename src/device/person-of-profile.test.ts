import { describe, expect, it } from 'vitest';
import type { Grant, Role } from '../access/subject.ts';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { confirmedGrants } from './confirmed-grants.ts';
import { grantsOf, personOf } from './person-of-profile.ts';
import type { Profile } from './person-vault.ts';

const today = calendarDate('2026-06-10');
const grant = (role: Role, schoolCode: string | null, more: Partial<Grant> = {}): Grant => ({
  role,
  schoolCode,
  from: calendarDate('2026-04-01'),
  until: calendarDate('2027-04-01'),
  ...more,
});
const ended = { until: calendarDate('2026-06-10') };
const coming = { from: calendarDate('2026-06-11') };

function profileOf(...grants: Grant[]): Profile {
  return {
    person: { id: 'p', login: 'p', name: '雨野 先生', grants },
    streams: ['S1', 'S2'].map((schoolCode) => ({
      key: `register-${schoolCode.toLowerCase()}-2026/register`,
      schoolCode,
      schoolName: `${schoolCode}小学校`,
    })),
    sealing: {},
  } as unknown as Profile;
}
const person = (profile: Profile, chosen: string | null = null) =>
  personOf(profile, grantsOf(profile), today, chosen);

describe('the person of a profile', () => {
  it('[DE14] has the roles that hold today and no other', () => {
    const profile = profileOf(
      grant('principal', 'S1', ended),
      grant('homeroomTeacher', 'S1', { homeroomId: 'h1' }),
      grant('homeroomTeacher', 'S1', { homeroomId: 'h2', ...coming }),
      grant('vicePrincipal', 'S1', coming),
    );
    expect(person(profile)).toMatchObject({ roles: ['homeroomTeacher'], ownHomeroomIds: ['h1'] });
    expect(person(profileOf(grant('principal', 'S1', ended)))).toMatchObject({
      roles: [],
      schoolCode: null,
      stream: null,
    });
  });

  it('[DE14] keeps offline what held at the last contact', () => {
    const profile = profileOf(grant('principal', 'S1', ended));
    const lastContactAt = Date.parse('2026-06-09T00:00:00Z');
    const here = confirmedGrants(grantsOf(profile), lastContactAt);
    expect(personOf(profile, here, today, null)).toMatchObject({ roles: ['principal'], schoolCode: 'S1' });
  });

  it('[DE15] is about one school at a time, of all where a duty holds', () => {
    const profile = profileOf(
      grant('homeroomTeacher', 'S1', { homeroomId: 'h1' }),
      grant('principal', 'S2'),
      grant('boardSupervisor', null),
      grant('schoolNurse', 'S3', ended),
    );
    expect(person(profile)).toMatchObject({
      schoolCode: 'S1',
      schools: [
        { code: 'S1', name: 'S1小学校' },
        { code: 'S2', name: 'S2小学校' },
      ],
      stream: 'register-s1-2026/register',
      roles: ['homeroomTeacher', 'boardSupervisor'],
      ownHomeroomIds: ['h1'],
    });
    expect(person(profile, 'S2')).toMatchObject({
      schoolCode: 'S2',
      stream: 'register-s2-2026/register',
      roles: ['principal', 'boardSupervisor'],
      ownHomeroomIds: [],
    });
    expect(person(profile, 'S3').schoolCode).toBe('S1');
  });
});
