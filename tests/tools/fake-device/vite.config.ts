import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** The screens on the fake device: `npx vite dev --config tests/tools/fake-device/vite.config.ts`, port 8177. */
export default defineConfig({
  plugins: [
    {
      name: 'fake-device',
      enforce: 'pre',
      resolveId: (id: string) =>
        id === '#device/browser-device.ts' ? fileURLToPath(new URL('fake-device.ts', import.meta.url)) : null,
    },
    sveltekit(),
  ],
  cacheDir: 'node_modules/.vite-fake-device',
  server: { port: 8177, strictPort: true },
});
