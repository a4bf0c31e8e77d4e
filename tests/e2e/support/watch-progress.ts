import type { BrowserContext, Page } from '@playwright/test';

/** Keeps what every progress bar of the page says, however short it is there. */
export async function watchProgress(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { progressSeen: seen });
    const note = (): void => {
      for (const bar of document.querySelectorAll('[role="progressbar"]')) {
        const name = document.getElementById(bar.getAttribute('aria-labelledby') ?? '')?.textContent ?? '';
        const words = `${name} ${bar.getAttribute('aria-valuetext') ?? ''}`.trim();
        if (seen.at(-1) !== words) seen.push(words);
      }
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
  });
}

export function progressSeen(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (globalThis as unknown as { progressSeen: string[] }).progressSeen);
}
