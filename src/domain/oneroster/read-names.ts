import type { OneRosterNames } from './one-roster-city.ts';
import { isKatakana, normalizeKana } from './kana.ts';
import type { RowReader } from './row-reader.ts';

type Part = 'Family' | 'Given' | 'Middle';

/**
 * The name a person goes by (通称), part by part, and its reading. A reading is taken from the given name only where
 * the name is the given one too: the reading of a name somebody does not use would tell it to the whole class.
 */
export function readNames(row: RowReader): OneRosterNames {
  const [family, given, middle] = [readPart(row, 'Family'), readPart(row, 'Given'), readPart(row, 'Middle')];
  return {
    familyName: family.name,
    givenName: given.name,
    middleName: middle.name,
    kanaFamilyName: family.kana,
    kanaGivenName: given.kana,
    kanaMiddleName: middle.kana,
  };
}

function readPart(row: RowReader, part: Part): { readonly name: string; readonly kana: string } {
  const own = `${part.toLowerCase()}Name`;
  const given = part === 'Middle' ? row.label(own) : row.requiredLabel(own);
  const preferred = row.label(`preferred${part}Name`);
  const preferredKana = readKana(row, `metadata.jp.kanaPreferred${part}Name`);
  const givenKana = readKana(row, `metadata.jp.kana${part}Name`);
  const name = preferred === '' ? given : preferred;
  if (name === given) {
    const kana = preferredKana === '' ? givenKana : preferredKana;
    if (kana === '' && name !== '') row.issue('kanaMissing', `metadata.jp.kana${part}Name`);
    return { name, kana };
  }
  if (preferredKana === '') row.issue('preferredKanaMissing', `metadata.jp.kanaPreferred${part}Name`);
  return { name, kana: preferredKana };
}

function readKana(row: RowReader, column: string): string {
  const text = row.raw(column).trim();
  if (text === '') return '';
  const { kana, changes } = normalizeKana(text);
  for (const change of changes) row.issue(change, column);
  if (!isKatakana(kana)) row.issue('kanaNotKatakana', column);
  return kana;
}
