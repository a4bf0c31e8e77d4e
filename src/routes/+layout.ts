/**
 * Every screen is drawn on the device, from what the device holds: the server only hands out the same empty
 * shell, built once, so that the service worker can answer any address with it while offline. `auto` builds it
 * for the addresses that have no parameter and leaves the others to the running server.
 */
export const ssr = false;
export const prerender = 'auto';
