import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchHash, buildPreparer, CACHE } from './build.mjs';

/**
 * @typedef {import('./data/prepare.ts').PreparedData} PreparedData
 * @typedef {object} BenchData
 * @property {string} folder  a data folder of the gateway, this run's own
 * @property {number} count  entries
 * @property {PreparedData} prepared
 * @property {string} json  the entries as stored, one JSON array
 * @property {{ _id: string }[]} entries  the same
 */

/** A data folder with the plain set, made once per state of the sources and copied. @param {number} count @returns {Promise<BenchData>} */
export async function openBenchData(count) {
  const cached = join(CACHE, `data-${count}-${benchHash()}`);
  if (!existsSync(cached)) {
    mkdirSync(CACHE, { recursive: true });
    const making = mkdtempSync(`${cached}-making-`);
    const { prepareData } = await buildPreparer();
    await prepareData(making, count);
    renameSync(making, cached);
  }
  const folder = mkdtempSync(join(tmpdir(), 'amenimo-bench-data-'));
  cpSync(cached, folder, { recursive: true });
  const prepared = JSON.parse(readFileSync(join(folder, 'prepared.json'), 'utf8'));
  const json = readFileSync(join(folder, 'entries.json'), 'utf8');
  return { folder, count, prepared, json, entries: JSON.parse(json) };
}

/** @param {BenchData} data */
export function removeBenchData(data) {
  rmSync(data.folder, { recursive: true, force: true });
}
