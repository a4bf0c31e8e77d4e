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

const file = 'manifest.csv';
const birthDates = '"sourcedId","birthDate"\r\n"x","2018-05-05"\r\n';

const cases: PackageCase[] = [
  {
    rule: '[OR8]',
    what: 'the profile of 2024',
    code: 'olderProfileVersion',
    value: '1.2.1',
    line: 3,
    edit: (p) => p.declare('oneroster.version', '1.2.1'),
  },
  {
    rule: '[OR8]',
    what: 'the profile before it',
    code: 'olderProfileVersion',
    value: '1.2',
    edit: (p) => p.declare('oneroster.version', '1.2'),
  },
  {
    rule: '[OR8]',
    what: 'a version nobody knows',
    code: 'unknownOneRosterVersion',
    value: '1.3',
    line: 3,
    edit: (p) => p.declare('oneroster.version', '1.3'),
  },
  {
    rule: '[OR8]',
    what: 'no version',
    code: 'unknownOneRosterVersion',
    edit: (p) => p.keepRows(file, (get) => get('propertyName') !== 'oneroster.version'),
  },
  {
    rule: '[OR8]',
    what: 'another manifest version',
    code: 'invalidManifestValue',
    edit: (p) => p.declare('manifest.version', '2.0'),
  },
  {
    rule: '[OR8]',
    what: 'a mode nobody knows',
    code: 'invalidManifestValue',
    edit: (p) => p.declare('file.users', 'full'),
  },
  { rule: '[OR8]', what: 'delta', code: 'deltaNotSupported', edit: (p) => p.declare('file.users', 'delta') },
  {
    rule: '[OR8]',
    what: 'a property twice',
    code: 'duplicateManifestProperty',
    edit: (p) => p.addCopy(file, 3, {}),
  },
  {
    rule: '[OR8]',
    what: 'an unknown property',
    code: 'unknownManifestProperty',
    edit: (p) => p.addCopy(file, 3, { propertyName: 'source.vendor' }),
  },
  { rule: '[OR9]', what: 'no manifest', code: 'missingRequiredFile', file, edit: (p) => p.removeFile(file) },
  {
    rule: '[OR9]',
    what: 'no users',
    code: 'missingRequiredFile',
    file: 'users.csv',
    edit: (p) => p.removeFile('users.csv'),
  },
  {
    rule: '[OR9]',
    what: 'a declared file that is not there',
    code: 'declaredFileMissing',
    file: 'demographics.csv',
    edit: (p) => p.declare('file.demographics', 'bulk'),
  },
  {
    rule: '[OR9]',
    what: 'a file that is not declared',
    code: 'undeclaredFilePresent',
    file: 'demographics.csv',
    edit: (p) => p.addFile('demographics.csv', birthDates),
  },
  {
    rule: '[OR9]',
    what: 'a required file declared absent',
    code: 'undeclaredFilePresent',
    file: 'roles.csv',
    edit: (p) => p.declare('file.roles', 'absent'),
  },
  {
    rule: '[OR10]',
    what: 'birth dates',
    code: 'optionalFileIgnored',
    file: 'demographics.csv',
    edit: (p) => {
      p.declare('file.demographics', 'bulk');
      p.addFile('demographics.csv', birthDates);
    },
  },
];

describe('a manifest with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));
});

test('[OR8] the manifest of the result names version and source system', () => {
  const result = parseOneRosterPackage(town.zip());
  expect(result.ok && result.city.manifest).toEqual({
    version: '1.2_JP',
    sourceSystem: { name: 'SyntheticSIS', code: 'SYN' },
  });
});
