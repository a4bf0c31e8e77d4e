import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectIssue, titled } from './case-table.testing.ts';
import type { PackageCase } from './case-table.testing.ts';
import type { PackageEditor } from './package-editor.testing.ts';
import { parseOneRosterPackage } from './parse-one-roster-package.ts';
import { openSmallTown } from './small-town.testing.ts';

const practiceZip = fileURLToPath(
  new URL('../../gateway/practice/RO_20260401_oami_1.2_JP.zip', import.meta.url),
);

let town: PackageEditor;
beforeAll(() => {
  town = openSmallTown(new Uint8Array(readFileSync(practiceZip)));
});

const [users, roles, enrollments] = ['users.csv', 'roles.csv', 'enrollments.csv'] as const;
const newId = '00000000-0000-4000-8000-000000000000';

/** Line in users.csv of the first student without a middle name. */
const studentLine = (p: PackageEditor): number => {
  let line = 2;
  while (p.get(users, line, 'grades') === '' || p.get(users, line, 'middleName') !== '') line += 1;
  return line;
};
const staffLine = (p: PackageEditor, n = 1): number =>
  p.lineOf(users, { username: `t${String(80 + n).padStart(4, '0')}` });
const rolesOf = (p: PackageEditor, userLine: number): number =>
  p.lineOf(roles, { userSourcedId: p.get(users, userLine, 'sourcedId') });

const student =
  (values: Readonly<Record<string, string>>) =>
  (p: PackageEditor): number => {
    const line = studentLine(p);
    for (const [column, value] of Object.entries(values)) p.set(users, line, column, value);
    return line;
  };

const studentRole =
  (values: Readonly<Record<string, string>>, add: boolean) =>
  (p: PackageEditor): void => {
    const line = rolesOf(p, studentLine(p));
    if (add) p.addCopy(roles, line, { sourcedId: newId, ...values });
    else for (const [column, value] of Object.entries(values)) p.set(roles, line, column, value);
  };

const family = 'metadata.jp.kanaFamilyName';
const cases: PackageCase[] = [
  {
    rule: '[OR28]',
    what: 'a user without a role',
    code: 'userWithoutRole',
    edit: (p) =>
      p.addCopy(users, staffLine(p), { sourcedId: newId, username: 'new', userMasterIdentifier: newId }),
  },
  {
    rule: '[OR28]',
    what: 'no primary role',
    code: 'noPrimaryRole',
    edit: studentRole({ roleType: 'secondary' }, false),
  },
  {
    rule: '[OR28]',
    what: 'two primary roles at once',
    code: 'overlappingPrimaryRoles',
    edit: studentRole({}, true),
  },
  {
    rule: '[OR28]',
    what: 'a student who teaches',
    code: 'studentAndStaff',
    edit: (p) => {
      const line = rolesOf(p, staffLine(p, 12));
      p.addCopy(roles, line, { sourcedId: newId, role: 'student', roleType: 'secondary' });
    },
  },
  {
    rule: '[OR28]',
    what: 'a student of the board',
    code: 'orgNotASchool',
    column: 'orgSourcedId',
    edit: studentRole({ roleType: 'secondary', orgSourcedId: '06b52a6f-4cb4-4cdb-a01a-fa58c92c4b16' }, true),
  },
  {
    rule: '[OR28]',
    what: 'a student without a grade',
    code: 'studentGradeLevel',
    params: { count: 0 },
    edit: student({ grades: '' }),
  },
  {
    rule: '[OR28]',
    what: 'a student of two grades',
    code: 'studentGradeLevel',
    params: { count: 2 },
    edit: student({ grades: 'P1,P2' }),
  },
  {
    rule: '[OR28]',
    what: 'another organisation than the role says',
    code: 'primaryOrgDiffers',
    edit: (p) => student({ primaryOrgSourcedId: p.get('orgs.csv', 4, 'sourcedId') })(p),
  },
  { rule: '[OR28]', what: 'a disabled user', code: 'userDisabled', edit: student({ enabledUser: 'false' }) },
  {
    rule: '[OR28]',
    what: 'nothing about being enabled',
    code: 'missingValue',
    column: 'enabledUser',
    edit: student({ enabledUser: '' }),
  },
  {
    rule: '[OR29]',
    what: 'staff with one user name',
    code: 'duplicateUsername',
    column: 'username',
    edit: (p) => {
      p.set(users, staffLine(p, 2), 'username', 'Ｔ0081');
      return staffLine(p, 1) + 1;
    },
  },
  {
    rule: '[OR29]',
    what: 'staff without a user name',
    code: 'missingValue',
    column: 'username',
    edit: (p) => p.set(users, staffLine(p), 'username', ''),
  },
  {
    rule: '[OR29]',
    what: 'no master identifier',
    code: 'masterIdentifierMissing',
    edit: student({ userMasterIdentifier: '' }),
  },
  {
    rule: '[OR29]',
    what: 'a master identifier twice',
    code: 'duplicateMasterIdentifier',
    edit: (p) => student({ userMasterIdentifier: p.get(users, 2, 'userMasterIdentifier') })(p),
  },
  {
    rule: '[OR29]',
    what: 'a master identifier that is no UUID',
    code: 'notUuid',
    column: 'userMasterIdentifier',
    edit: student({ userMasterIdentifier: '12345' }),
  },
  { rule: '[OR10]', what: 'a password', code: 'passwordIgnored', edit: student({ password: 'secret' }) },
  {
    rule: '[OR10]',
    what: "a guardian's enrolment",
    code: 'guardianIgnored',
    edit: (p) => p.addCopy(enrollments, 2, { sourcedId: newId, role: 'guardian' }),
  },
  { rule: '[OR10]', what: 'a guardian', code: 'guardianIgnored', edit: (p) => addGuardian(p) },
];

