import { commonWords } from './common-words.ts';

/** A password of this many free characters, beside words and runs, is not among the first millions that are tried. */
export const MIN_PASSWORD_WEIGHT = 6;

const MIN_PART = 3;
/** Rows of a keyboard and what fingers do on it; either way round. */
const tracks: readonly string[] = [
  ...['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  ...[
    '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
    '1q2w3e4r5t6y7u8i9o0p',
    'qawsedrftgyhujikolp',
    'qazwsxedcrfvtgbyhnujm',
  ],
  ...[
    'あいうえおかきくけこさしすせそたちつてとなにぬねの',
    'アイウエオカキクケコサシスセソタチツテトナニヌネノ',
  ],
  ...['いろはにほへとちりぬるを'],
].flatMap((track) => [track, [...track].reverse().join('')]);

const lookalikes: ReadonlyMap<string, string> = new Map([
  ...[...'@4'].map((sign) => [sign, 'a'] as const),
  ...[...'1!'].map((sign) => [sign, 'i'] as const),
  ...[...'$5'].map((sign) => [sign, 's'] as const),
  ...[...'7+'].map((sign) => [sign, 't'] as const),
  ...[['3', 'e'] as const, ['0', 'o'] as const],
]);

/**
 * How many characters of a password somebody had to think of: a common word, a run, a year, or a part that was there
 * already counts as one, three digits as one. Exact below MIN_PASSWORD_WEIGHT; above, no less than that.
 */
export function passwordWeight(password: string): number {
  const plain = [...bare(password)];
  return weigh([plain, plain.map((character) => lookalikes.get(character) ?? character)]);
}

/** Whether a password holds one of these whole, however it is spaced and written. */
export function holdsName(password: string, names: readonly string[]): boolean {
  const text = bare(password);
  return names.map(bare).some((name) => [...name].length >= MIN_PART && text.includes(name));
}

/** Without case, width and what stands between words. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, (mark) => (lookalikes.has(mark) ? mark : ''));
}

/** The least weight over all ways to cut a text into parts, each read as it is written or as what it looks like. */
function weigh(readings: readonly (readonly string[])[]): number {
  const length = readings[0]?.length ?? 0;
  const least = [0];
  for (let end = 1; end <= length; end++) {
    let best = (least[end - 1] ?? 0) + 1;
    for (let start = 0; start < end; start++) {
      const present = least[start] ?? 0;
      // Heavy enough whatever follows, or no lighter than what was found: long passwords take no long look.
      if (present >= MIN_PASSWORD_WEIGHT || present + 1 >= best) continue;
      for (const characters of readings) {
        const part = characters.slice(start, end).join('');
        const before = characters.slice(0, start).join('');
        const weight = weightOfPart(part, end - start, before);
        if (weight !== null) best = Math.min(best, present + weight);
      }
    }
    least.push(best);
  }
  return least[length] ?? 0;
}

/** null where a part is nothing that is known. */
function weightOfPart(part: string, length: number, before: string): number | null {
  if (words.has(part)) return 1;
  if (length < MIN_PART) return null;
  if (isRun(part) || before.includes(part)) return 1;
  if (/^(?:19|20)\d\d$/.test(part)) return 1;
  return /^\d+$/.test(part) ? Math.ceil(length / 3) : null;
}

function isRun(part: string): boolean {
  return new Set(part).size === 1 || tracks.some((track) => track.includes(part));
}

const words: ReadonlySet<string> = new Set(commonWords.map((word) => bare(word)));
