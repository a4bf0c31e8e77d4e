export type KanaChange = 'halfWidthKana' | 'hiraganaInKana' | 'decomposedKana';

const HALF_WIDTH = /[\uff61-\uff9f]+/g;
const HIRAGANA = /[\u3041-\u3096\u309d\u309e]/g;
const HIRAGANA_TO_KATAKANA = 0x60;
/** A base followed by a combining (semi-)voiced mark, as file systems of one maker write it. */
const DECOMPOSED = /[\u3041-\u30ff][\u3099\u309a]/g;
const KATAKANA_ONLY = /^[\u30a0-\u30ff\u3000 ]*$/;

/** Half-width kana made full-width (ｶﾞ → ガ). Everything else stays: NFKC on a whole name would change its kanji. */
export function widenKana(text: string): string {
  return text.replaceAll(HALF_WIDTH, (run) => run.normalize('NFKC'));
}

/** A reading in full-width katakana, and what had to be changed for it; no change loses anything. */
export function normalizeKana(text: string): {
  readonly kana: string;
  readonly changes: readonly KanaChange[];
} {
  const changes: KanaChange[] = [];
  const step = (change: KanaChange, from: string, to: string): string => {
    if (from !== to) changes.push(change);
    return to;
  };
  let kana = step('halfWidthKana', text, widenKana(text));
  kana = step(
    'decomposedKana',
    kana,
    kana.replaceAll(DECOMPOSED, (pair) => pair.normalize('NFC')),
  );
  kana = step(
    'hiraganaInKana',
    kana,
    kana.replaceAll(HIRAGANA, (c) => String.fromCharCode(c.charCodeAt(0) + HIRAGANA_TO_KATAKANA)),
  );
  return { kana, changes };
}

export function isKatakana(text: string): boolean {
  return KATAKANA_ONLY.test(text);
}
