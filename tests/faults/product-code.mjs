import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { sourceHash } from '../../src/gateway/source-hash.mjs';
import { ROOT } from '../tools/phases.mjs';

const ENTRY = fileURLToPath(new URL('register-copy.ts', import.meta.url));

/**
 * The product's own ledger and fold, for the reader outside the app: bundled once per state of the sources.
 *
 * @returns {Promise<typeof import('./register-copy.ts')>}
 */
export async function loadRegisterCode() {
  const hash = createHash('sha256')
    .update(sourceHash())
    .update(readFileSync(ENTRY))
    .digest('hex')
    .slice(0, 16);
  const outDir = join(ROOT, 'node_modules/.cache/amenimo', `faults-${hash}`);
  const file = join(outDir, 'register-copy.js');
  if (!existsSync(file)) {
    await build({
      configFile: false,
      logLevel: 'warn',
      clearScreen: false,
      root: ROOT,
      build: { ssr: ENTRY, target: 'node20', outDir, copyPublicDir: false, minify: false },
    });
  }
  return import(pathToFileURL(file).href);
}
