import { p50p95, pairedRatio } from '../statistics.mjs';
import { figure } from './figure.mjs';
import { asStaticPage, putIntoPrecache, rollCallPaintedAt } from './cold-start-page.mjs';

const HOMEROOM = 'room-0';
const PUPILS = 35;
/** An address of the app's precache that no start needs: the static page takes its place on this one origin. */
const STATIC_ADDRESS = '/icons/icon.svg';
const LIMIT_MS = 60_000;

/**
 * R10: the roll-call opened in a new tab with the server gone, against the very same screen as a static page out of
 * the same service worker. The key is at hand because another tab of the person is open; unlocking is V1's.
 *
 * @param {import('../bench.mjs').Bench} bench @param {string[]} ids
 */
export async function measureColdStart(bench, ids) {
  const { n } = bench.options;
  const { login, password, jsonBytes } = bench.data.prepared;
  const origin = bench.server.origin(bench.freshName('cold'));
  const address = `${origin}/roll-call/${HOMEROOM}`;
  const times = { app: /** @type {number[]} */ ([]), page: /** @type {number[]} */ ([]) };
  const { pupils } = await bench.browser.onAddress(`${origin}/`, async (first) => {
    await first.locator('input[name="username"]').fill(login);
    await first.locator('input[name="password"]').fill(password);
    await first.locator('button[type="submit"]').click();
    await first.getByText('1年1組').first().waitFor({ timeout: LIMIT_MS });
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const shown = await bench.browser.onAddress(address, async (page) => {
      await page.evaluate(rollCallPaintedAt, PUPILS);
      await page.evaluate(putIntoPrecache, {
        path: STATIC_ADDRESS,
        html: await page.evaluate(asStaticPage),
      });
      return { pupils: await page.getByRole('button').filter({ hasText: '計測' }).count() };
    });
    await bench.server.hangUp();
    try {
      for (let round = 0; round <= n; round += 1) {
        for (const [side, url] of /** @type {const} */ ([
          ['app', address],
          ['page', `${origin}${STATIC_ADDRESS}`],
        ])) {
          const ms = await bench.browser.onAddress(url, (page) => page.evaluate(rollCallPaintedAt, PUPILS));
          if (round > 0) times[side].push(ms);
        }
      }
    } finally {
      await bench.server.pickUp();
    }
    return shown;
  });
  return ids.map((id) =>
    figure({
      id,
      ...pairedRatio(times.app, times.page),
      documents: bench.data.count,
      bytes: jsonBytes,
      hash: '',
      sides: { app: p50p95(times.app), 'static page': p50p95(times.page) },
      note: `${pupils} pupils, from navigation to painted, server gone, key handed over by another open tab`,
    }),
  );
}
