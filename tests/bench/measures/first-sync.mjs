import { median, p50p95, pairedRatio } from '../statistics.mjs';
import { figure } from './figure.mjs';

/**
 * @typedef {import('../page/page.ts').TimedAnswer} TimedAnswer
 * @typedef {'ours' | 'floor' | 'plain' | 'peer'} Side
 * @typedef {{ times: Record<Side, number[]>, parts: string }} Series
 */

/** The two sides of R12 differ by so little that five pairs would say nothing. */
const PAIRS_OF_R12 = 4;
/** Until the last page's processes are gone. */
const PAUSE_MS = 300;

/**
 * R1 and R2 in one series, R12 in its own.
 *
 * @param {import('../bench.mjs').Bench} bench @param {string[]} ids
 */
export async function measureFirstSync(bench, ids) {
  const { prepared, count } = bench.data;
  const common = { documents: count, bytes: prepared.jsonBytes, hash: prepared.expected.hash };
  const { n } = bench.options;
  const figures = [];
  if (ids.includes('R1') || ids.includes('R2')) {
    /** @type {Side[]} */
    const sides = ['ours'];
    if (ids.includes('R1')) sides.push('floor');
    if (ids.includes('R2')) sides.push('peer');
    const { times, parts } = await series(bench, sides, n);
    const spans = spansOf(times);
    if (ids.includes('R1')) {
      const ratio = pairedRatio(times.ours, times.floor);
      figures.push(figure({ id: 'R1', ...common, ...ratio, sides: spans('ours', 'floor'), note: parts }));
    }
    if (ids.includes('R2')) {
      const ratio = pairedRatio(times.peer, times.ours);
      const note = `replicated from ${bench.peer?.name}`;
      figures.push(figure({ id: 'R2', ...common, ...ratio, sides: spans('peer', 'ours'), note }));
    }
  }
  if (ids.includes('R12')) {
    const { times } = await series(bench, ['ours', 'plain'], n * PAIRS_OF_R12);
    const ratio = pairedRatio(times.ours, times.plain);
    figures.push(figure({ id: 'R12', ...common, ...ratio, sides: spansOf(times)('ours', 'plain') }));
  }
  return figures;
}

/**
 * The sides in turn, round by round, each on a name with empty storage. The first round warms up both ends (the
 * gateway prepares its blocks, the engine compiles) and is not counted.
 *
 * @param {import('../bench.mjs').Bench} bench @param {Side[]} sides @param {number} rounds
 * @returns {Promise<Series>}
 */
async function series(bench, sides, rounds) {
  /** @type {Record<Side, number[]>} */
  const times = { ours: [], floor: [], plain: [], peer: [] };
  /** @type {import('../page/ours-worker.ts').Spans[]} */
  const spans = [];
  for (let round = 0; round <= rounds; round += 1) {
    // A B, then B A: neither side always runs on what the other left behind.
    const order = round % 2 === 0 ? sides : [...sides].reverse();
    for (const side of order) {
      const { ms, ...answer } = await runSide(bench, side);
      bench.verify(side, answer);
      if (process.env.BENCH_DEBUG) process.stderr.write(`${round} ${side} ${ms.toFixed(0)} ms\n`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (round === 0) continue;
      times[side].push(ms);
      if (side === 'ours') spans.push(answer.spans ?? {});
    }
  }
  return { times, parts: partsOf(spans) };
}

/**
 * @param {import('../bench.mjs').Bench} bench @param {Side} side
 * @returns {Promise<TimedAnswer>}
 */
function runSide(bench, side) {
  const origin = bench.server.origin(bench.freshName(side));
  const { login, password } = bench.data.prepared;
  return bench.browser.onPage(origin, (page) => {
    if (side === 'floor') {
      return page.evaluate((url) => globalThis.bench.floor(url), `${origin}/floor/entries.json`);
    }
    if (side === 'peer') {
      return page.evaluate((url) => globalThis.bench.peer(url), `${origin}/peer/${bench.peer?.database}`);
    }
    const order = { login, password, encrypted: side !== 'plain' };
    return page.evaluate((given) => globalThis.bench.firstSync(given), order);
  });
}

/** @param {Record<Side, number[]>} times @returns {(...sides: Side[]) => Record<string, string>} */
function spansOf(times) {
  return (...sides) => Object.fromEntries(sides.map((side) => [side, p50p95(times[side])]));
}

/** Medians of the parts of ours. @param {readonly import('../page/ours-worker.ts').Spans[]} spans */
function partsOf(spans) {
  const names = Object.keys(spans[0] ?? {});
  const parts = names.map((name) => `${name} ${median(spans.map((each) => each[name] ?? NaN)).toFixed(0)}`);
  return `of ours, in ms: ${parts.join(', ')}`;
}
