import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countCheck, countFaultRuns, countPlaywright, countVitest } from './reports.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const MINUTE_MS = 60_000;
const bin = (/** @type {string} */ path) => join(ROOT, 'node_modules', path);

/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {(reportPath: string) => string[][]} commands  run by node one after another, until one fails
 * @property {(run: import('./reports.mjs').PhaseRun) => import('./reports.mjs').Count} count
 * @property {number} limitMs  a phase that takes longer is stopped and has failed
 * @property {string} [needs]  a phase that must not have failed, if it was run
 */

/**
 * What `npm test` runs, in this order. A check (format, lint, types, build, bundle) counts as one test; the others
 * count what their own report says.
 *
 * @type {Phase[]}
 */
export const PHASES = [
  check('format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  check(
    'lint',
    [bin('@sveltejs/kit/svelte-kit.js'), 'sync'],
    [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
  ),
  check(
    'types',
    [bin('@sveltejs/kit/svelte-kit.js'), 'sync'],
    [bin('svelte-check/bin/svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
  ),
  vitest('unit'),
  vitest('contract'),
  vitest('access'),
  check('build', [join(ROOT, 'src/gateway/launch.mjs'), 'build']),
  { ...check('bundle', [join(ROOT, 'tests/tools/bundle-size.mjs')]), needs: 'build' },
  {
    name: 'e2e',
    commands: () => [[bin('@playwright/test/cli.js'), 'test', '--config', 'tests/e2e/playwright.config.ts']],
    count: countPlaywright,
    limitMs: 12 * MINUTE_MS,
    needs: 'build',
  },
  {
    name: 'faults',
    commands: () => [[join(ROOT, 'tests/faults/run.mjs'), '--seeds', '3']],
    count: countFaultRuns,
    limitMs: 12 * MINUTE_MS,
    needs: 'build',
  },
];

/** @param {string} name @param {string[][]} commands @returns {Phase} */
function check(name, ...commands) {
  return { name, commands: () => commands, count: countCheck, limitMs: 5 * MINUTE_MS };
}

/** @param {string} project @returns {Phase} */
function vitest(project) {
  return {
    name: project,
    commands: (reportPath) => [
      [
        bin('vitest/vitest.mjs'),
        'run',
        `--project=${project}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportPath}`,
      ],
    ],
    count: countVitest,
    limitMs: 8 * MINUTE_MS,
  };
}
