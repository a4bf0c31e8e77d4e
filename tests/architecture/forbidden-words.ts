import type { SourceFile } from './source-files.ts';

/** Written in pieces, so that this file does not hold what it forbids. */
const FORBIDDEN: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'a path of one machine',
    pattern: new RegExp(
      `(?<![\\w.])/(?:${['work/main', 'work/shared', 'work/scratch', 'work/\\.', 'root/', 'home/\\w+/'].join('|')})`,
    ),
  },
  { what: 'a path of one machine', pattern: /\b[A-Z]:\\Users\\/ },
  {
    what: 'a package registry',
    pattern: new RegExp(`registry\\.${'npm'}js|${'npm'}js\\.org|\\bartifactory\\b|_auth${'Token'}`, 'i'),
  },
  { what: 'a focused test', pattern: new RegExp(`\\b(?:it|test|describe)\\.${'only'}\\(`) },
  { what: 'a merge left open', pattern: new RegExp(`^(?:${'<'.repeat(7)}|${'>'.repeat(7)}) `, 'm') },
];

/** Each forbidden word of a file, as a sentence. */
export function findForbiddenWords({ path, text }: SourceFile): string[] {
  return FORBIDDEN.flatMap(({ what, pattern }) => {
    const found = pattern.exec(text);
    if (!found) return [];
    const line = text.slice(0, found.index).split('\n').length;
    return [`${path}:${line} holds ${what}: ${found[0]}`];
  });
}
