import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayClient } from '../serve/gateway-client.mjs';
import { figure } from './figure.mjs';

const INCREMENTS = 200;
const REST_MS = 30_000;

/**
 * R18: a register that grows while the device looks on. Another client hands in the year's marks in 200 pushes, the
 * device takes each one up before the next; after 30 s of rest the files of its IndexedDB are measured on the disk,
 * the browser still running.
 *
 * @param {import('../bench.mjs').Bench} bench @param {string[]} ids
 */
export async function measureStorage(bench, ids) {
  const { prepared, folder } = bench.data;
  const { password, growing } = prepared;
  /** @type {{ _id: string }[]} */
  const marks = JSON.parse(readFileSync(join(folder, 'growing.json'), 'utf8'));
  const increments = bench.options.quick ? 20 : INCREMENTS;
  const each = Math.floor(marks.length / increments);
  const client = await GatewayClient.signIn(bench.product.url, growing.login, password);
  const name = bench.freshName('storage');
  const origin = bench.server.origin(name);

  const used = await bench.browser.onPage(origin, async (page) => {
    await page.evaluate((order) => globalThis.bench.keepInStep(order), { login: growing.login, password });
    for (let at = 0; at < increments; at += 1) {
      const before = exchangesOf(bench, name);
      await client.push(growing.stream, marks.slice(at * each, (at + 1) * each));
      while (exchangesOf(bench, name) === before) await pause(10);
    }
    await pause(bench.options.quick ? 2_000 : REST_MS);
    const state = await page.evaluate(() => globalThis.bench.inStep());
    if (!state.complete) throw new Error('the device is not in step with the school');
    return {
      bytes: bytesUnder(databaseFolder(bench, name)),
      estimate: state.estimate,
      requests: exchangesOf(bench, name),
    };
  });

  const again = bench.server.origin(bench.freshName('storage-check'));
  const all = await bench.browser.onPage(again, (page) =>
    page.evaluate((order) => globalThis.bench.firstSync(order), {
      login: growing.login,
      password,
      encrypted: true,
    }),
  );
  const ratio = used.bytes / all.jsonBytes;
  return ids.map((id) =>
    figure({
      id,
      value: ratio,
      n: 1,
      spread: [ratio, ratio],
      documents: all.count,
      bytes: all.jsonBytes,
      hash: all.hash,
      sides: {},
      note: `${used.bytes} bytes of IndexedDB on the disk after ${increments} increments of ${each} entries in ${used.requests} exchanges; navigator.storage.estimate says ${used.estimate}`,
    }),
  );
}

/** @param {import('../bench.mjs').Bench} bench @param {string} name */
const exchangesOf = (bench, name) =>
  bench.server.requestsOf(name).filter((request) => request === 'POST /api/exchange').length;

/** @param {import('../bench.mjs').Bench} bench @param {string} name */
function databaseFolder(bench, name) {
  const folder = join(bench.browser.profile, 'Default/IndexedDB');
  const own = readdirSync(folder).filter((each) => each.startsWith(`http_${name}.localhost_`));
  if (own.length === 0) throw new Error(`no IndexedDB of ${name} in ${folder}`);
  return own.map((each) => join(folder, each));
}

/** @param {readonly string[]} folders */
function bytesUnder(folders) {
  let bytes = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
    }
  }
  return bytes;
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
