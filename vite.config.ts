/// <reference types="vitest/config" />
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { sveltekit } from '@sveltejs/kit/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

/** What the browser gets, and Kit's part of the server: `vite build`, `vite dev`. */
const app: UserConfig = {
  plugins: [sveltekit(), workerChunksInManifest()],
  worker: { format: 'es' },
  build: { target: 'es2022' },
  server: { port: 8080, strictPort: true },
};

/** The two server entries beside Kit's output: `vite build --mode gateway`, always after the app's build. */
const gateway: UserConfig = {
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'build/server',
    emptyOutDir: false,
    copyPublicDir: false,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { start: 'src/gateway/start.ts', cli: 'src/gateway/cli.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'gateway/[name]-[hash].js' },
    },
  },
};

/** `vitest run`, `vitest run --project unit`. Browser tests are Playwright's: tests/e2e. */
const tests: UserConfig = {
  plugins: [svelte()],
  test: {
    projects: [
      project('unit', ['src/**/*.test.ts', 'tests/{architecture,faults,sync,tools}/**/*.test.ts']),
      project('contract', ['tests/contract/**/*.test.ts']),
      project('access', ['tests/access/**/*.test.ts']),
    ],
  },
};

export default defineConfig(({ mode }) => {
  if (process.env.VITEST) return tests;
  return mode === 'gateway' ? gateway : app;
});

function project(name: string, include: string[]) {
  const slow = name !== 'unit';
  const timeout = slow ? 60_000 : 20_000;
  return {
    extends: true as const,
    test: { name, include, environment: 'node', testTimeout: timeout, hookTimeout: timeout },
  };
}

/**
 * Kit fills `$service-worker`'s `build` from the client manifest, and Vite leaves worker chunks out of that
 * (sveltejs/kit#12438): offline, the worker that decrypts would be missing. Kit reads the manifest after the
 * client's bundle is written and builds the service worker later still, so what is missing is added here.
 */
function workerChunksInManifest(): Plugin {
  return {
    name: 'amenimo:worker-chunks-in-manifest',
    apply: 'build',
    enforce: 'post',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir }) {
        const manifestPath = join(dir ?? '', '.vite/manifest.json');
        if (this.environment.name !== 'client' || !existsSync(manifestPath)) return;
        const manifest: Record<string, { file: string; css?: string[]; assets?: string[] }> = JSON.parse(
          readFileSync(manifestPath, 'utf8'),
        );
        const listed = new Set(
          Object.values(manifest).flatMap(({ file, css = [], assets = [] }) => [file, ...css, ...assets]),
        );
        for (const file of emittedFiles(dir ?? '')) {
          if (!listed.has(file)) manifest[file] = { file };
        }
        writeFileSync(manifestPath, JSON.stringify(manifest, null, 2));
      },
    },
  };
}

function emittedFiles(outDir: string): string[] {
  return readdirSync(join(outDir, '_app/immutable'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => relative(outDir, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
