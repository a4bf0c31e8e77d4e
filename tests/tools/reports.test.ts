import { describe, expect, it } from 'vitest';
import { countCheck, countFaultRuns, countPlaywright, countVitest, summaryLine } from './reports.mjs';

const run = (exitCode: number | null, report?: unknown, lastLine = '') => ({
  exitCode,
  report: report === undefined ? undefined : JSON.stringify(report),
  lastLine,
});
const vitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [],
};
const faultLine = (counters: object) =>
  JSON.stringify({ runs: 3, L: 0, D: 0, W: 0, S: 0, V: 0, H: 0, ...counters });

describe('the numbers of a phase', () => {
  it('are those of its own report', () => {
    expect(countVitest(run(0, vitestReport))).toEqual({ passed: 3, failed: 0, skipped: 2 });
    const stats = { expected: 4, unexpected: 0, flaky: 0, skipped: 1 };
    expect(countPlaywright(run(0, { stats, errors: [] }))).toEqual({ passed: 4, failed: 0, skipped: 1 });
    expect(countFaultRuns(run(0, undefined, faultLine({})))).toEqual({ passed: 3, failed: 0, skipped: 0 });
    expect(countCheck(run(0))).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  it('count a test file that does not load', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    expect(countVitest(run(1, { ...vitestReport, testResults })).failed).toBe(1);
  });

  it('count what failed once and passed at the second attempt', () => {
    const stats = { expected: 4, unexpected: 0, flaky: 1, skipped: 0 };
    expect(countPlaywright(run(0, { stats, errors: [] })).failed).toBe(1);
  });

  it.each(['L', 'D', 'W', 'S', 'V', 'H'])('count a fault of kind %s', (kind) => {
    expect(countFaultRuns(run(0, undefined, faultLine({ [kind]: 1 })))).toMatchObject({
      passed: 2,
      failed: 1,
    });
  });
});

describe('a phase that shows no failed test', () => {
  const counters = { countVitest, countPlaywright, countFaultRuns };

  it.each(Object.entries(counters))('%s: fails without a report, whatever its exit code', (_, count) => {
    expect(count(run(0)).failed).toBe(1);
    expect(count({ exitCode: 0, report: 'not JSON', lastLine: 'not JSON' }).failed).toBe(1);
  });

  it('fails when it crashed', () => {
    expect(countVitest(run(1, vitestReport)).failed).toBe(1);
    expect(countPlaywright(run(null, { stats: { expected: 4 }, errors: [] })).failed).toBe(1);
    expect(countFaultRuns(run(1, undefined, faultLine({}))).failed).toBe(1);
    expect(countCheck(run(null)).failed).toBe(1);
  });

  it('fails when it ran nothing', () => {
    expect(countVitest(run(0, { ...vitestReport, numPassedTests: 0 })).failed).toBe(1);
    expect(countPlaywright(run(0, { stats: { skipped: 4 }, errors: [] })).failed).toBe(1);
    expect(countFaultRuns(run(0, undefined, faultLine({ runs: 0 }))).failed).toBe(1);
  });
});

it('the last line names skipped tests only when there are some', () => {
  const count = { passed: 2, failed: 0, skipped: 0 };
  expect(summaryLine([count, count])).toBe('4 passed, 0 failed');
  expect(summaryLine([count, { passed: 1, failed: 2, skipped: 3 }])).toBe('3 passed, 2 failed, 3 skipped');
});
