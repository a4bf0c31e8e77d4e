/**
 * The built product as a child process, for tests that need the real thing: start, stop, kill, start again on the
 * same folder and port. The practice city is made once per build and copied for each test.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceHash } from '../../src/gateway/source-hash.mjs';
import { ROOT } from './phases.mjs';

/** The Friday on which the tests live; the practice city's attendance goes up to the day before. */
export const TEST_NOW = '2026-11-20T08:15:00+09:00';
export const TEST_TODAY = '2026-11-20';

const START = join(ROOT, 'build/server/start.js');
const CLI = join(ROOT, 'build/server/cli.js');
const READY_MS = 120_000;

/** A port nobody listens on now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A folder with the practice city as of TEST_NOW, which the caller may write to and must remove. */
export async function practiceDataFolder() {
  const cache = join(ROOT, 'node_modules/.cache/amenimo', `practice-${sourceHash().slice(0, 16)}`);
  if (!existsSync(cache)) {
    mkdirSync(join(cache, '..'), { recursive: true });
    const making = mkdtempSync(`${cache}-making-`);
    const server = new AppServer({ dataFolder: making });
    await server.start();
    await server.stop();
    renameSync(making, cache);
  }
  const folder = mkdtempSync(join(tmpdir(), 'amenimo-data-'));
  cpSync(cache, folder, { recursive: true });
  return folder;
}

export class AppServer {
  #child = /** @type {import('node:child_process').ChildProcess | null} */ (null);
  #output = '';

  /** @param {{ dataFolder: string, port?: number, env?: Record<string, string> }} options */
  constructor({ dataFolder, port = 0, env = {} }) {
    this.dataFolder = dataFolder;
    this.port = port;
    this.env = env;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  /** What the server printed so far. */
  get output() {
    return this.#output;
  }

  /** The server's process, while it runs. */
  get pid() {
    return this.#child?.pid;
  }

  get running() {
    return this.#child !== null;
  }

  /** Starts the server and waits until it answers; throws with its output where it does not. */
  async start() {
    this.port ||= await freePort();
    const child = spawn(process.execPath, [START], {
      cwd: ROOT,
      env: {
        ...process.env,
        PORT: String(this.port),
        HOST: '127.0.0.1',
        DATA_DIR: this.dataFolder,
        PRACTICE_NOW: TEST_NOW,
        COUCHDB_URL: '',
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const keep = (/** @type {Buffer} */ chunk) => (this.#output = (this.#output + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline && this.#child === child) {
      const answer = await fetch(`${this.url}/healthz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.kill();
    throw new Error(`The server did not start:\n${this.#output}`);
  }

  /** Asks it to end and waits. */
  stop() {
    return this.#end('SIGTERM');
  }

  /** As a power cut for the process: nothing is flushed. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** @param {NodeJS.Signals} signal @returns {Promise<void>} */
  #end(signal) {
    const child = this.#child;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }

  /** Runs `amenimo <args…>` against this server's data. @param {string[]} args */
  async command(...args) {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: { ...process.env, DATA_DIR: this.dataFolder, COUCHDB_URL: '', LANG: 'ja_JP.UTF-8', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code: Number(code), output };
  }

  /** Ends the server and removes its folder. */
  async remove() {
    await this.kill();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}
