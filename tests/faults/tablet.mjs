/**
 * A browser as a teacher's tablet has it: a process of its own on a profile folder of its own. It is started here
 * and not by Playwright, so that its process is known and SIGKILL is real.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../tools/find-chromium.mjs';
import { HANG_MS, Hung } from './oracle.mjs';
import { RollCallScreen } from './roll-call-screen.mjs';
import { witness } from './witness.mjs';

const FLAGS = [
  ...CHROMIUM_FLAGS,
  '--headless=new',
  '--remote-debugging-port=0',
  '--no-default-browser-check',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-breakpad',
  '--disable-hang-monitor',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--mute-audio',
  '--password-store=basic',
  '--use-mock-keychain',
  '--lang=ja',
  '--window-size=1024,768',
];

export class Tablet {
  #process = /** @type {import('node:child_process').ChildProcess | null} */ (null);
  #browser = /** @type {import('@playwright/test').Browser | null} */ (null);
  #exited = Promise.resolve();
  #tabCount = 0;
  #clockOffMs = 0;
  /** @type {RollCallScreen[]} */
  screens = [];

  /** @param {{ name: string, oracle: import('./oracle.mjs').Oracle, profile?: string }} options `profile`: copied */
  constructor({ name, oracle, profile }) {
    this.name = name;
    this.oracle = oracle;
    this.folder = mkdtempSync(join(tmpdir(), 'amenimo-tablet-'));
    if (profile !== undefined) cpSync(profile, this.folder, { recursive: true });
  }

  get isOn() {
    return this.#process !== null;
  }

  /** The context of all tabs. */
  get context() {
    const context = this.#browser?.contexts()[0];
    if (!context) throw new Error('the tablet is off');
    return context;
  }

  async turnOn() {
    // In this suite's own group, so that whoever ends the suite ends it too.
    const child = spawn(findChromium(), [...FLAGS, `--user-data-dir=${this.folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    this.#browser = await chromium.connectOverCDP(await endpointOf(child));
    const context = this.context;
    context.setDefaultTimeout(HANG_MS);
    await context.exposeBinding('tellOracle', ({ page }, /** @type {string} */ text) => {
      const screen = this.screens.find((each) => each.page === page);
      if (screen) this.oracle.hear(screen.tab, JSON.parse(text));
    });
    await context.addInitScript(witness);
    if (this.#clockOffMs !== 0) await context.addInitScript(setClockOff, this.#clockOffMs);
    const keepWorkersOff = (/** @type {import('@playwright/test').Page} */ page) =>
      page.on('worker', (worker) => {
        if (this.#clockOffMs !== 0) worker.evaluate(setClockOff, this.#clockOffMs).catch(() => undefined);
      });
    context.on('page', keepWorkersOff);
    for (const page of context.pages()) keepWorkersOff(page);
  }

  /** A new tab; the first is the one the browser came with. @returns {Promise<RollCallScreen>} */
  async openTab() {
    const unused = this.context.pages().find((page) => this.screens.every((screen) => screen.page !== page));
    const page = unused ?? (await this.context.newPage());
    const tab = `${this.name}.${++this.#tabCount}`;
    const screen = new RollCallScreen({ page, tab, oracle: this.oracle });
    this.screens.push(screen);
    return screen;
  }

  /**
   * Sets the clock of every tab and its workers off by so much, now and for pages still to come.
   * @param {number} offMs
   */
  async setClock(offMs) {
    this.#clockOffMs = offMs;
    await this.context.addInitScript(setClockOff, offMs);
    for (const page of this.context.pages()) {
      await page.evaluate(setClockOff, offMs);
      for (const worker of page.workers()) await worker.evaluate(setClockOff, offMs).catch(() => undefined);
    }
  }

  /** @param {RollCallScreen} screen */
  async closeTab(screen) {
    this.screens = this.screens.filter((each) => each !== screen);
    await screen.page.close({ runBeforeUnload: false });
  }

  /** As when the battery is pulled, for the browser. */
  async kill() {
    const child = this.#process;
    if (child === null) return;
    // Its helpers end by themselves when it is gone.
    child.kill('SIGKILL');
    await this.#gone();
  }

  /** Closes the browser as its user does, so that everything is written. */
  async turnOff() {
    const child = this.#process;
    if (child === null) return;
    const session = await this.#browser?.newBrowserCDPSession().catch(() => null);
    await session?.send('Browser.close').catch(() => undefined);
    const slow = new Promise((resolve) => setTimeout(resolve, 10_000).unref());
    await Promise.race([this.#exited, slow]);
    await this.kill();
  }

  async remove() {
    await this.kill();
    // Its children may still be closing their files.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  async #gone() {
    await this.#exited;
    this.#process = null;
    this.screens = [];
    await this.#browser?.close().catch(() => undefined);
    this.#browser = null;
  }
}

/** Runs in a page or a worker. @param {number} offMs */
function setClockOff(offMs) {
  const scope = /** @type {any} */ (globalThis);
  const RealDate = /** @type {DateConstructor} */ (scope.rightDate ?? Date);
  scope.rightDate = RealDate;
  scope.Date = class extends RealDate {
    /** @param {any[]} parts */
    constructor(...parts) {
      // @ts-expect-error: Date has several shapes of parameters, and this one passes them on.
      super(...(parts.length === 0 ? [RealDate.now() + offMs] : parts));
    }
    /** @override */
    static now() {
      return RealDate.now() + offMs;
    }
  };
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<string>} */
function endpointOf(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Hung('browser started')), HANG_MS);
    const end = (/** @type {() => void} */ settle) => {
      clearTimeout(timer);
      settle();
    };
    child.once('exit', () =>
      end(() => reject(new Error(`the browser did not start:\n${text.slice(-2000)}`))),
    );
    child.stderr?.setEncoding('utf8').on('data', (chunk) => {
      if (text.length < 100_000) text += chunk;
      const endpoint = /DevTools listening on (ws:\/\/\S+)/.exec(text)?.[1];
      if (endpoint) end(() => resolve(endpoint));
    });
  });
}
