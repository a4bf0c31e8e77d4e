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

const nowhere = '00000000-0000-4000-8000-000000000000';
const [classes, users, roles, enrollments] = [
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

const cases: PackageCase[] = [
  {
    rule: '[OR18]',
    what: '30 February',
    code: 'invalidDate',
    value: '2026-02-30',
    column: 'beginDate',
    edit: cell(enrollments, 'beginDate', '2026-02-30'),
  },
  {
    rule: '[OR18]',
    what: 'a date as a spreadsheet writes it',
    code: 'invalidDate',
    value: '2026/4/1',
    edit: cell(roles, 'beginDate', '2026/4/1'),
  },
  {
    rule: '[OR18]',
    what: 'an end before the beginning',
    code: 'endBeforeBegin',
    column: 'endDate',
    edit: (p) => {
      p.set(enrollments, 2, 'beginDate', '2026-09-01');
      return cell(enrollments, 'endDate', '2026-08-31')(p);
    },
  },
  {
    rule: '[OR18]',
    what: 'an enrolment that ends after the year',
    code: 'dateOutsideSchoolYear',
    value: '2027-04-01',
    edit: cell(enrollments, 'endDate', '2027-04-01'),
  },
  {
    rule: '[OR18]',
    what: 'an enrolment that begins before the year',
    code: 'dateOutsideSchoolYear',
    value: '2026-03-31',
    edit: cell(enrollments, 'beginDate', '2026-03-31'),
  },
  {
    rule: '[OR18]',
    what: 'a role that begins before the year',
    code: 'roleDateOutsideSchoolYear',
    value: '2019-04-01',
    edit: cell(roles, 'beginDate', '2019-04-01'),
  },
  {
    rule: '[OR19]',
    what: 'yes instead of true',
    code: 'invalidBoolean',
    value: 'yes',
    edit: cell(enrollments, 'primary', 'yes'),
  },
  {
    rule: '[OR19]',
    what: 'TRUE',
    code: 'booleanCapitalised',
    value: 'TRUE',
    edit: cell(users, 'enabledUser', 'TRUE'),
  },
  {
    rule: '[OR19]',
    what: 'an unknown class type',
    code: 'invalidEnum',
    value: 'club',
    edit: newClass({ classType: 'club' }),
  },
  {
    rule: '[OR19]',
    what: 'an unknown role',
    code: 'invalidEnum',
    value: 'headmaster',
    edit: cell(roles, 'role', 'headmaster'),
  },
  {
    rule: '[OR19]',
    what: 'an unknown enrolment role',
    code: 'invalidEnum',
    column: 'role',
    edit: cell(enrollments, 'role', 'pupil'),
  },
  {
    rule: '[OR19]',
    what: 'an unknown role type',
    code: 'invalidEnum',
    column: 'roleType',
    edit: (p) => p.addCopy(roles, 2, { sourcedId: nowhere, roleType: 'third' }),
  },
  {
    rule: '[OR19]',
    what: 'a grade code of another country',
    code: 'invalidGradeLevel',
    value: '07',
    edit: newClass({ grades: 'J1,07' }),
  },
  {
    rule: '[OR19]',
    what: 'a grade of a kindergarten',
    code: 'unsupportedGradeLevel',
    value: 'E3',
    edit: newClass({ grades: 'E3' }),
  },
  {
    rule: '[OR19]',
    what: 'a homeroom without a grade',
    code: 'missingValue',
    column: 'grades',
    edit: newClass({ classType: 'homeroom', grades: '' }),
  },
  {
    rule: '[OR19]',
    what: 'subjects without codes',
    code: 'subjectListsDiffer',
    params: { subjects: 2, subjectCodes: 1 },
    edit: newClass({ subjects: '国語,書写', subjectCodes: 'J010' }),
  },
  {
    rule: '[OR21]',
    what: 'a row to be deleted',
    code: 'toBeDeletedSkipped',
    edit: newClass({ status: 'tobedeleted', schoolSourcedId: nowhere }),
  },
  { rule: '[OR21]', what: 'an active row', code: 'statusInBulkFile', edit: cell(roles, 'status', 'active') },
  {
    rule: '[OR21]',
    what: 'another status',
    code: 'invalidEnum',
    column: 'status',
    edit: cell(roles, 'status', 'inactive'),
  },
];

describe('a row with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  test("[OR18] until is the day after endDate, and an empty date is the school year's", () => {
    const edited = town.copy();
    edited.set(enrollments, 2, 'endDate', '2026-08-31');
    edited.set(enrollments, 3, 'beginDate', '');
    edited.set(enrollments, 3, 'endDate', '');
    const result = parseOneRosterPackage(edited.zip());
    const [first, second] = result.ok ? result.city.enrollments : [];
    expect([first?.from, first?.until]).toEqual(['2026-04-01', '2026-09-01']);
    expect([second?.from, second?.until]).toEqual(['2026-04-01', '2027-04-01']);
  });

  test('[OR20] text like formulas, with quotes, commas and line ends stays as it is', () => {
    const title = '=HYPERLINK("http://x","+1")\r\n@組';
    const edited = town.copy();
    const line = newClass({ title })(edited);
    const result = parseOneRosterPackage(edited.zip());
    const found = result.ok
      ? result.city.taughtClasses.find(({ sourcedId }) => sourcedId === nowhere)
      : undefined;
    expect(line).toBeGreaterThan(2);
    expect(found?.title).toBe(title);
  });

  test('[OR19] subjects are those of the class, and of the course where it names none', () => {
    const edited = town.copy();
    newClass({ subjects: '', subjectCodes: '' })(edited);
    const result = parseOneRosterPackage(edited.zip());
    const found = result.ok
      ? result.city.taughtClasses.find(({ sourcedId }) => sourcedId === nowhere)
      : undefined;
    expect(found?.subjects).toEqual([{ name: '国語', code: 'J010' }]);
  });
});
