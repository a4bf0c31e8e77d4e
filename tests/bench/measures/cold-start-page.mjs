/* Functions that Playwright runs inside a page: each stands alone. */

/**
 * Waits until that many pupils stand on the page and a frame with them was painted; gives the time since the
 * navigation began, in milliseconds.
 *
 * @param {number} pupils @returns {Promise<number>}
 */
export function rollCallPaintedAt(pupils) {
  const { document, requestAnimationFrame, MessageChannel } = /** @type {any} */ (globalThis);
  return new Promise((resolve) => {
    const look = () => {
      const buttons = [...document.querySelectorAll('button')];
      const shown = buttons.filter((button) => button.textContent.includes('計測')).length;
      if (shown < pupils) return requestAnimationFrame(look);
      // A task after the frame's callbacks: by then the frame is made.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      requestAnimationFrame(() => channel.port2.postMessage(undefined));
    };
    look();
  });
}

/** The page as it is painted now, with its styles inside it and no script. @returns {string} */
export function asStaticPage() {
  const { document, Node } = /** @type {any} */ (globalThis);
  const copy = document.documentElement.cloneNode(true);
  for (const gone of copy.querySelectorAll('script, link, style, meta[http-equiv]')) gone.remove();
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  const style = document.createElement('style');
  style.textContent = rules.join('\n');
  copy.querySelector('head').append(style);
  return copy.nodeType === Node.ELEMENT_NODE ? `<!doctype html>${copy.outerHTML}` : '';
}

/** Puts a page in the place of a precached file. @param {{ path: string, html: string }} page */
export async function putIntoPrecache({ path, html }) {
  const { caches, Response, location } = /** @type {any} */ (globalThis);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (new URL(request.url).pathname !== path) continue;
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      await cache.put(request, new Response(html, { headers }));
      return;
    }
  }
  throw new Error(`${path} is in no cache of ${location.host}`);
}
