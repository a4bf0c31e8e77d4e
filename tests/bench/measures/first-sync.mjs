import { median, p50p95, pairedRatio } from '../statistics.mjs';
import { figure } from './figure.mjs';

/** @typedef {import('../page/page.ts').TimedAnswer} TimedAnswer */

/**
 * R1, R2, R12: the sides in turn, repetition by repetition, each on a name with empty storage. The first round
 * warms up both ends (the gateway prepares its blocks, the engine compiles) and is not counted.
 *
 * @param {import('../bench.mjs').Bench} bench @param {string[]} ids
 */
export async function measureFirstSync(bench, ids) {
  const { n } = bench.options;
  const sides = ['ours', ...(ids.includes('R1') ? ['floor'] : []), ...(ids.includes('R12') ? ['plain'] : [])];
  if (ids.includes('R2')) sides.push('peer');
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(sides.map((side) => [side, []]));
  /** @type {import('../page/ours-worker.ts').Spans[]} */
  const spans = [];
  for (let round = 0; round <= n; round += 1) {
    // A B, then B A: neither side always runs on what the other left behind.
    const order = round % 2 === 0 ? sides : [...sides].reverse();
    for (const side of order) {
      const name = bench.freshName(side);
      const { ms, ...answer } = await runSide(bench, side, name);
      bench.verify(side, answer);
      if (process.env.BENCH_DEBUG)
        process.stderr.write(`${round} ${side} ${ms.toFixed(0)} ms ${JSON.stringify(answer)}\n`);
      if (round === 0) continue;
      times[side]?.push(ms);
      if (side === 'ours') spans.push(answer.spans ?? {});
    }
  }
  const ours = times.ours ?? [];
  const { prepared, count } = bench.data;
  const common = { documents: count, bytes: prepared.jsonBytes, hash: prepared.expected.hash };
  /** @param {...string} names */
  const p50p95Of = (...names) => Object.fromEntries(names.map((name) => [name, p50p95(times[name] ?? [])]));
  const all = {
    R1: () => ({
      ...pairedRatio(ours, times.floor ?? []),
      sides: p50p95Of('ours', 'floor'),
      note: partsOf(spans),
    }),
    R2: () => ({
      ...pairedRatio(times.peer ?? [], ours),
      sides: p50p95Of('peer', 'ours'),
      note: `replicated from ${bench.peer?.name}`,
    }),
    R12: () => ({ ...pairedRatio(ours, times.plain ?? []), sides: p50p95Of('ours', 'plain') }),
  };
  return ids.map((id) => figure({ id, ...common, ...all[/** @type {keyof typeof all} */ (id)]() }));
}

/**
 * @param {import('../bench.mjs').Bench} bench @param {string} side @param {string} name
 * @returns {Promise<TimedAnswer>}
 */
function runSide(bench, side, name) {
  const origin = bench.server.origin(name);
  const { login, password } = bench.data.prepared;
  return bench.browser.onPage(origin, (page) => {
    if (side === 'floor')
      return page.evaluate((url) => globalThis.bench.floor(url), `${origin}/floor/entries.json`);
    if (side === 'peer') {
      return page.evaluate((url) => globalThis.bench.peer(url), `${origin}/peer/${bench.peer?.database}`);
    }
    const encrypted = side !== 'plain';
    return page.evaluate((given) => globalThis.bench.firstSync(given), { login, password, encrypted });
  });
}

/** Medians of the parts of ours. @param {readonly import('../page/ours-worker.ts').Spans[]} spans */
function partsOf(spans) {
  const names = Object.keys(spans[0] ?? {});
  const parts = names.map((name) => `${name} ${median(spans.map((each) => each[name] ?? NaN)).toFixed(0)}`);
  return `of ours, in ms: ${parts.join(', ')}`;
}
