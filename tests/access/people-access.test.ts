import { describe, expect, it } from 'vitest';
import {
  administeredUntil,
  canChangeAccount,
  canChangeAdministrators,
  canCreatePerson,
  canGiveGrant,
  canGiveGrants,
  canListPeople,
  canSeePerson,
  visibleGrants,
  type AccountAction,
} from '../../src/access/people-access.ts';
import { roles, type Grant, type Role, type Subject } from '../../src/access/subject.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { grantOf, OTHER_SCHOOL, SCHOOL, TODAY, YEAR_END } from '../../src/gateway/testing/small-town.ts';
import { boardRoleList, grantFor, schoolRoles, type Validity } from './register-cases.ts';
import { Tally } from './tally.ts';

const tally = new Tally('people-access');
const validities: readonly Validity[] = ['valid', 'expired', 'future'];
const isBoard = (role: Role): boolean => (boardRoleList as readonly Role[]).includes(role);
const subjectOf = (...grants: Grant[]): Subject => ({ personId: 'administrator', grants });
const targetOf = (...grants: Grant[]): Subject => ({ personId: 'target', grants });
const at = (role: Role, schoolCode: string): Grant =>
  isBoard(role) ? grantOf(role, null) : { ...grantFor(role, 'valid'), schoolCode };

/** What each administrator gives, by hand: the rule's second telling. */
const gives: Partial<Record<Role, readonly Role[]>> = {
  vicePrincipal: [
    'homeroomTeacher',
    'assistantHomeroomTeacher',
    'subjectTeacher',
    'gradeLevelLead',
    'academicAffairs',
    'schoolNurse',
    'officeStaff',
  ],
  principal: [
    'homeroomTeacher',
    'assistantHomeroomTeacher',
    'subjectTeacher',
    'gradeLevelLead',
    'academicAffairs',
    'schoolNurse',
    'officeStaff',
    'vicePrincipal',
  ],
  boardAdministrator: [...schoolRoles, 'boardSupervisor', 'boardAdministrator'],
};
const ofSchool: readonly Role[] = ['vicePrincipal', 'principal'];
const everywhere: readonly Role[] = ['boardAdministrator', 'systemAdministrator'];

function mayGive(role: Role, given: Role, school: string): boolean {
  if (!gives[role]?.includes(given)) return false;
  return role === 'boardAdministrator' || school === SCHOOL;
}

describe.each(roles)('%s', (role) => {
  it('[AC40] looks after people or not', () => {
    for (const validity of validities) {
      const subject = subjectOf(grantFor(role, validity));
      const looksAfter = validity === 'valid' && [...ofSchool, ...everywhere].includes(role);
      tally.judge(looksAfter, canListPeople(subject, TODAY).allowed, () => `${validity} lists`);
      for (const other of roles) {
        for (const school of [SCHOOL, OTHER_SCHOOL]) {
          const sees = looksAfter && (everywhere.includes(role) || (school === SCHOOL && !isBoard(other)));
          const seen = canSeePerson(subject, targetOf(at(other, school)), TODAY).allowed;
          tally.judge(sees, seen, () => `${validity} sees ${other} of ${school}`);
        }
      }
      const nobody = canSeePerson(subject, targetOf(), TODAY).allowed;
      tally.judge(looksAfter && everywhere.includes(role), nobody, () => `${validity} sees who has nothing`);
    }
    tally.expectNothingWrong();
  });

  it('[AC41] gives what its table names, never to itself', () => {
    for (const validity of validities) {
      const subject = subjectOf(grantFor(role, validity));
      for (const given of roles) {
        for (const school of [SCHOOL, OTHER_SCHOOL]) {
          const grant = at(given, school);
          const expected = validity === 'valid' && mayGive(role, given, school);
          const decide = (personId: string): boolean => canGiveGrant(subject, personId, grant, TODAY).allowed;
          tally.judge(expected, decide('target'), () => `${validity} gives ${given} at ${school}`);
          tally.judge(false, decide('administrator'), () => `${validity} takes ${given} at ${school}`);
          const created = canCreatePerson(subject, 'target', [grant], TODAY).allowed;
          tally.judge(expected, created, () => `${validity} makes ${given} at ${school}`);
        }
      }
      const some = validity === 'valid' && gives[role] !== undefined;
      tally.judge(some, canGiveGrants(subject, TODAY).allowed, () => `${validity} gives grants at all`);
      const bare = canCreatePerson(subject, 'target', [], TODAY).allowed;
      const makesBare = validity === 'valid' && everywhere.includes(role);
      tally.judge(makesBare, bare, () => `${validity} makes an account without grants`);
    }
    tally.expectNothingWrong();
  });

  it('[AC43] hands out an account only where it could give all that the account holds', () => {
    for (const validity of validities) {
      const subject = subjectOf(grantFor(role, validity));
      for (const first of roles) {
        for (const second of roles) {
          for (const school of [SCHOOL, OTHER_SCHOOL]) {
            const target = targetOf(at(first, SCHOOL), at(second, school));
            for (const action of ['lock', 'password', 'factors'] as const satisfies AccountAction[]) {
              const expected = validity === 'valid' && mayChange(role, action, first, second, school);
              const allowed = canChangeAccount(subject, target, action, TODAY).allowed;
              tally.judge(
                expected,
                allowed,
                () => `${validity} ${action}s ${first} at ${SCHOOL} and ${second} at ${school}`,
              );
            }
          }
        }
      }
    }
    tally.expectNothingWrong();
  });
});

