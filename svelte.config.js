import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { sourceHash } from './src/gateway/source-hash.mjs';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
  kit: {
    adapter: adapter({ out: 'build', precompress: true }),
    // Same sources, same name: a rebuild that changes nothing asks nobody to update.
    version: { name: sourceHash() },
    // The shell is one page for every address, so its links must not depend on where it is shown.
    paths: { relative: false },
    // The app registers it, because an update waits for the user's consent.
    serviceWorker: { register: false },
    csp: {
      // Hashes, not nonces: the shell is prerendered and served from a cache. What a <meta> cannot say
      // (frame-ancestors) is said by the server's wrapper as a header.
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self'],
        // The one inline style there is: Kit's own announcer for screen readers. Ours are classes or style:x={…}.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'worker-src': ['self'],
        'manifest-src': ['self'],
        'form-action': ['self'],
        'object-src': ['none'],
        'base-uri': ['none'],
        // Left out of a <meta> by Kit; said in the header of the pages that it draws itself.
        'frame-ancestors': ['none'],
      },
    },
  },
};
