/** 学校種 (letter and digit), 都道府県番号, 設置区分, then the school, last a check digit: B112210006821. */
const SCHOOL_CODE = /^[A-H]\d{12}$/;
/** 教育委員会コード: six digits. */
const BOARD_CODE = /^\d{6}$/;

export function isSchoolCodeFormat(code: string): boolean {
  return SCHOOL_CODE.test(code);
}

export function isBoardCodeFormat(code: string): boolean {
  return BOARD_CODE.test(code);
}

/**
 * Modulus 10 over the twelve places before the check digit: every second one from the right doubled (its digits added),
 * the letter counting as its ordinal (A = 1). Derived from the ministry's codes at hand and confirmed by all of them;
 * no text of the ministry was read, so a mismatch is a warning and never a refusal.
 */
export function hasValidCheckDigit(code: string): boolean {
  const places = [code.charCodeAt(0) - 64, ...[...code.slice(1, -1)].map(Number)].reverse();
  const sum = places.reduce((total, value, i) => {
    const weighed = i % 2 === 1 ? value * 2 : value;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return (sum + Number(code.at(-1))) % 10 === 0;
}
