/**
 * `node src/gateway/launch.mjs build [--force] | start | cli <args…>`: builds what is missing or out of date,
 * then runs it in this process. Plain JavaScript, because it runs on a fresh machine before anything is built.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sourceHash } from './source-hash.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
/** Which sources each half of the build was made of. */
const STAMP = { app: join(ROOT, 'build/app.sources'), gateway: join(ROOT, 'build/server/gateway.sources') };
const LOCK = join(ROOT, 'node_modules/.cache/amenimo/build.lock');
const OLDEST_NODE = [20, 19];

const [command = 'start', ...args] = process.argv.slice(2);
checkMachine();
if (command === 'build') {
  await withLock(() => build(args.includes('--force') ? ['app', 'gateway'] : outdated(['app', 'gateway'])));
} else if (command === 'start') {
  await withLock(() => build(outdated(['app', 'gateway'])));
  await run('start.js', []);
} else if (command === 'cli') {
  await withLock(() => build(outdated(['gateway'])));
  await run('cli.js', args);
} else {
  stop(`"${command}" is not a command: use build, start or cli.`);
}

function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    stop(`Amenimo needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  }
  if (!existsSync(VITE)) stop('The dependencies are not installed. Run "npm ci" first.');
}

/** @typedef {'app' | 'gateway'} Part */

/** @param {Part[]} parts @returns {Part[]} */
function outdated(parts) {
  const hash = sourceHash();
  const stale = parts.filter(
    (part) => !existsSync(STAMP[part]) || readFileSync(STAMP[part], 'utf8') !== hash,
  );
  // Kit's adapter empties build/, the gateway's half with it.
  return stale.includes('app') ? ['app', 'gateway'] : stale;
}

/** @param {Part[]} parts */
async function build(parts) {
  const hash = sourceHash();
  for (const part of parts) {
    rmSync(STAMP[part], { force: true });
    const startedAt = performance.now();
    say(part === 'app' ? 'Building the app (about half a minute)…' : 'Building the gateway…');
    await vite(part === 'app' ? ['build'] : ['build', '--mode', 'gateway']);
    say(`  done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    writeFileSync(STAMP[part], hash);
  }
}

/** @param {string[]} viteArgs @returns {Promise<void>} */
function vite(viteArgs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [VITE, ...viteArgs], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      process.stderr.write(output);
      stop(`The build failed (vite ${viteArgs.join(' ')}); its output is above.`);
    });
  });
}

/** Two starts at once must not empty each other's output. @param {() => Promise<void>} work */
async function withLock(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let told = false; !takeLock(); told = true) {
    if (!told) say('Another build is running; waiting for it…');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  process.on('exit', releaseLock);
  await work();
  releaseLock();
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAbandoned()) rmSync(LOCK, { force: true });
    return false;
  }
}

/** Its owner has ended, or ended before it could sign. */
function isAbandoned() {
  const owner = Number(readLock());
  if (owner) return !isRunning(owner);
  const stat = statSync(LOCK, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > 5_000;
}

function releaseLock() {
  if (readLock() === String(process.pid)) rmSync(LOCK, { force: true });
}

function readLock() {
  return existsSync(LOCK) ? readFileSync(LOCK, 'utf8') : '';
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} entry @param {string[]} entryArgs */
async function run(entry, entryArgs) {
  const path = join(ROOT, 'build/server', entry);
  process.env.NODE_ENV ??= 'production';
  process.argv = [process.execPath, path, ...entryArgs];
  await import(pathToFileURL(path).href);
}

/** Progress goes to stderr, so that a command's own output stays clean. @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {string} sentence @returns {never} */
function stop(sentence) {
  say(sentence);
  process.exit(1);
}
