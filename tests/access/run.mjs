/**
 * `npm run test:access`: everything about rights, and at the end one line of what was judged:
 * `{"cases":…,"leaks":…,"wrongDenials":…}`, summed from what each test file has counted in this run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../tools/phases.mjs';

const folder = mkdtempSync(join(tmpdir(), 'amenimo-access-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'access', ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, AMENIMO_ACCESS_TALLY: folder } },
);

const sum = { cases: 0, leaks: 0, wrongDenials: 0 };
for (const name of readdirSync(folder)) {
  const counts = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  for (const key of /** @type {(keyof typeof sum)[]} */ (Object.keys(sum))) sum[key] += counts[key];
}
console.log(JSON.stringify(sum));
process.exitCode = status === 0 && sum.cases > 0 && sum.leaks === 0 && sum.wrongDenials === 0 ? 0 : 1;
