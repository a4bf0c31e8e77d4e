import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('regressions', import.meta.url));

/** @typedef {{ readonly fault: number, readonly seed: number }} Regression */

/** Every fault and seed that ever failed. @returns {Regression[]} */
export function readRegressions(folder = FOLDER) {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { fault, seed } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      if (!Number.isInteger(fault) || !Number.isInteger(seed))
        throw new Error(`${name} names no fault and seed`);
      return { fault, seed };
    });
}

/** @param {Regression} failed @param {unknown} counters */
export function keepRegression({ fault, seed }, counters, folder = FOLDER) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `fault-${fault}-seed-${seed}.json`);
  writeFileSync(path, `${JSON.stringify({ fault, seed, failedWith: counters }, null, 2)}\n`);
  return path;
}
