/**
 * `npm run bench -- [R1 R5 …] [--json] [--n 5] [--quick] [--write]`: speeds as ratios against a floor or a peer taken
 * in the same run. docs/benchmarks.md explains each figure and holds the last table.
 */
import { Bench } from './bench.mjs';
import { describeMachine, load } from './machine.mjs';
import { measureAccess } from './measures/access-decisions.mjs';
import { measureAppFirstSync } from './measures/app-first-sync.mjs';
import { measureColdStart } from './measures/cold-start.mjs';
import { jsonLine } from './measures/figure.mjs';
import { measureFirstSync } from './measures/first-sync.mjs';
import { MARKS } from './measures/marks.mjs';
import { measureStorage } from './measures/storage.mjs';
import { measureTaps } from './measures/taps.mjs';
import { tableOf } from './report/table.mjs';
import { writeDocuments } from './report/documents.mjs';
import { readRunOptions } from './run-options.mjs';

/** @type {Record<string, (bench: Bench, ids: string[]) => Promise<import('./measures/figure.mjs').Figure[]>>} */
const GROUPS = {
  firstSync: measureFirstSync,
  appFirstSync: measureAppFirstSync,
  taps: measureTaps,
  storage: measureStorage,
  coldStart: measureColdStart,
  access: measureAccess,
};

const options = readRunOptions(process.argv.slice(2), Object.keys(MARKS));
const ids = options.ids.length > 0 ? options.ids : Object.keys(MARKS);
const loadBefore = load();
const bench = await Bench.open(options, ids.includes('R2'));
/** @type {import('./measures/figure.mjs').Figure[]} */
const figures = [];
/** @type {string[]} */
const failures = [];
try {
  for (const [group, measure] of Object.entries(GROUPS)) {
    const asked = ids.filter((id) => MARKS[id]?.group === group);
    if (asked.length === 0) continue;
    process.stderr.write(`${asked.join(', ')} …\n`);
    try {
      figures.push(...(await measure(bench, asked)));
    } catch (error) {
      failures.push(`${asked.join(', ')}: ${(error instanceof Error && error.stack) || error}`);
    }
  }
} finally {
  await bench.close();
}

figures.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
const machine = describeMachine(bench.browser.version);
const run = { machine, figures, options, loadBefore, loadAfter: load(), peer: bench.peer?.name ?? null };
console.log(tableOf(run));
if (options.write && failures.length === 0) await writeDocuments(run);
for (const failure of failures) console.log(`\nFAILED ${failure}`);
if (options.json) for (const each of figures) console.log(jsonLine(each));

// A mark that was missed is a result; only a measure that could not be taken is a failure.
process.exitCode = failures.length > 0 ? 1 : 0;
