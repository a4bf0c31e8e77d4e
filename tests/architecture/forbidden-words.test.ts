import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findForbiddenWords } from './forbidden-words.ts';
import { listProjectFiles, ROOT } from './source-files.ts';

const texts = listProjectFiles()
  .filter((path) => existsSync(join(ROOT, path)) && !/\.(png|zip|woff2|ico|webp)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

it('no file holds what belongs to one machine or one moment', () => {
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.flatMap(findForbiddenWords)).toEqual([]);
});

it.each([
  ['cd /ro', 'ot/', 'amenimo'],
  ['see /wo', 'rk/', 'shared/design'],
  ['in /ho', 'me/someone/amenimo'],
  ['https://regis', 'try.npm', 'js.org/zod'],
  ['it.on', `ly('this')`],
])('finds %s%s', (...pieces) => {
  expect(findForbiddenWords({ path: 'a.ts', text: `// ${pieces.join('')}` })).toHaveLength(1);
});

it('leaves an address of the app alone', () => {
  expect(findForbiddenWords({ path: 'a.ts', text: `goto('/home/today'); use('./work/main')` })).toEqual([]);
});