function addGuardian(p: PackageEditor): number {
  p.addCopy(users, staffLine(p), {
    sourcedId: newId,
    username: 'g1',
    userMasterIdentifier: newId,
    'metadata.jp.homeClass': '',
  });
  return p.addCopy(roles, rolesOf(p, staffLine(p)), {
    sourcedId: newId,
    userSourcedId: newId,
    role: 'guardian',
  });
}

describe('people with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  test('[OR10] a guardian does not reach the result, and may not be enrolled as somebody else', () => {
    const edited = town.copy();
    addGuardian(edited);
    const result = parseOneRosterPackage(edited.zip());
    expect(result.ok && JSON.stringify(result.city)).not.toContain(newId);
    edited.addCopy(enrollments, 2, { sourcedId: newId, userSourcedId: newId });
    const refused = parseOneRosterPackage(edited.zip());
    expect(refused.ok ? [] : refused.errors.map(({ code }) => code)).toEqual(['enrollmentRoleDiffers']);
  });

  test('[OR10] neither password, address, telephone nor the official name is in the result', () => {
    const edited = town.copy();
    student({
      password: 'P-secret',
      email: 'E-secret',
      phone: 'T-secret',
      sms: 'S-secret',
      familyName: 'O-secret',
      preferredFamilyName: '架空',
      'metadata.jp.kanaFamilyName': 'ヒミツ',
      'metadata.jp.kanaPreferredFamilyName': 'カクウ',
    })(edited);
    const result = parseOneRosterPackage(edited.zip());
    expect(result.ok).toBe(true);
    expect(JSON.stringify(result)).not.toMatch(/secret|ヒミツ/);
  });

  test('[OR28] who changes school within the year belongs to the later one', () => {
    const edited = town.copy();
    const line = rolesOf(edited, studentLine(edited));
    const school = edited.get('orgs.csv', 4, 'sourcedId');
    edited.set(roles, line, 'endDate', '2026-08-31');
    edited.addCopy(roles, line, {
      sourcedId: newId,
      beginDate: '2026-09-01',
      endDate: '',
      orgSourcedId: school,
    });
    const result = parseOneRosterPackage(edited.zip());
    const id = edited.get(roles, line, 'userSourcedId');
    expect(result.ok && result.city.students.find(({ sourcedId }) => sourcedId === id)?.schoolId).toBe(
      school,
    );
  });

  test('[OR3] no issue holds a name, even when columns are shifted by one', () => {
    const edited = town.copy();
    for (const row of edited.rows(users).slice(1)) row.unshift(row.pop() ?? '');
    const result = parseOneRosterPackage(edited.zip());
    const names = town
      .rows(users)
      .slice(1)
      .flatMap((row) => [row[6], row[7], row[22], row[23]]);
    const said = JSON.stringify(result);
    expect(result.ok).toBe(false);
    expect(names.filter((name) => name && said.includes(name))).toEqual([]);
  });

  test('[OR4] a flood of one kind is counted, and does not hide another', () => {
    const edited = town.copy();
    edited.rows(users).forEach((_, i) => i > 0 && edited.set(users, i + 1, family, 'ｶｸｳ'));
    edited.set('orgs.csv', 3, 'identifier', '121834');
    edited.set('enrollments.csv', 2, 'primary', '');
    const result = parseOneRosterPackage(edited.zip());
    const codes = result.warnings.map(({ code }) => code);
    expect(codes.filter((code) => code === 'halfWidthKana')).toHaveLength(25);
    expect(codes).toContain('primaryMissing');
    expect(result.totals.warnings).toBeGreaterThan(town.rows(users).length);
  });
});
