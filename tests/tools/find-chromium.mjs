/**
 * Which Chromium the tests drive: `CHROMIUM_PATH`, else one on this system, else Playwright's own, else Debian's
 * package, installed when this user may. `node tests/tools/find-chromium.mjs` prints its path.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const WHAT_TO_DO =
  'No Chromium found: install Chromium or Chrome, run "npx playwright install chromium", or set CHROMIUM_PATH.';

/** No sandbox for root (Chromium refuses it), and no calls home that a closed network answers late. */
export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium that starts, or the end of this process with one line that says what to do. */
export function chromiumOrExit() {
  try {
    return findChromium();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}

/** @returns {string} */
export function findChromium() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    if (!starts(asked)) throw new Error(`CHROMIUM_PATH is ${asked}, and no browser starts from there.`);
    return asked;
  }
  const found = onSystem() ?? playwrightsOwn() ?? debiansPackage();
  if (!found) throw new Error(WHAT_TO_DO);
  ensureJapaneseFont();
  process.stderr.write(`Chromium: ${found.path} (${found.origin})\n`);
  // Later callers in this process and its children need not look again.
  process.env.CHROMIUM_PATH = found.path;
  return found.path;
}

function onSystem() {
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) =>
      NAMES.map((name) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)),
    );
  const path = [...inPath, ...knownPlaces()].find(starts);
  return path && { path, origin: 'on this system' };
}

function knownPlaces() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === 'win32') {
    const { ProgramFiles, 'ProgramFiles(x86)': programFilesX86, LOCALAPPDATA } = process.env;
    return [ProgramFiles, programFilesX86, LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Chromium/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]);
  }
  return ['/usr/bin', '/usr/local/bin', '/snap/bin']
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .concat('/opt/google/chrome/chrome');
}

function playwrightsOwn() {
  const path = chromium.executablePath();
  return starts(path) ? { path, origin: "Playwright's own" } : undefined;
}

function debiansPackage() {
  if (!apt('chromium', 'fonts-noto-cjk')) return undefined;
  const found = onSystem();
  return found && { ...found, origin: "Debian's package, just installed" };
}

/** Without one, screenshots and printed pages show boxes; a test that looks at widths would still pass. */
function ensureJapaneseFont() {
  if (process.platform !== 'linux') return;
  const { status, stdout } = spawnSync('fc-list', [':lang=ja'], { encoding: 'utf8' });
  if (status === 0 && stdout.trim() !== '') return;
  if (!apt('fonts-noto-cjk')) process.stderr.write('No Japanese font found: install fonts-noto-cjk.\n');
}

/** @param {...string} packages @returns {boolean} whether they are installed now */
function apt(...packages) {
  if (process.platform !== 'linux' || !succeeds('apt-get', '--version')) return false;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && !succeeds('sudo', '-n', 'true')) return false;
  process.stderr.write(`Installing ${packages.join(' and ')} with apt-get…\n`);
  const install = [
    '-o',
    'DPkg::Lock::Timeout=120',
    '-y',
    '-qq',
    '--no-install-recommends',
    'install',
    ...packages,
  ];
  return [['update', '-qq'], install].every((args) => {
    const [command = '', ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    // stdout is this tool's answer; apt's progress belongs beside it.
    return spawnSync(command, rest, { stdio: ['ignore', 2, 2] }).status === 0;
  });
}

/** @param {string} path */
function starts(path) {
  if (!existsSync(path)) return false;
  // On Windows, --version opens a window.
  return process.platform === 'win32' || succeeds(path, '--version');
}

/** @param {string} command @param {...string} args */
function succeeds(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${chromiumOrExit()}\n`);
