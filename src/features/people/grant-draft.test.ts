import { describe, expect, it } from 'vitest';
import { calendarDate } from '#domain/calendar/calendar-date.ts';
import { emptyDraft, homeroomsOn, readDraft, rolesToGive } from '#features/people/grant-draft.ts';
import type { Places } from '#features/people/people-api.ts';

const homeroom = (id: string) => ({ id, title: id, gradeLevels: ['P1' as const] });
const places: Places = {
  atBoard: false,
  schools: [
    {
      code: 'S1',
      name: '雨野小学校',
      years: [
        { schoolYear: 2026, until: '2027-04-01', homerooms: [homeroom('h1')] },
        { schoolYear: 2027, until: '2028-04-01', homerooms: [homeroom('h2')] },
      ],
    },
  ],
};
const [from, lastDay] = [calendarDate('2026-06-10'), calendarDate('2027-03-31')];
const draft = emptyDraft(places, from, lastDay);

describe('the form of a role', () => {
  it('makes a grant that holds to the last day', () => {
    expect(readDraft({ ...draft, role: 'homeroomTeacher', homeroomId: 'h1', inPlaceOf: 'p2' })).toEqual({
      ok: true,
      grant: {
        role: 'homeroomTeacher',
        schoolCode: 'S1',
        homeroomId: 'h1',
        inPlaceOf: 'p2',
        from,
        until: '2027-04-01',
      },
    });
    const lead = readDraft({ ...draft, role: 'gradeLevelLead', gradeLevel: 'P3', homeroomId: 'h1' });
    expect(lead.ok && lead.grant).not.toHaveProperty('homeroomId');
    expect(readDraft({ ...draft, role: 'boardSupervisor' })).toMatchObject({ grant: { schoolCode: null } });
  });

  it('says every field that is wrong', () => {
    expect(readDraft(draft)).toEqual({ ok: false, errors: { role: true } });
    const wrong = { ...draft, schoolCode: '', from: '2026-06-31', lastDay: '2026-06-09' };
    expect(readDraft({ ...wrong, role: 'homeroomTeacher' })).toEqual({
      ok: false,
      errors: { school: true, homeroomId: true, from: true },
    });
    expect(readDraft({ ...draft, role: 'gradeLevelLead', lastDay: '2026-06-09' })).toEqual({
      ok: false,
      errors: { gradeLevel: true, until: true },
    });
  });

  it('offers the roles that a person gives, and the homerooms of the day', () => {
    expect(rolesToGive(['principal'])).toContain('vicePrincipal');
    expect(rolesToGive(['principal'])).not.toContain('principal');
    expect(rolesToGive(['systemAdministrator', 'schoolNurse'])).toEqual([]);
    expect(homeroomsOn(places, 'S1', '2027-03-31').map(({ id }) => id)).toEqual(['h1']);
    expect(homeroomsOn(places, 'S1', '2027-04-01').map(({ id }) => id)).toEqual(['h2']);
    expect(homeroomsOn(places, 'S1', '2029-04-01').map(({ id }) => id)).toEqual(['h2']);
    expect(homeroomsOn(places, 'S9', '2026-06-10')).toEqual([]);
  });
});
