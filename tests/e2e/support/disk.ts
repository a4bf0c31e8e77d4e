import type { CDPSession, Page } from '@playwright/test';

/** Enough for the app to open, and soon full. */
const ROOM_BYTES = 3_000_000;

/** The share of the disk that the browser gives to the app's origin. Made before the app has written anything. */
export class Disk {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async of(page: Page): Promise<Disk> {
    return new Disk(page, await page.context().newCDPSession(page));
  }

  /** Little room; what fills it up is `fill`. The browser believes what it once counted for half a minute. */
  async shrink(): Promise<void> {
    const usage = await this.#page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
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
      for (const bytes of [65_536, 4_096, 256]) while (await keep(bytes));
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

  get #origin(): string {
    return new URL(this.#page.url()).origin;
  }

  async #allow(quotaSize: number): Promise<void> {
    await this.#session.send('Storage.overrideQuotaForOrigin', { origin: this.#origin, quotaSize });
  }
}
