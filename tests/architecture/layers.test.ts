import { describe, expect, it } from 'vitest';
import { findAmbientUse } from './ambient.ts';
import { findCycles, findLayerBreaches, partOf } from './layers.ts';
import { isTestFile, readFilesUnder } from './source-files.ts';

const sources = readFilesUnder('src', ['.ts', '.svelte', '.mjs']);
const file = (path: string, text: string) => ({ path, text });

describe('the sources', () => {
  it('are there to be checked', () => {
    expect(new Set(sources.map(({ path }) => partOf(path)))).toContain('domain');
  });

  it('import downwards only', () => {
    expect(findLayerBreaches(sources)).toEqual([]);
  });

  it('have no import cycle', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it('use no ambient time, chance, network, storage or console from domain to sync', () => {
    const pure = sources.filter(
      ({ path }) =>
        ['domain', 'ledger', 'access', 'vault', 'sync'].includes(partOf(path)) && !isTestFile(path),
    );
    expect(pure.flatMap(findAmbientUse)).toEqual([]);
  });
});

describe('the check of layers', () => {
  const domain = file('src/domain/a.ts', 'export const a = 1;');
  const gateway = file('src/gateway/g.ts', 'export const g = 1;');

  it.each([
    ['an import', 'src/domain/b.ts', `import { g } from '#gateway/g.ts';`],
    ['a relative import', 'src/domain/b.ts', `import { g } from '../gateway/g.ts';`],
    ['a type', 'src/ledger/b.ts', `import type { G } from '#gateway/g.ts';`],
    ['a type written in place', 'src/ledger/b.ts', `let g: import('#gateway/g.ts').G;`],
    ['an export', 'src/ledger/b.ts', `export * from '#gateway/g.ts';`],
    ['a late import', 'src/device/b.ts', `const g = await import('#gateway/g.ts');`],
    ['a worker', 'src/device/b.ts', `new Worker(new URL('../gateway/g.ts', import.meta.url));`],
    [
      'a component',
      'src/routes/B.svelte',
      `<script lang="ts">import { g } from '#gateway/g.ts';</script>{g}`,
    ],
    ['a module block', 'src/ui/B.svelte', `<script module>import { a } from '#domain/a.ts';</script>`],
    ['a test', 'src/domain/b.test.ts', `import { g } from '#gateway/g.ts';`],
    ['a part the table does not know', 'src/shared/b.ts', `import { a } from '#domain/a.ts';`],
    ['a file that is not there', 'src/domain/b.ts', `import { x } from './x.ts';`],
    ['a way out of src', 'src/domain/b.ts', `import { x } from '../../tests/x.ts';`],
    ['$lib', 'src/ui/b.ts', `import { x } from '$lib/x.ts';`],
    ['a store in the domain', 'src/domain/b.ts', `import Dexie from 'dexie';`],
    ['Node in the ledger', 'src/ledger/b.ts', `import { createHash } from 'node:crypto';`],
    ['Svelte in the gateway', 'src/gateway/b.ts', `import { onMount } from 'svelte';`],
  ])('finds %s', (_, path, text) => {
    expect(findLayerBreaches([domain, gateway, file(path, text)])).toHaveLength(1);
  });

  it('leaves the way down open', () => {
    const allowed = [
      file(
        'src/gateway/b.ts',
        `import { a } from '#domain/a.ts'; import { readFile } from 'node:fs/promises';`,
      ),
      file('src/hooks.server.ts', `import { g } from '#gateway/g.ts';`),
      file('src/routes/+page.ts', `import type { PageLoad } from './$types';`),
      file('src/domain/c.ts', `// import { g } from '#gateway/g.ts';\nimport { a } from './a.ts';`),
      file('src/domain/c.test.ts', `import { readFileSync } from 'node:fs';`),
    ];
    expect(findLayerBreaches([domain, gateway, ...allowed])).toEqual([]);
  });

  it('keeps what is for tests out of the product', () => {
    const helper = file('src/domain/testing/sample.ts', 'export const s = 1;');
    const user = file('src/domain/b.ts', `import { s } from './testing/sample.ts';`);
    expect(findLayerBreaches([helper, user])).toHaveLength(1);
  });
});

describe('the check of cycles', () => {
  const a = file('src/ui/a.ts', `import './b.ts';`);
  const b = file('src/ui/b.ts', `import { c } from './C.svelte';`);

  it('finds one through a component', () => {
    const c = file('src/ui/C.svelte', `<script>import './a.ts';</script>`);
    expect(findCycles([a, b, c])).toEqual(['src/ui/a.ts → src/ui/b.ts → src/ui/C.svelte → src/ui/a.ts']);
  });

  it('leaves types alone', () => {
    const c = file('src/ui/C.svelte', `<script lang="ts">import { type A } from './a.ts';</script>`);
    expect(findCycles([a, b, c])).toEqual([]);
  });
});

describe('the check of ambient use', () => {
  it.each([
    'const t = Date.now();',
    `const t = Date['now']();`,
    'const { now } = Date;',
    'const t = new Date();',
    'const t = Date();',
    'const y = new Date(0).getFullYear();',
    'const d = new Date(2026, 3, 1);',
    'const r = Math.random();',
    'const { random } = Math;',
    'crypto.getRandomValues(bytes);',
    'globalThis.crypto.subtle;',
    'await fetch(url);',
    'const request = { fetch };',
    'const get = (f = fetch) => f();',
    'console.log(1);',
    `localStorage.getItem('a');`,
    `indexedDB.open('a');`,
    'if (process.env.A) f();',
    'setTimeout(f, 10);',
    'function a(fetch: F) { return fetch(); } fetch();',
  ])('finds %s', (text) => {
    expect(findAmbientUse(file('src/domain/a.ts', text))).toHaveLength(1);
  });

  it.each([
    '// Date.now() is not for here',
    `const text = 'Math.random()';`,
    'const d = new Date(at).toISOString();',
    'const day = new Date(at).getUTCDay();',
    'const t = clock.now(); const r = random.random();',
    'interface Port { fetch: typeof fetch; console: Console }',
    'const send = ({ fetch }: Port) => fetch();',
    'function run(process: Step) { return process(); }',
    'const port = { crypto: given, performance: 5 }; port.performance;',
    `import { fetch } from './port.ts'; fetch();`,
    'const document = read(); use(document);',
  ])('leaves %s', (text) => {
    expect(findAmbientUse(file('src/domain/a.ts', text))).toEqual([]);
  });
});
