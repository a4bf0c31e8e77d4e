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

const [classes, users, enrollments] = ['classes.csv', 'users.csv', 'enrollments.csv'] as const;
const newId = '00000000-0000-4000-8000-000000000000';
const number = 'metadata.jp.shussekiNo';

const homeroomId = (p: PackageEditor, title: string): string =>
  p.get(classes, p.lineOf(classes, { title }), 'sourcedId');
/** Lines in enrollments.csv of the first two students of 3年 in the elementary school. */
const places = (p: PackageEditor): [number, number] => {
  const values = { classSourcedId: homeroomId(p, '3年'), role: 'student' };
  const first = p.lineOf(enrollments, values);
  return [first, p.lineOf(enrollments, values, first + 1)];
};
const place =
  (values: Readonly<Record<string, string>>) =>
  (p: PackageEditor): number => {
    const [line] = places(p);
    for (const [column, value] of Object.entries(values)) p.set(enrollments, line, column, value);
    return line;
  };
const teacherLine = (p: PackageEditor): number => p.lineOf(enrollments, { role: 'teacher', primary: 'true' });

/** Puts the first student of 3年 into a second homeroom too, which is also of that grade. */
const secondHomeroom =
  (title: string, values: Readonly<Record<string, string>> = {}) =>
  (p: PackageEditor): number => {
    p.set(classes, p.lineOf(classes, { title }), 'grades', 'P3,P4');
    const moved = { sourcedId: newId, classSourcedId: homeroomId(p, title), [number]: '99' };
    return p.addCopy(enrollments, places(p)[0], { ...moved, ...values });
  };

/** Line in users.csv of the first student of 3年. */
const userLine = (p: PackageEditor): number =>
  p.lineOf(users, { sourcedId: p.get(enrollments, places(p)[0], 'userSourcedId') });

const cases: PackageCase[] = [
  {
    rule: '[OR30]',
    what: "another school than the class's",
    code: 'enrollmentSchoolDiffers',
    edit: (p) => place({ schoolSourcedId: p.get('orgs.csv', 4, 'sourcedId') })(p),
  },
  {
    rule: '[OR30]',
    what: 'a student who teaches',
    code: 'enrollmentRoleDiffers',
    value: 'teacher',
    edit: place({ role: 'teacher' }),
  },
  {
    rule: '[OR30]',
    what: 'a teacher who learns',
    code: 'enrollmentRoleDiffers',
    edit: (p) => {
      const line = teacherLine(p);
      p.set(enrollments, line, 'role', 'student');
      p.set(enrollments, line, 'primary', 'false');
      return line;
    },
  },
  {
    rule: '[OR30]',
    what: 'nothing about primary',
    code: 'primaryMissing',
    edit: (p) => p.set(enrollments, teacherLine(p), 'primary', ''),
  },
  { rule: '[OR30]', what: 'a primary student', code: 'studentPrimary', edit: place({ primary: 'true' }) },
  {
    rule: '[OR31]',
    what: 'roster number 0',
    code: 'invalidRosterNumber',
    value: '0',
    column: number,
    edit: place({ [number]: '0' }),
  },
  {
    rule: '[OR31]',
    what: 'roster number 1.5',
    code: 'invalidRosterNumber',
    value: '1.5',
    edit: place({ [number]: '1.5' }),
  },
  {
    rule: '[OR31]',
    what: 'roster number -3',
    code: 'invalidRosterNumber',
    value: '-3',
    edit: place({ [number]: '-3' }),
  },
  {
    rule: '[OR31]',
    what: 'one roster number for two',
    code: 'duplicateRosterNumber',
    column: number,
    edit: (p) => {
      const [first, second] = places(p);
      p.set(enrollments, second, number, p.get(enrollments, first, number));
      return second;
    },
  },
  {
    rule: '[OR32]',
    what: 'two ordinary homerooms',
    code: 'overlappingHomerooms',
    edit: secondHomeroom('4年'),
  },
  { rule: '[OR32]', what: 'one homeroom twice', code: 'overlappingHomerooms', edit: secondHomeroom('3年') },
  {
    rule: '[OR32]',
    what: 'no homeroom',
    code: 'studentWithoutHomeroom',
    edit: (p) => {
      p.set(users, userLine(p), 'metadata.jp.homeClass', '');
      const line = userLine(p);
      p.rows(enrollments).splice(places(p)[0] - 1, 1);
      return line;
    },
  },
  {
    rule: '[OR32]',
    what: 'a homeroom of another grade',
    code: 'gradeLevelDiffers',
    params: { gradeLevel: 'P4' },
    edit: (p) => {
      p.set(users, userLine(p), 'grades', 'P4');
      return places(p)[0];
    },
  },
  {
    rule: '[OR32]',
    what: 'a homeroom of another school',
    code: 'homeroomOfOtherSchool',
    edit: (p) => {
      const school = p.get('orgs.csv', 4, 'sourcedId');
      const [line] = places(p);
      p.set(
        'roles.csv',
        p.lineOf('roles.csv', { userSourcedId: p.get(enrollments, line, 'userSourcedId') }),
        'orgSourcedId',
        school,
      );
      p.set(users, userLine(p), 'primaryOrgSourcedId', school);
      return line;
    },
  },
  {
    rule: '[OR32]',
    what: 'another homeClass than the enrolment',
    code: 'homeClassDiffers',
    edit: (p) => {
      p.set(users, userLine(p), 'metadata.jp.homeClass', homeroomId(p, '4年'));
      return userLine(p);
    },
  },
];

describe('an enrolment with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  const quiet: [string, (p: PackageEditor) => void][] = [
    [
      '[OR32] an ordinary and a special-needs homeroom at once (交流学級)',
      (p) => secondHomeroom('なかよし')(p),
    ],
    [
      '[OR32] one homeroom after the other',
      (p) => {
        place({ endDate: '2026-08-31' })(p);
        secondHomeroom('4年', { beginDate: '2026-09-01', endDate: '2027-03-31' })(p);
      },
    ],
    [
      '[OR31] one roster number for two, one after the other',
      (p) => {
        const [first, second] = places(p);
        p.set(enrollments, second, number, p.get(enrollments, first, number));
        p.set(enrollments, first, 'endDate', '2026-08-31');
        p.set(enrollments, second, 'beginDate', '2026-09-01');
      },
    ],
    ['[OR31] no roster number', (p) => place({ [number]: '' })(p)],
  ];
  test.each(quiet)('%s: no issue', (_, edit) => {
    const edited = town.copy();
    edit(edited);
    const result = parseOneRosterPackage(edited.zip());
    expect(result).toMatchObject({ ok: true, warnings: [] });
  });

  test('[OR31] the roster number of a student, and null for all others', () => {
    const edited = town.copy();
    const line = place({ [number]: '17' })(edited);
    const result = parseOneRosterPackage(edited.zip());
    const city = result.ok ? result.city : null;
    expect(city?.enrollments[line - 2]?.rosterNumber).toBe(17);
    expect(
      city?.enrollments.every(({ role, rosterNumber }) => role === 'student' || rosterNumber === null),
    ).toBe(true);
  });
});
