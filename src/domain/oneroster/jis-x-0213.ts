import { kanjiOfJisX0213Levels3And4 } from './jis-x-0213-kanji.ts';

const CELLS = 94;
/** JIS X 0208 as the platform's EUC-JP decoder knows it, without the vendors' rows 9–15 and 85–94. */
const ROWS = [...Array.from({ length: 8 }, (_, i) => i + 1), ...Array.from({ length: 69 }, (_, i) => i + 16)];

let repertoire: ReadonlySet<string> | null = null;

function charactersOfJisX0213(): ReadonlySet<string> {
  if (repertoire) return repertoire;
  const bytes = ROWS.flatMap((row) =>
    Array.from({ length: CELLS * 2 }, (_, i) => 0xa0 + (i % 2 ? (i + 1) / 2 : row)),
  );
  const jisX0208 = new TextDecoder('euc-jp').decode(new Uint8Array(bytes));
  repertoire = new Set([...jisX0208, ...kanjiOfJisX0213Levels3And4]);
  return repertoire;
}

const SUSPECT = /[\p{Script=Han}\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u{1f000}-\u{1ffff}]/gu;
const PRIVATE_USE = /[\p{Co}]/gu;

/** The characters of a text that JIS X 0213 has not: further kanji, variation selectors (IVS), pictographs. */
export function charactersBeyondJisX0213(text: string): string[] {
  return text.match(SUSPECT)?.filter((character) => !charactersOfJisX0213().has(character)) ?? [];
}

/** 外字: characters that only the machines of one vendor can show. */
export function privateUseCharacters(text: string): string[] {
  return text.match(PRIVATE_USE) ?? [];
}

/** `U+20BB7`. */
export function codePointLabel(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
