import type { CDPSession, Page } from '@playwright/test';

/** Enough for the app to open, and soon full. */
const ROOM_BYTES = 3_000_000;

/**
 * The share of the disk that the browser gives to the app's origin. What it once counted it believes for half a
 * minute: the page must not have been to the app since the browser was started.
 */
export class Disk {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #origin: string;

  private constructor(page: Page, session: CDPSession, origin: string) {
    this.#page = page;
    this.#session = session;
    this.#origin = origin;
  }

  static async of(page: Page, origin: string): Promise<Disk> {
    return new Disk(page, await page.context().newCDPSession(page), origin);
  }

  /** Little room is left; `fill` takes it. */
  async shrink(): Promise<void> {
    const { usage } = await this.#session.send('Storage.getUsageAndQuota', { origin: this.#origin });
    await this.#allow(usage + ROOM_BYTES);
  }

  /** No byte more than there is. */
  async allowNothing(): Promise<void> {
    await this.#allow(1);
  }

  /** Somebody takes photos until nothing more goes on it. */
  async fill(): Promise<void> {
    await this.#page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('photos', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('photos', { autoIncrement: true });
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const keep = (bytes: number) =>
        new Promise<boolean>((resolve) => {
          const transaction = db.transaction('photos', 'readwrite');
          transaction.objectStore('photos').add(crypto.getRandomValues(new Uint8Array(bytes)));
          transaction.oncomplete = () => resolve(true);
          transaction.onabort = () => resolve(false);
        });
      // Large ones first each time: the browser's count of what is used falls when it tidies its files.
      while ((await keep(65_536)) || (await keep(4_096)) || (await keep(256)));
      db.close();
    });
  }

  /** The photos are gone, and there is room again. */
  async free(): Promise<void> {
    await this.#page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase('photos');
          deleting.onsuccess = () => resolve();
          deleting.onerror = () => reject(deleting.error);
        }),
    );
    await this.#session.send('Storage.overrideQuotaForOrigin', { origin: this.#origin });
  }

  async #allow(quotaSize: number): Promise<void> {
    await this.#session.send('Storage.overrideQuotaForOrigin', { origin: this.#origin, quotaSize });
  }
}
