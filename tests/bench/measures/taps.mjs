import { median, p50p95, percentile } from '../statistics.mjs';
import { figure } from './figure.mjs';

const WARM_UP = 5;
const FEWEST_TAPS = 60;
const ROLL_CALLS = 15;
const HOMEROOM = 'room-0';

/**
 * R8 and R9: the product's own command, called as the roll-call screen calls it, against bare strict puts in the
 * same page, one after the other. The device is online and hands every entry over meanwhile, as it does in class.
 *
 * @param {import('../bench.mjs').Bench} bench @param {string[]} ids
 */
export async function measureTaps(bench, ids) {
  const { login, password, schoolDays } = bench.data.prepared;
  const { quick, n: asked } = bench.options;
  const n = quick ? 5 : Math.max(FEWEST_TAPS, asked);
  const rollCalls = quick ? 2 : Math.max(ROLL_CALLS, asked);
  const entry = bench.data.entries.at(-1) ?? {};
  const order = { login, password, homeroomId: HOMEROOM, n, warmUp: WARM_UP, entry };
  const dates = schoolDays.slice(-(rollCalls + 2));
  const origin = bench.server.origin(bench.freshName('taps'));
  const taken = await bench.browser.onPage(origin, (page) =>
    page.evaluate((given) => globalThis.bench.taps(given), { ...order, dates }),
  );
  if (!taken.right) throw new Error('the register shows other marks than were tapped');
  const bytes = Buffer.byteLength(JSON.stringify(entry));
  const all = {
    R8: () => ({ documents: 1, bytes, ...ratioOf(taken.tap, taken.put, 'tap', 'put') }),
    R9: () => ({
      documents: 35,
      bytes: 35 * bytes,
      ...ratioOf(taken.rollCall, taken.puts, 'roll-call', '35 puts'),
    }),
  };
  return ids.map((id) => figure({ id, hash: taken.hash, ...all[/** @type {keyof typeof all} */ (id)]() }));
}

/**
 * The ratio of medians: single taps are far too short for a ratio of each pair.
 *
 * @param {number[]} above @param {import('../page/taps.ts').FloorTimes} floor
 * @param {string} name @param {string} floorName
 */
function ratioOf(above, floor, name, floorName) {
  const below = floor.auto;
  const ratios = above.map((value, at) => value / (below[at] ?? NaN));
  const p95 = percentile(above, 0.95) / percentile(below, 0.95);
  const strict = median(above) / median(floor.commit);
  return {
    value: median(above) / median(below),
    n: above.length,
    spread: [percentile(ratios, 0.1), percentile(ratios, 0.9)],
    sides: {
      [name]: p50p95(above, 2),
      [floorName]: p50p95(below, 2),
      'with commit()': p50p95(floor.commit, 2),
    },
    note: `ratio of p95 ${p95.toFixed(2)}; against bare puts that call commit() themselves ${strict.toFixed(2)}; the spread is the 10th and 90th percentile of single pairs`,
  };
}
