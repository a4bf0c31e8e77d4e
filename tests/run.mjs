/**
 * `node tests/run.mjs [--only unit,contract,e2e]`: runs the phases of tests/tools/phases.mjs one after another and
 * ends with one line summed from their own reports. Exit code 0 only when nothing failed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PHASES, ROOT } from './tools/phases.mjs';
import { summaryLine } from './tools/reports.mjs';

/** @typedef {import('./tools/phases.mjs').Phase} Phase */
/** @typedef {import('./tools/reports.mjs').Count} Count */

const reports = mkdtempSync(join(tmpdir(), 'amenimo-reports-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const chosen = chosenPhases(process.argv.slice(2));
/** @type {Map<string, Count & { seconds: number }>} */
const results = new Map();
for (const phase of chosen) {
  const startedAt = performance.now();
  console.log(`\n── ${phase.name} ──`);
  const count = await runPhase(phase);
  results.set(phase.name, { ...count, seconds: (performance.now() - startedAt) / 1000 });
}

console.log('');
for (const [name, { seconds, notes = [], ...count }] of results) {
  const why = notes.length > 0 ? `  (${notes.join('; ')})` : '';
  console.log(`${name.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${summaryLine([count])}${why}`);
}
const total = [...results.values()];
console.log(summaryLine(total));
process.exitCode = total.some(({ failed }) => failed > 0) ? 1 : 0;

/** @param {string[]} args @returns {Phase[]} */
function chosenPhases(args) {
  const names = PHASES.map(({ name }) => name);
  if (args.length === 0) return PHASES;
  const wanted = args[0] === '--only' && args.length === 2 ? (args[1] ?? '').split(',') : [];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (wanted.length === 0 || unknown.length > 0) {
    console.error(`Usage: node tests/run.mjs [--only ${names.join(',')}]`);
    process.exit(2);
  }
  return PHASES.filter(({ name }) => wanted.includes(name));
}

/** @param {Phase} phase @returns {Promise<Count>} */
async function runPhase(phase) {
  if (phase.needs && (results.get(phase.needs)?.failed ?? 0) > 0) {
    return { passed: 0, failed: 1, skipped: 0, notes: [`not run, because "${phase.needs}" failed`] };
  }
  const reportPath = join(reports, `${phase.name}.json`);
  const deadline = Date.now() + phase.limitMs;
  let exitCode = null;
  let lastLine = '';
  for (const command of phase.commands(reportPath)) {
    ({ exitCode, lastLine } = await runCommand(command, reportPath, deadline - Date.now()));
    if (exitCode !== 0) break;
  }
  const report = existsSync(reportPath) ? readFileSync(reportPath, 'utf8') : undefined;
  return phase.count({ exitCode, report, lastLine });
}

/**
 * @param {string[]} command  arguments for node
 * @param {string} reportPath  where Playwright is told to put its report; vitest has it among its arguments
 * @param {number} limitMs
 * @returns {Promise<{ exitCode: number | null, lastLine: string }>}
 */
function runCommand(command, reportPath, limitMs) {
  return new Promise((resolve) => {
    // A group of its own, so that the limit also ends servers and browsers the phase started.
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: reportPath },
    });
    let lastLine = '';
    let unfinished = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      process.stdout.write(chunk);
      const lines = (unfinished + chunk).split('\n');
      unfinished = lines.pop() ?? '';
      lastLine = lines.filter((line) => line.trim() !== '').at(-1) ?? lastLine;
    });
    const stop = () => endGroup(child.pid);
    const timer = setTimeout(() => {
      console.error(`Stopped after ${Math.round(limitMs / 1000)} s.`);
      stop();
    }, limitMs);
    const interrupted = () => {
      stop();
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve({ exitCode, lastLine: unfinished.trim() === '' ? lastLine : unfinished });
    });
  });
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
