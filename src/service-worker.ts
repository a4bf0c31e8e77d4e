/// <reference lib="webworker" />
import { build, files, prerendered, version } from '$service-worker';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

/** The empty page every address is answered with: screens are drawn on the device, from what it holds. */
const SHELL = '/';

// Kit's build files carry a hash in their name; the others change under one name, so the version stands for them.
precacheAndRoute([
  ...build.map((url) => ({ url, revision: null })),
  ...files.map((url) => ({ url, revision: version })),
  ...[...new Set([SHELL, ...prerendered.filter((url) => url === SHELL)])].map((url) => ({
    url,
    revision: version,
  })),
]);
cleanupOutdatedCaches();

// Nothing of a person is ever in a cache: what is not the shell or its files goes to the network and is not kept.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL(SHELL), {
    denylist: [/^\/api(\/|$)/, /^\/couch(\/|$)/, /^\/healthz$/],
  }),
);

self.addEventListener('message', (event) => {
  // An update waits for the person's consent.
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
