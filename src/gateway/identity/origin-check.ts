/**
 * Whether a request that changes something comes from a page of this very origin. Every browser that runs the app
 * says one of the two; a request that says neither is not the app's.
 */
export function isSameOrigin(headers: Headers, host: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = headers.get('origin');
  if (origin === null) return site !== null;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
