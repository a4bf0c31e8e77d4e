import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, test } from 'vitest';
import { expectIssue, titled } from './case-table.testing.ts';
import type { PackageCase } from './case-table.testing.ts';
import type { PackageEditor } from './package-editor.testing.ts';
import { openSmallTown } from './small-town.testing.ts';

const practiceZip = fileURLToPath(
  new URL('../../gateway/practice/RO_20260401_oami_1.2_JP.zip', import.meta.url),
);

let town: PackageEditor;
beforeAll(() => {
  town = openSmallTown(new Uint8Array(readFileSync(practiceZip)));
});

const nowhere = '00000000-0000-4000-8000-000000000000';
const [courses, classes, users, roles, enrollments] = [
  'courses.csv',
  'classes.csv',
  'users.csv',
  'roles.csv',
  'enrollments.csv',
] as const;

/** Sets one cell of line 2, or of the line given. */
const cell =
  (file: string, column: string, value: string, line = 2) =>
  (p: PackageEditor): number => {
    p.set(file, line, column, value);
    return line;
  };

/** Puts a class's own row with this change at the end, so that nothing else refers to it. */
const newClass = (values: Readonly<Record<string, string>>) => (p: PackageEditor) =>
  p.addCopy(classes, p.lineOf(classes, { classType: 'scheduled' }), { sourcedId: nowhere, ...values });

const unknown = (file: string, column: string): PackageCase => ({
  rule: '[OR17]',
  what: `${file} ${column} that leads nowhere`,
  code: 'unknownReference',
  file,
  column,
  value: nowhere,
  edit: cell(file, column, nowhere),
});

const cases: PackageCase[] = [
  {
    rule: '[OR16]',
    what: 'no id',
    code: 'missingValue',
    column: 'sourcedId',
    edit: (p) => p.addCopy(classes, 2, { sourcedId: '' }),
  },
  {
    rule: '[OR16]',
    what: 'an id with a space',
    code: 'invalidSourcedId',
    edit: (p) => p.addCopy(roles, 2, { sourcedId: 'a b', roleType: 'secondary' }),
  },
  {
    rule: '[OR16]',
    what: 'an id that is no UUID',
    code: 'notUuid',
    value: 'role-1',
    edit: cell(roles, 'sourcedId', 'role-1'),
  },
  {
    rule: '[OR16]',
    what: 'an id twice',
    code: 'duplicateSourcedId',
    params: { firstLine: 2 },
    edit: (p) => p.addCopy(roles, 2, {}),
  },
  unknown(courses, 'orgSourcedId'),
  unknown(courses, 'schoolYearSourcedId'),
  unknown(classes, 'courseSourcedId'),
  unknown(classes, 'termSourcedIds'),
  {
    ...unknown(classes, 'schoolSourcedId'),
    edit: newClass({ schoolSourcedId: nowhere, sourcedId: nowhere.replace('8', '9') }),
  },
  unknown(users, 'primaryOrgSourcedId'),
  unknown(users, 'metadata.jp.homeClass'),
  unknown(enrollments, 'classSourcedId'),
  unknown(enrollments, 'schoolSourcedId'),
  unknown(enrollments, 'userSourcedId'),
  {
    ...unknown(roles, 'orgSourcedId'),
    edit: (p) => p.addCopy(roles, 2, { sourcedId: nowhere, roleType: 'secondary', orgSourcedId: nowhere }),
  },
  {
    ...unknown(roles, 'userSourcedId'),
    edit: (p) => p.addCopy(roles, 2, { sourcedId: nowhere, userSourcedId: nowhere }),
  },
  {
    rule: '[OR17]',
    what: 'a homeClass that is a title',
    code: 'homeClassIsTitle',
    edit: cell(users, 'metadata.jp.homeClass', '1年'),
  },
];

describe('ids with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));
});
