/**
 * How much a tablet has to fetch, against docs/bundle-budget.json: gzip bytes of the scripts and styles that the
 * shell asks for at its start, and of all there are. Fails when either is over its budget.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENT = join(ROOT, 'build/client');
/** @type {{ shellPage: string, shellGzipBytes: number, totalGzipBytes: number }} */
const budget = JSON.parse(readFileSync(join(ROOT, 'docs/bundle-budget.json'), 'utf8'));

const shellPage = readFileSync(join(ROOT, 'build/prerendered', budget.shellPage), 'utf8');
const shellFiles = new Set(
  [...shellPage.matchAll(/"\/(_app\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? ''),
);
const allFiles = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.(js|css)$/.test(path),
);
if (shellFiles.size === 0 || allFiles.length === 0)
  stop('There is no built client to measure. Run "npm run build".');

const measured = { shellGzipBytes: gzipBytes([...shellFiles]), totalGzipBytes: gzipBytes(allFiles) };
console.log(JSON.stringify({ ...measured, shellFiles: shellFiles.size, files: allFiles.length }));
for (const key of /** @type {const} */ (['shellGzipBytes', 'totalGzipBytes'])) {
  const share = Math.round((100 * measured[key]) / budget[key]);
  console.log(`${key.padEnd(15)} ${measured[key]} of ${budget[key]} (${share} %)`);
  if (measured[key] > budget[key]) {
    stop(`${key} is over its budget. Make it smaller, or raise docs/bundle-budget.json and say why.`);
  }
}

/** @param {string[]} paths below the client's folder */
function gzipBytes(paths) {
  return paths.reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(CLIENT, path)), { level: 9 }).length,
    0,
  );
}

/** @param {string} sentence @returns {never} */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
