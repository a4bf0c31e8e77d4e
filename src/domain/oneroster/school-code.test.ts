import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasValidCheckDigit, isBoardCodeFormat, isSchoolCodeFormat } from './school-code.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/mext/', import.meta.url));
const present = existsSync(folder);

function codesOf(file: string): string[] {
  return readFileSync(folder + file, 'utf8').match(/\b[A-H]\d{12}\b/g) ?? [];
}

describe('a school code', () => {
  test.skipIf(!present)(
    '[OR24] of the ministry is good, all of them (skipped where ../shared/data is absent)',
    () => {
      const codes = [
        ...codesOf('school_code_valid_vectors.txt'),
        ...codesOf('school_codes_chiba_sanbu_elementary_20260501.csv'),
      ];
      expect(codes.length).toBeGreaterThan(35);
      expect(codes.filter((code) => !isSchoolCodeFormat(code) || !hasValidCheckDigit(code))).toEqual([]);
    },
  );

  test('[OR24] with one digit changed, or most neighbours exchanged, is not', () => {
    const good = ['B112210006858', 'C101210000016', 'F139190110515', 'H139290000031'];
    for (const code of good) {
      expect(hasValidCheckDigit(code)).toBe(true);
      for (let i = 1; i < code.length; i += 1) {
        const other = (Number(code[i]) + 1) % 10;
        expect(hasValidCheckDigit(code.slice(0, i) + other + code.slice(i + 1))).toBe(false);
      }
    }
    expect(hasValidCheckDigit('A112210006858')).toBe(false);
    expect(hasValidCheckDigit('B112210006585')).toBe(false);
  });

  test('[OR24] has a letter and twelve digits, a board code six digits', () => {
    expect(
      ['B112210006858', 'b112210006858', '121834', 'B11221000685', 'Z112210006858'].map(isSchoolCodeFormat),
    ).toEqual([true, false, false, false, false]);
    expect(['122394', '12239', '1223941'].map(isBoardCodeFormat)).toEqual([true, false, false]);
  });
});
