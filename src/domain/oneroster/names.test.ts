import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectIssue, titled } from './case-table.testing.ts';
import type { PackageCase } from './case-table.testing.ts';
import type { OneRosterStudent } from './one-roster-city.ts';
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

const users = 'users.csv';

/** Line in users.csv of the first student without a middle name. */
const studentLine = (p: PackageEditor): number => {
  let line = 2;
  while (p.get(users, line, 'grades') === '' || p.get(users, line, 'middleName') !== '') line += 1;
  return line;
};
const student =
  (values: Readonly<Record<string, string>>) =>
  (p: PackageEditor): number => {
    const line = studentLine(p);
    for (const [column, value] of Object.entries(values)) p.set(users, line, column, value);
    return line;
  };

const family = 'metadata.jp.kanaFamilyName';
const cases: PackageCase[] = [
  {
    rule: '[OR25]',
    what: 'no family name',
    code: 'missingValue',
    column: 'familyName',
    edit: student({ familyName: '', preferredFamilyName: '', [family]: '' }),
  },
  {
    rule: '[OR25]',
    what: 'spaces around a name',
    code: 'surroundingSpace',
    column: 'familyName',
    edit: student({ familyName: '架空　', preferredFamilyName: '' }),
  },
  {
    rule: '[OR25]',
    what: 'half-width kana in a name',
    code: 'halfWidthKana',
    column: 'givenName',
    edit: student({ givenName: 'ﾏﾘｱ', preferredGivenName: '' }),
  },
  {
    rule: '[OR25]',
    what: 'a preferred name without a reading',
    code: 'preferredKanaMissing',
    column: 'metadata.jp.kanaPreferredFamilyName',
    edit: student({ preferredFamilyName: '架空', 'metadata.jp.kanaPreferredFamilyName': '' }),
  },
  {
    rule: '[OR26]',
    what: 'half-width kana',
    code: 'halfWidthKana',
    column: family,
    edit: student({ [family]: 'ｶﾞｸｳ' }),
  },
  {
    rule: '[OR26]',
    what: 'hiragana',
    code: 'hiraganaInKana',
    column: family,
    edit: student({ [family]: 'かくう' }),
  },
  {
    rule: '[OR26]',
    what: 'separate voiced marks',
    code: 'decomposedKana',
    column: family,
    edit: student({ [family]: 'カ\u3099クウ' }),
  },
  {
    rule: '[OR26]',
    what: 'Latin letters',
    code: 'kanaNotKatakana',
    column: family,
    edit: student({ [family]: 'Kakuu' }),
  },
  {
    rule: '[OR26]',
    what: 'no reading',
    code: 'kanaMissing',
    column: family,
    edit: student({ [family]: '' }),
  },
  {
    rule: '[OR27]',
    what: 'kanji beyond JIS X 0213',
    code: 'beyondJisX0213',
    file: users,
    params: { count: 2, codePoints: 'U+20BB7 U+9AD9' },
    edit: (p) =>
      student({ familyName: '𠮷髙', preferredFamilyName: '', givenName: '髙', preferredGivenName: '' })(p),
  },
  {
    rule: '[OR27]',
    what: 'a variation selector',
    code: 'beyondJisX0213',
    params: { count: 1, codePoints: 'U+E0101' },
    edit: student({ familyName: '辻\u{e0101}', preferredFamilyName: '' }),
  },
  {
    rule: '[OR27]',
    what: 'a private-use character',
    code: 'privateUseCharacter',
    params: { count: 1, codePoints: 'U+E000' },
    edit: student({ familyName: '\ue000田', preferredFamilyName: '' }),
  },
];

/** The first student of the town after an edit of that student's row. */
function studentAfter(values: Readonly<Record<string, string>>): OneRosterStudent | undefined {
  const edited = town.copy();
  const id = edited.get(users, student(values)(edited), 'sourcedId');
  const result = parseOneRosterPackage(edited.zip());
  return result.ok ? result.city.students.find(({ sourcedId }) => sourcedId === id) : undefined;
}

describe('names with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  test('[OR25] the preferred name goes before the given one, part by part, with its own reading', () => {
    const official = {
      familyName: '本名',
      givenName: '一',
      [family]: 'ホンミョウ',
      'metadata.jp.kanaGivenName': 'ハジメ',
    };
    const preferred = { preferredFamilyName: '通称', preferredGivenName: '' };
    expect(
      studentAfter({ ...official, ...preferred, 'metadata.jp.kanaPreferredFamilyName': 'ツウショウ' }),
    ).toMatchObject({
      familyName: '通称',
      givenName: '一',
      kanaFamilyName: 'ツウショウ',
      kanaGivenName: 'ハジメ',
    });
    expect(studentAfter({ ...official, ...preferred })?.kanaFamilyName).toBe('');
  });

  test('[OR26] readings come out in full-width katakana', () => {
    for (const written of ['ｶﾞｸｳ', 'がくう', 'カ\u3099クウ', 'か\u3099くう', 'ガクウ']) {
      expect(studentAfter({ [family]: written })?.kanaFamilyName).toBe('ガクウ');
    }
  });

  test('[OR27] rare characters come out as they went in', () => {
    for (const familyName of ['𠮷', '髙', '﨑', '辻\u{e0101}', '神', '\ue000田']) {
      expect(studentAfter({ familyName, preferredFamilyName: '' })?.familyName).toBe(familyName);
    }
  });
});
