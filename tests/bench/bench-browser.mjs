import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../tools/find-chromium.mjs';

/**
 * One real Chromium with a profile on the disk: a private window would keep IndexedDB in memory, and "durable" would
 * mean nothing.
 */
export class BenchBrowser {
  /** @param {import('@playwright/test').BrowserContext} context @param {string} profile */
  constructor(context, profile) {
    this.context = context;
    this.profile = profile;
  }

  static async open() {
    const profile = mkdtempSync(join(tmpdir(), 'amenimo-bench-profile-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium(),
      args: CHROMIUM_FLAGS,
      locale: 'ja-JP',
      timezoneId: 'Asia/Tokyo',
    });
    return new BenchBrowser(context, profile);
  }

  get version() {
    return this.context.browser()?.version() ?? 'unknown';
  }

  /**
   * Runs one step on a fresh page of the bench, and closes it.
   *
   * @template T
   * @param {string} origin @param {(page: import('@playwright/test').Page) => Promise<T>} step
   * @returns {Promise<T>}
   */
  onPage(origin, step) {
    return this.onAddress(`${origin}/bench/page.html`, async (page) => {
      await page.waitForFunction('globalThis.bench !== undefined');
      return step(page);
    });
  }

  /**
   * The same on any address; the page's errors become this program's.
   *
   * @template T
   * @param {string} address @param {(page: import('@playwright/test').Page) => Promise<T>} step
   * @returns {Promise<T>}
   */
  async onAddress(address, step) {
    const page = await this.context.newPage();
    /** @type {Error[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(error));
    page.on('console', (message) => {
      if (process.env.BENCH_DEBUG) process.stderr.write(`[page] ${message.text()}\n`);
    });
    try {
      await page.goto(address);
      const result = await step(page);
      if (errors[0]) throw errors[0];
      return result;
    } catch (error) {
      throw errors[0] ?? error;
    } finally {
      await page.close();
    }
  }

  async close() {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
