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
const [sessions, orgs, classes] = ['academicSessions.csv', 'orgs.csv', 'classes.csv'] as const;

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
    rule: '[OR22]',
    what: 'no school year',
    code: 'missingSchoolYear',
    edit: (p) => p.keepRows(sessions, () => false),
  },
  {
    rule: '[OR22]',
    what: 'two school years',
    code: 'severalSchoolYears',
    params: { years: '2026 2027' },
    edit: (p) =>
      p.addCopy(sessions, 2, {
        sourcedId: nowhere,
        title: '2027年度',
        schoolYear: '2027',
        startDate: '2027-04-01',
        endDate: '2028-03-31',
      }) && undefined,
  },
  {
    rule: '[OR22]',
    what: 'the year by its end, as elsewhere',
    code: 'schoolYearDatesMismatch',
    edit: cell(sessions, 'startDate', '2026-04-06'),
  },
  {
    rule: '[OR22]',
    what: 'an unusual title',
    code: 'schoolYearTitleMismatch',
    edit: cell(sessions, 'title', '令和8年度'),
  },
  {
    rule: '[OR22]',
    what: 'a term',
    code: 'sessionTypeIgnored',
    edit: (p) => p.addCopy(sessions, 2, { sourcedId: nowhere, type: 'term', title: '1学期' }),
  },
  {
    rule: '[OR23]',
    what: 'two boards',
    code: 'severalBoards',
    file: orgs,
    params: { count: 2 },
    edit: (p) => p.addCopy(orgs, 2, { sourcedId: nowhere, identifier: '122017' }),
  },
  {
    rule: '[OR23]',
    what: 'a board with a parent',
    code: 'boardHasParent',
    line: 2,
    edit: cell(orgs, 'parentSourcedId', nowhere),
  },
  {
    rule: '[OR23]',
    what: 'a school without a parent',
    code: 'missingValue',
    column: 'parentSourcedId',
    edit: cell(orgs, 'parentSourcedId', '', 3),
  },
  {
    rule: '[OR23]',
    what: "a school under another school's roof",
    code: 'unknownReference',
    column: 'parentSourcedId',
    edit: (p) => cell(orgs, 'parentSourcedId', p.get(orgs, 4, 'sourcedId'), 3)(p),
  },
  {
    rule: '[OR23]',
    what: 'two schools with one code',
    code: 'duplicateSchoolCode',
    edit: (p) => p.addCopy(orgs, 3, { sourcedId: nowhere }),
  },
  {
    rule: '[OR23]',
    what: 'a class of the board',
    code: 'orgNotASchool',
    edit: (p) => newClass({ schoolSourcedId: p.get(orgs, 2, 'sourcedId') })(p),
  },
  {
    rule: '[OR24]',
    what: 'a board code of five digits',
    code: 'boardCodeFormat',
    value: '12239',
    edit: cell(orgs, 'identifier', '12239'),
  },
  {
    rule: '[OR24]',
    what: 'the older school number',
    code: 'schoolCodeFormat',
    value: '121834',
    edit: cell(orgs, 'identifier', '121834', 3),
  },
  {
    rule: '[OR24]',
    what: 'a mistyped school code',
    code: 'schoolCodeCheckDigit',
    value: 'B112210006585',
    edit: cell(orgs, 'identifier', 'B112210006585', 3),
  },
];

describe('a year and organisations with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  test('[OR23] no board and no school', () => {
    const edited = town.copy();
    edited.keepRows(orgs, () => false);
    const result = parseOneRosterPackage(edited.zip());
    const found = result.ok ? [] : result.errors.map(({ code }) => code);
    expect(found).toEqual(expect.arrayContaining(['missingBoard', 'missingSchool']));
  });
});
