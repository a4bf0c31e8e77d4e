/**
 * `node tests/faults/run.mjs [--seeds N] [--first-seed K] [--only 1,18]`: plays each fault with each seed on the built
 * product, after those that failed before (regressions/). Prints counts, never a name; the last line is
 * `{"runs":…,"L":0,"D":0,"W":0,"S":0,"V":0,"H":0,…}`. Exit code 0 only when every counter is 0 and every run came to
 * its end.
 */
import { parseArgs } from 'node:util';
import { addCounters, isClean, noLosses } from './counters.mjs';
import { FAULTS } from './every-fault.mjs';
import { FaultRun, SCHOOL_TIMES } from './fault-run.mjs';
import { PracticeSchool } from './practice-school.mjs';
import { keepRegression, readRegressions } from './regressions.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    'first-seed': { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seeds = Number(values.seeds);
const firstSeed = Number(values['first-seed']);
const only = values.only?.split(',').map(Number);
const unknown = only?.filter((number) => FAULTS.every((fault) => fault.number !== number)) ?? [];
if (!(seeds >= 0) || !Number.isInteger(firstSeed) || unknown.length > 0) {
  const numbers = FAULTS.map(({ number }) => number).join(',');
  console.error(`Usage: node tests/faults/run.mjs [--seeds N] [--first-seed K] [--only ${numbers}]`);
  process.exit(2);
}

let total = noLosses();
let runs = 0;
let failedRuns = 0;
/** @type {{ kind: string, school: PracticeSchool } | null} */
let open = null;
try {
  for (const { fault, seed } of plan()) await play(fault, seed);
} finally {
  await closeSchool();
}
console.log(JSON.stringify({ runs, ...total, failedRuns }));
process.exit(failedRuns > 0 || runs === 0 ? 1 : 0);

/** What failed before comes first; each fault and seed once. */
function plan() {
  const chosen = FAULTS.filter(({ number }) => only?.includes(number) ?? true);
  const before = readRegressions().flatMap(({ fault, seed }) => {
    const found = chosen.find(({ number }) => number === fault);
    return found ? [{ fault: found, seed }] : [];
  });
  const now = chosen.flatMap((fault) =>
    Array.from({ length: Math.min(seeds, fault.mostSeeds ?? seeds) }, (_, i) => ({
      fault,
      seed: firstSeed + i,
    })),
  );
  const isKnown = (/** @type {(typeof now)[0]} */ { fault, seed }) =>
    before.some((each) => each.fault === fault && each.seed === seed);
  return [...before, ...now.filter((each) => !isKnown(each))];
}

/** @param {import('./fault-run.mjs').Fault} fault @param {number} seed */
async function play(fault, seed) {
  const startedAt = performance.now();
  const school = await schoolFor(fault);
  await school.proxy.heal();
  const { counters, trouble, notes } = await new FaultRun({ fault, seed, school }).judge();
  const failed = !isClean(counters) || trouble !== '';
  runs += 1;
  total = addCounters(total, counters);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const said = Object.entries(notes)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
  console.log(
    `${failed ? 'FAILED' : 'ok'}  ${fault.number} ${fault.title}, seed ${seed}: ${said}  ${seconds} s` +
      (failed ? `  ${JSON.stringify(counters)}` : ''),
  );
  if (!failed) return;
  failedRuns += 1;
  if (trouble) console.log(trouble);
  console.log(`Kept for ever: ${keepRegression({ fault: fault.number, seed }, counters)}`);
  // What is broken now must not make the next run look broken.
  await closeSchool();
}

/** @param {import('./fault-run.mjs').Fault} fault */
async function schoolFor({ school: kind }) {
  if (open?.kind !== kind || kind === 'own') await closeSchool();
  open ??= { kind, school: await PracticeSchool.open({ now: SCHOOL_TIMES[kind] }) };
  return open.school;
}

async function closeSchool() {
  await open?.school.close();
  open = null;
}
