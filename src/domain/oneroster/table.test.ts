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

const file = 'users.csv';

const rewrite =
  (change: (text: string) => string | Uint8Array, of = file) =>
  (p: PackageEditor) =>
    p.rewrite(of, change);

const cases: PackageCase[] = [
  {
    rule: '[OR14]',
    what: 'no header',
    code: 'missingHeader',
    file,
    line: 1,
    edit: rewrite((text) => text.slice(text.indexOf('\r\n') + 2)),
  },
  {
    rule: '[OR14]',
    what: 'a needed column missing',
    code: 'missingColumn',
    file,
    line: 1,
    column: 'metadata.jp.kanaFamilyName',
    edit: (p) => p.dropColumn(file, 'metadata.jp.kanaFamilyName'),
  },
  {
    rule: '[OR14]',
    what: 'an unread column missing',
    code: 'missingUnreadColumn',
    file,
    column: 'pronouns',
    edit: (p) => p.dropColumn(file, 'pronouns'),
  },
  {
    rule: '[OR14]',
    what: 'a column nobody knows',
    code: 'unknownColumn',
    file,
    column: 'metadata.jp.attendanceNumber',
    edit: rewrite((text) =>
      text.replaceAll('\r\n', ',"x"\r\n').replace(',"x"', ',"metadata.jp.attendanceNumber"'),
    ),
  },
  {
    rule: '[OR14]',
    what: 'a column twice',
    code: 'duplicateColumn',
    file,
    column: 'username',
    edit: rewrite((text) => text.replaceAll('\r\n', ',"x"\r\n').replace(',"x"', ',"username"')),
  },
  {
    rule: '[OR14]',
    what: 'columns in another order',
    code: 'columnOrder',
    file,
    line: 1,
    edit: (p) => p.rows(file).forEach((row) => row.reverse()),
  },
  {
    rule: '[OR15]',
    what: 'the header as a row',
    code: 'headerRepeated',
    file,
    line: 2,
    edit: rewrite((text) => text.split('\r\n')[0] + '\r\n' + text),
  },
  {
    rule: '[OR15]',
    what: 'a short row',
    code: 'tooFewColumns',
    file: 'roles.csv',
    line: 3,
    params: { expected: 10, found: 9 },
    edit: (p) => void p.rows('roles.csv')[2]?.pop(),
  },
  {
    rule: '[OR15]',
    what: 'a long row',
    code: 'tooManyColumns',
    file: 'roles.csv',
    line: 3,
    params: { expected: 10, found: 11 },
    edit: (p) => void p.rows('roles.csv')[2]?.push(''),
  },
];

describe('a file with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  test('[OR14] a header and no row → noRows', () => {
    const edited = town.copy();
    edited.keepRows('enrollments.csv', () => false);
    const result = parseOneRosterPackage(edited.zip());
    expect(result.ok).toBe(true);
    expect(new Set(result.warnings.map(({ code }) => code))).toEqual(
      new Set(['noRows', 'studentWithoutHomeroom', 'homeClassDiffers']),
    );
  });

  test('[OR14] ShussekiNo and PublicFlg of older profiles, and their resourceSourcedIds, is read without a warning', () => {
    const edited = town.copy();
    edited.renameColumn('enrollments.csv', 'metadata.jp.shussekiNo', 'metadata.jp.ShussekiNo');
    edited.renameColumn('enrollments.csv', 'metadata.jp.publicFlg', 'metadata.jp.PublicFlg');
    edited.rows(file).forEach((row, i) => row.push(i === 0 ? 'resourceSourcedIds' : ''));
    const [older, current] = [parseOneRosterPackage(edited.zip()), parseOneRosterPackage(town.zip())];
    expect(older).toEqual(current);
    expect(older.ok && older.city.enrollments.some(({ rosterNumber }) => rosterNumber !== null)).toBe(true);
  });

  test('[OR13] line ends inside a value: later lines are named as an editor shows them', () => {
    const edited = town.copy();
    edited.set(file, 2, 'userIds', '{a:1}\r\n{b:2}\n{c:3}');
    edited.set(file, 5, 'enabledUser', 'maybe');
    const result = parseOneRosterPackage(edited.zip());
    expect(result.ok ? [] : result.errors.map(({ code, line }) => [code, line])).toEqual([
      ['invalidBoolean', 7],
    ]);
  });

  test('[OR1] errors of several files are reported together, and nothing of the package is given', () => {
    const edited = town.copy();
    edited.set('orgs.csv', 2, 'identifier', '');
    edited.set('roles.csv', 2, 'beginDate', '2026-02-30');
    const result = parseOneRosterPackage(edited.zip());
    expect(result).not.toHaveProperty('city');
    expect(result.ok ? [] : result.errors.map(({ code }) => code).sort()).toEqual([
      'invalidDate',
      'missingValue',
    ]);
  });
});
