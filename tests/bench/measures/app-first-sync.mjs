import { p50p95 } from '../statistics.mjs';
import { figure } from './figure.mjs';
import { findsPlantedTask, longFrames, startWatch, stopWatch } from './long-tasks.mjs';

const LIMIT_MS = 60_000;
/** After the last answer: the screen that shows it, and whatever else follows. */
const QUIET_MS = 2_000;

/**
 * R5 and R17 are taken on the app itself, not on the bench's page: a person opens it for the first time, signs in,
 * and the register comes down while the screen shows how far it is.
 *
 * @param {import('../bench.mjs').Bench} bench @param {string[]} ids
 */
export async function measureAppFirstSync(bench, ids) {
  const { prepared, count } = bench.data;
  /** @type {number[]} */
  const requests = [];
  /** @type {number[][]} */
  const longTasks = [];
  /** @type {number[]} */
  const times = [];
  for (let round = 0; round < bench.options.n; round += 1) {
    const name = bench.freshName('app');
    const taken = await bench.browser.onAddress(`${bench.server.origin(name)}/`, (page) =>
      firstSync(bench, page, name),
    );
    requests.push(taken.requests.length);
    longTasks.push(taken.longTasks);
    times.push(taken.ms);
    if (process.env.BENCH_DEBUG) process.stderr.write(`${JSON.stringify(taken, null, 1)}\n`);
  }
  const common = {
    n: requests.length,
    documents: count,
    bytes: prepared.jsonBytes,
    hash: '',
    sides: { 'sign-in to register': p50p95(times) },
  };
  const counts = longTasks.map((tasks) => tasks.length);
  const all = {
    R5: () => ({
      value: Math.max(...requests),
      spread: [Math.min(...requests), Math.max(...requests)],
      note: 'requests to the gateway from the sign-in on: session, exchange, events',
    }),
    R17: () => ({
      value: Math.max(...counts),
      spread: [Math.min(...counts), Math.max(...counts)],
      note: `longest ${Math.max(0, ...longTasks.flat())} ms; the observer saw a task planted afterwards each time; headless`,
    }),
  };
  return ids.map((id) => figure({ id, ...common, ...all[/** @type {keyof typeof all} */ (id)]() }));
}

/**
 * @param {import('../bench.mjs').Bench} bench @param {import('@playwright/test').Page} page @param {string} name
 */
async function firstSync(bench, page, name) {
  const { login, password } = bench.data.prepared;
  await page.locator('input[name="username"]').fill(login);
  await page.locator('input[name="password"]').fill(password);
  // What the app loads of itself (shell, worker, service worker's precache) is no part of the sync.
  await pause(QUIET_MS);
  await page.evaluate(startWatch);
  // Whether the device is lost, and who offers single sign-on, is asked before anybody signs in.
  const before = gatewayRequests(bench, name).length;
  const startedAt = performance.now();
  await page.locator('button[type="submit"]').click();
  while (!gatewayRequests(bench, name).includes('GET /api/events')) {
    if (performance.now() - startedAt > LIMIT_MS) throw new Error('the app did not finish its first sync');
    await pause(20);
  }
  // The school's day, drawn from the store.
  await page.getByText('1年1組').first().waitFor({ timeout: LIMIT_MS });
  const ms = performance.now() - startedAt;
  await pause(QUIET_MS);
  const longTasks = await page.evaluate(stopWatch);
  const frames = await page.evaluate(longFrames);
  if (!(await page.evaluate(findsPlantedTask))) throw new Error('the observer of long tasks sees none here');
  return { ms, longTasks, frames, requests: gatewayRequests(bench, name).slice(before) };
}

/** @param {import('../bench.mjs').Bench} bench @param {string} name */
const gatewayRequests = (bench, name) =>
  bench.server.requestsOf(name).filter((request) => request.split(' ')[1]?.startsWith('/api/'));

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
