/**
 * What a phase's own report says, as numbers. A phase that ends badly without a failed test to show for it, that
 * leaves no report, or that ran nothing, has one failure of its own: a crash must not look like success.
 *
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} [notes]  why a failure was added that no test reported
 *
 * @typedef {object} PhaseRun
 * @property {number | null} exitCode  null: stopped by a signal or by the time limit
 * @property {string | undefined} report  the text of the report file
 * @property {string} lastLine  the last line the phase printed on stdout
 */

/** @param {PhaseRun} run @returns {Count} */
export function countCheck({ exitCode }) {
  return exitCode === 0
    ? { passed: 1, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0, notes: [endedBadly(exitCode)] };
}

/** @param {PhaseRun} run @returns {Count} */
export function countVitest({ exitCode, report }) {
  const json = parse(report);
  if (!json) return noReport(exitCode);
  // A file that does not load has no tests to fail.
  const brokenFiles = list(json.testResults).filter(
    (file) =>
      file.status === 'failed' && !list(file.assertionResults).some(({ status }) => status === 'failed'),
  );
  return settled(exitCode, {
    passed: number(json.numPassedTests),
    failed: number(json.numFailedTests) + brokenFiles.length,
    skipped: number(json.numPendingTests) + number(json.numTodoTests),
  });
}

/** @param {PhaseRun} run @returns {Count} */
export function countPlaywright({ exitCode, report }) {
  const json = parse(report);
  if (!json?.stats) return noReport(exitCode);
  const { expected, unexpected, flaky, skipped } = json.stats;
  return settled(exitCode, {
    passed: number(expected),
    // A test that passes at the second attempt has failed at the first.
    failed: number(unexpected) + number(flaky) + list(json.errors).length,
    skipped: number(skipped),
  });
}

/** The fault suite's last line: `{"runs":…,"L":0,"D":0,"W":0,"S":0,"V":0,"H":0}`. @param {PhaseRun} run @returns {Count} */
export function countFaultRuns({ exitCode, lastLine }) {
  const json = parse(lastLine);
  const counters = ['L', 'D', 'W', 'S', 'V', 'H'];
  if (!json || !counters.every((counter) => Number.isInteger(json[counter]))) return noReport(exitCode);
  const runs = number(json.runs);
  const faults = counters.reduce((sum, counter) => sum + number(json[counter]), 0);
  const failed = Number.isInteger(json.failedRuns) ? json.failedRuns : Math.min(faults, Math.max(runs, 1));
  return settled(exitCode, {
    passed: Math.max(runs - failed, 0),
    failed: faults > 0 ? Math.max(failed, 1) : failed,
    skipped: number(json.skipped),
  });
}

/** @param {Count[]} counts @returns {string} the line a CI reads: `N passed, N failed[, N skipped]` */
export function summaryLine(counts) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    counts.reduce((total, count) => total + count[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {number | null} exitCode @param {Count} count @returns {Count} */
function settled(exitCode, count) {
  if (count.failed > 0) return count;
  if (exitCode !== 0) return { ...count, failed: 1, notes: [endedBadly(exitCode)] };
  if (count.passed === 0) return { ...count, failed: 1, notes: ['it ran no test'] };
  return count;
}

/** @param {number | null} exitCode @returns {Count} */
function noReport(exitCode) {
  return {
    passed: 0,
    failed: 1,
    skipped: 0,
    notes: [`it left no readable report and ${endedBadly(exitCode)}`],
  };
}

/** @param {number | null} exitCode */
function endedBadly(exitCode) {
  return exitCode === null ? 'it was stopped' : `it ended with exit code ${exitCode}`;
}

/** @param {string | undefined} text @returns {any} undefined when it is not a JSON object */
function parse(text) {
  try {
    const value = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {unknown} value */
function number(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}
