import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { sourceHash } from '../../src/gateway/source-hash.mjs';
import { ROOT } from '../tools/phases.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
export const CACHE = join(ROOT, 'node_modules/.cache/amenimo/bench');
const QUIET = /** @type {const} */ ({ configFile: false, logLevel: 'warn', clearScreen: false });

/** Builds the product where it is missing or older than its sources; says nothing when there is nothing to do. */
export function buildProduct() {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'src/gateway/launch.mjs'), 'build'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('the product could not be built');
}

/** Names what was built from the product's sources and the bench's own. */
export function benchHash() {
  const hash = createHash('sha256').update(sourceHash());
  for (const name of readdirSync(HERE, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(HERE, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The page: the product's modules and the peers in one bundle, minified as the product is.
 *
 * @returns {Promise<string>} the folder with `page.html`
 */
export async function buildPage() {
  const outDir = join(CACHE, 'page');
  rmSync(outDir, { recursive: true, force: true });
  await build({
    ...QUIET,
    root: join(HERE, 'page'),
    base: '/bench/',
    // PouchDB reads `global`.
    define: { global: 'globalThis' },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      copyPublicDir: false,
      rolldownOptions: { input: join(HERE, 'page/page.html') },
    },
  });
  return outDir;
}

/**
 * The gateway's modules that fill a data folder, bundled for Node as the gateway's entries are.
 *
 * @returns {Promise<typeof import('./data/prepare.ts')>}
 */
export async function buildPreparer() {
  return buildModule('data/prepare.ts');
}

/** A module of the bench with what it imports of the product, bundled for Node. @param {string} path @returns {Promise<any>} */
export async function buildModule(path) {
  const outDir = join(CACHE, basename(path, '.ts'));
  await build({
    ...QUIET,
    root: ROOT,
    build: {
      ssr: join(HERE, path),
      target: 'node20',
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
    },
  });
  const file = join(outDir, `${basename(path, '.ts')}.js`);
  if (!existsSync(file)) throw new Error(`Vite wrote no ${file}`);
  return import(pathToFileURL(file).href);
}
