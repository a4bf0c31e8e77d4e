import type { SeededRandom } from '../../../src/gateway/practice/seeded-random.ts';

/** Texts that programs have stumbled over. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ufeff',
  '\u202e\u2066',
  '\ud800',
  '\udc00\ud800',
  'e\u0301',
  'é',
  '𠮟る',
  '葛\udb40\udd00',
  'İıſK',
  'Ａｄｍｉｎ',
  'nurse\u0000',
  'NURSE',
  ' nurse',
  'nurse\u200b',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%c0%ae%c0%ae/',
  'a'.repeat(300),
  '雨'.repeat(5000),
  '{"$gt":""}',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  'register-s1-2026/register',
  'accounts-test/register',
  '_design/amenimo',
  '_security',
  '-1',
  '1e999',
  '0x10',
  'null',
  'true',
  '2026-02-30',
  '9999-99-99',
  'https://evil.test/',
  '//evil.test',
  'javascript:alert(1)',
];

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  1e308,
  [],
  {},
  [[]],
  [null],
  { __proto__: null },
  { length: 5 },
  { toString: 1 },
  { toJSON: 'x' },
];

export function oddText(random: SeededRandom): string {
  const text = random.pick(ODD_TEXTS);
  return random.chance(0.2) ? text + random.pick(ODD_TEXTS) : text;
}

export function oddValue(random: SeededRandom): unknown {
  return random.chance(0.5) ? oddText(random) : random.pick(ODD_VALUES);
}

/** A copy in which one place is something else: dropped, doubled, renamed or replaced. */
export function mutateValue(random: SeededRandom, value: unknown, depth = 0): unknown {
  if (depth > 6 || random.chance(0.15)) return oddValue(random);
  if (Array.isArray(value)) return mutateList(random, value, depth);
  if (typeof value === 'object' && value !== null) return mutateObject(random, value, depth);
  if (typeof value === 'number') return random.pick([value + 1, -value, value / 3, String(value), 1e18]);
  if (typeof value === 'string' && random.chance(0.6)) return mutateText(random, value);
  return oddValue(random);
}

function mutateList(random: SeededRandom, list: readonly unknown[], depth: number): unknown {
  const copy = [...list];
  const at = random.between(0, Math.max(0, copy.length - 1));
  const how = random.between(0, 3);
  if (how === 0) copy.splice(at, 1);
  else if (how === 1) copy.push(copy[at] ?? oddValue(random));
  else if (how === 2) copy.reverse();
  else copy[at] = mutateValue(random, copy[at], depth + 1);
  return copy;
}

function mutateObject(random: SeededRandom, object: object, depth: number): unknown {
  const copy: Record<string, unknown> = { ...object };
  const names = Object.keys(copy);
  if (names.length === 0) return { [oddText(random)]: oddValue(random) };
  const name = random.pick(names);
  const how = random.between(0, 4);
  if (how === 0) delete copy[name];
  else if (how === 1) copy[oddText(random)] = oddValue(random);
  else if (how === 2) {
    copy[name.toUpperCase()] = copy[name];
    delete copy[name];
  } else copy[name] = mutateValue(random, copy[name], depth + 1);
  return copy;
}

export function mutateText(random: SeededRandom, text: string): string {
  const at = random.between(0, text.length);
  const how = random.between(0, 6);
  if (how === 0) return text.slice(0, at);
  if (how === 1) return text.slice(0, at) + oddText(random) + text.slice(at);
  if (how === 2) return text.toUpperCase();
  if (how === 3) return encodeURIComponent(wellFormed(text));
  if (how === 4) return text + text;
  if (how === 5) return text.normalize('NFD');
  const letter = String.fromCharCode((text.charCodeAt(at) || 48) ^ (1 << random.between(0, 6)));
  return text.slice(0, at) + letter + text.slice(at + 1);
}

/** A text that is no longer the JSON it was: cut, doubled keys, polluted, deep, or in another encoding. */
export function breakJson(random: SeededRandom, json: string): string {
  const at = random.between(0, json.length);
  switch (random.between(0, 9)) {
    case 0:
      return json.slice(0, at);
    case 1:
      return `${json}${random.pick(['}', ',', '\u0000', json, '//'])}`;
    case 2:
      return `\ufeff${json}`;
    case 3:
      return json.replace(
        '{',
        `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},`,
      );
    case 4:
      return json.replace(/"(\w+)":/, '"$1":null,"$1":');
    case 5: {
      const depth = random.pick([25, 1000, 50_000]);
      return json.replace(/:(?="|\d|\{|\[)/, `:${'['.repeat(depth)}${']'.repeat(depth)},"x":`);
    }
    case 6:
      return json.replace(/\d+/, '1'.repeat(random.pick([20, 400, 5000])));
    case 7:
      return json.replaceAll('"', "'");
    case 8:
      return [...json].map((letter) => `${letter}\u0000`).join('');
    default:
      return json.replace(
        /"([^"\\]*)"/,
        (_, text: string) =>
          `"${[...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
      );
  }
}

/** Without half surrogate pairs, which no address can carry. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