function mayChange(role: Role, action: AccountAction, first: Role, second: Role, school: string): boolean {
  if (role === 'systemAdministrator') {
    if (action === 'factors') return false;
    return action === 'lock' || (first !== 'boardAdministrator' && second !== 'boardAdministrator');
  }
  return mayGive(role, first, SCHOOL) && mayGive(role, second, school);
}

describe('an account', () => {
  const principal = subjectOf(grantOf('principal', SCHOOL));

  it('[AC42] is seen by a school with the school’s grants alone', () => {
    const own = grantOf('subjectTeacher', SCHOOL);
    const target = targetOf(own, grantOf('subjectTeacher', OTHER_SCHOOL), grantOf('boardSupervisor', null));
    expect(visibleGrants(principal, target, TODAY)).toEqual([own]);
    const board = subjectOf(grantOf('boardAdministrator', null));
    expect(visibleGrants(board, target, TODAY)).toEqual(target.grants);
  });

  it('[AC43] may be locked by the school where the duty elsewhere has ended', () => {
    const own = grantOf('subjectTeacher', SCHOOL);
    const elsewhere = grantOf('subjectTeacher', OTHER_SCHOOL);
    const ended = { ...elsewhere, until: TODAY };
    expect(canChangeAccount(principal, targetOf(own, elsewhere), 'password', TODAY).allowed).toBe(false);
    expect(canChangeAccount(principal, targetOf(own, ended), 'password', TODAY).allowed).toBe(true);
  });

  it('[AC43] is nobody’s own to change here', () => {
    for (const role of roles) {
      const subject = subjectOf(grantFor(role, 'valid'));
      for (const action of ['lock', 'password', 'factors'] as const) {
        tally.judge(
          false,
          canChangeAccount(subject, subject, action, TODAY).allowed,
          () => `${role} ${action}`,
        );
      }
    }
    tally.expectNothingWrong();
  });
});

describe('the board’s administrators', () => {
  const until = (end: string, from = '2026-04-01'): Grant =>
    grantOf('boardAdministrator', null, { from: calendarDate(from), until: calendarDate(end) });
  const standing = (canSignIn: boolean, ...grants: Grant[]) => ({ grants, canSignIn });

  it('[AC44] may not be reduced to none, by a lock, an end or an earlier end', () => {
    const one = [standing(true, until(YEAR_END)), standing(false, until(YEAR_END))];
    expect(administeredUntil(one, TODAY)).toBe(YEAR_END);
    const changed = (after: ReturnType<typeof standing>) =>
      canChangeAdministrators(one, [after, ...one.slice(1)], TODAY).allowed;
    expect(changed(standing(false, until(YEAR_END)))).toBe(false);
    expect(changed(standing(true))).toBe(false);
    expect(changed(standing(true, until('2026-12-01')))).toBe(false);
    expect(changed(standing(true, until('2027-10-01')))).toBe(true);
    const two = [...one, standing(true, until(YEAR_END))];
    expect(canChangeAdministrators(two, [standing(true), ...two.slice(1)], TODAY).allowed).toBe(true);
  });

  it('[AC44] may follow each other without a day between', () => {
    const relay = [standing(true, until('2026-10-01')), standing(true, until(YEAR_END, '2026-10-01'))];
    expect(administeredUntil(relay, TODAY)).toBe(YEAR_END);
    const gap = [standing(true, until('2026-10-01')), standing(true, until(YEAR_END, '2026-10-02'))];
    expect(administeredUntil(gap, TODAY)).toBe('2026-10-01');
    expect(administeredUntil([], TODAY)).toBe(TODAY);
    expect(canChangeAdministrators([], [], TODAY).allowed).toBe(true);
  });
});
