import { describe, expect, test } from 'vitest';
import { kanjiOfJisX0213Levels3And4 } from './jis-x-0213-kanji.ts';
import { charactersBeyondJisX0213, codePointLabel, privateUseCharacters } from './jis-x-0213.ts';

describe('the repertoire', () => {
  test('[OR27] has the 1,259 and 2,436 kanji that the standard gives levels 3 and 4', () => {
    const kanji = [...kanjiOfJisX0213Levels3And4];
    expect(new Set(kanji).size).toBe(1_259 + 2_436);
    expect(kanji.every((character) => /^\p{Script=Han}$/u.test(character))).toBe(true);
  });

  test('[OR27] holds what names are commonly written with', () => {
    expect(charactersBeyondJisX0213('山田々〆﨑德増增栁𣘺塚塚鷗俱 ゔゝヴー・Maria Ａ１()')).toEqual([]);
  });

  test('[OR27] does not hold vendor kanji, further planes, selectors or pictographs', () => {
    expect(charactersBeyondJisX0213('髙𠮷辻\u{e0100}葛\ufe00😀').map(codePointLabel)).toEqual([
      'U+9AD9',
      'U+20BB7',
      'U+E0100',
      'U+FE00',
      'U+1F600',
    ]);
    expect(privateUseCharacters('田\ue000\u{f0000}').map(codePointLabel)).toEqual(['U+E000', 'U+F0000']);
  });
});
