import { buildModule } from '../build.mjs';
import { median } from '../statistics.mjs';
import { figure } from './figure.mjs';

const ROUNDS = 500;
const QUICK_ROUNDS = 50;

/**
 * V2: how many decisions of `access` one core makes in a second, in this process and with the modules as the gateway
 * bundles them.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('./figure.mjs').Figure[]>}
 */
export async function measureAccess(bench) {
  /** @type {typeof import('../data/access-decisions.ts')} */
  const { runDecisions } = await buildModule('data/access-decisions.ts');
  const rounds = bench.options.quick ? QUICK_ROUNDS : ROUNDS;
  const expected = runDecisions(rounds);
  const runs = Array.from({ length: bench.options.n }, () => runDecisions(rounds));
  for (const { allowed } of runs) {
    if (allowed !== expected.allowed || allowed === 0)
      throw new Error(`${allowed} allowed, not ${expected.allowed}`);
  }
  const perSecond = runs.map(({ decisions, milliseconds }) => (decisions / milliseconds) * 1000);
  const times = runs.map(({ milliseconds }) => milliseconds);
  return [
    figure({
      id: 'V2',
      value: median(perSecond),
      n: runs.length,
      spread: [Math.min(...perSecond), Math.max(...perSecond)],
      documents: expected.decisions,
      bytes: 0,
      hash: '',
      sides: { decisions: `${Math.round(median(times))}/${Math.round(Math.max(...times))}` },
      note: `${expected.decisions} decisions a run, ${expected.allowed} of them allowed`,
    }),
  ];
}
