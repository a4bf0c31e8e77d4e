import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS, chromiumOrExit } from '../../tools/find-chromium.mjs';

export interface DeviceShape {
  readonly viewport: { readonly width: number; readonly height: number };
  /** A device that is tapped. */
  readonly touch: boolean;
}

export const TABLET: DeviceShape = { viewport: { width: 1024, height: 768 }, touch: true };
export const LAPTOP: DeviceShape = { viewport: { width: 1366, height: 768 }, touch: false };
export const PHONE: DeviceShape = { viewport: { width: 390, height: 844 }, touch: true };

/** Far longer than any action takes; shorter than a test, so that a failure names the action. */
const ACTION_MS = 30_000;

/** A browser profile on the disk, as a school's device has it: it can be closed, killed and started again. */
export class DeviceProfile {
  readonly folder = mkdtempSync(join(tmpdir(), 'amenimo-profile-'));
  readonly #url: string;
  readonly #shape: DeviceShape;
  #context: BrowserContext | null = null;
  /** Sentences of the browser's console that tell of a fault. */
  readonly complaints: string[] = [];

  constructor(url: string, shape: DeviceShape) {
    this.#url = url;
    this.#shape = shape;
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('this device is off');
    return this.#context;
  }

  /** Starts the browser and opens the app's first page, as its icon on the home screen does. */
  async start({ offline = false } = {}): Promise<Page> {
    await this.turnOn({ offline });
    return this.openApp();
  }

  async turnOn({ offline = false } = {}): Promise<BrowserContext> {
    const context = await chromium.launchPersistentContext(this.folder, {
      executablePath: chromiumOrExit(),
      args: [...CHROMIUM_FLAGS],
      headless: true,
      baseURL: this.#url,
      viewport: this.#shape.viewport,
      hasTouch: this.#shape.touch,
      locale: 'ja-JP',
      timezoneId: 'Asia/Tokyo',
      offline,
    });
    this.#context = context;
    context.setDefaultTimeout(ACTION_MS);
    context.on('close', () => {
      if (this.#context === context) this.#context = null;
    });
    context.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    context.on('weberror', (error) => this.complaints.push(String(error.error())));
    return context;
  }

  /** The app anew: a page of its own at the manifest's start_url; pages opened before are closed. */
  async openApp(path = '/'): Promise<Page> {
    const before = this.context.pages();
    const page = await this.context.newPage();
    await Promise.all(before.map((each) => each.close()));
    await page.goto(path);
    return page;
  }

  goOffline(): Promise<void> {
    return this.context.setOffline(true);
  }

  goOnline(): Promise<void> {
    return this.context.setOffline(false);
  }

  /** Ends the browser as a person does; it may write what it has in hand. */
  async turnOff(): Promise<void> {
    await this.#context?.close();
  }

  /** Ends the browser's process with SIGKILL: nothing is flushed. */
  async kill(): Promise<void> {
    const context = this.context;
    const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
    process.kill(this.#mainProcess(), 'SIGKILL');
    await closed;
  }

  /** Off, and its folder gone. */
  async remove(): Promise<void> {
    await this.turnOff();
    // The browser's helper processes may still be writing for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    if (existsSync(this.folder)) throw new Error(`left behind: ${this.folder}`);
  }

  /** The process that owns this profile: the one of its processes that is no helper. */
  #mainProcess(): number {
    const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    const own = lines.filter(
      (line) => line.includes(`--user-data-dir=${this.folder}`) && !line.includes('--type='),
    );
    const pid = Number(own[0]?.trim().split(' ')[0]);
    if (own.length !== 1 || !pid) throw new Error(`${own.length} browsers on ${this.folder}`);
    return pid;
  }
}
