import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeIssue } from './issue-messages.ts';
import { issueMessagesEn } from './issue-messages-en.ts';
import { issueMessagesJa } from './issue-messages-ja.ts';
import { issueSeverities } from './issue.ts';
import type { OneRosterIssue, OneRosterIssueCode } from './issue.ts';
import { IssueLog, safeToken } from './issue-log.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const codes = Object.keys(issueSeverities) as OneRosterIssueCode[];

function issue(values: Partial<OneRosterIssue>): OneRosterIssue {
  return {
    code: 'invalidDate',
    severity: 'error',
    file: null,
    line: null,
    column: null,
    params: {},
    ...values,
  };
}

describe('an issue', () => {
  test('[OR2] of every code has a sentence in both languages, with the same parameters', () => {
    const parameters = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const code of codes) {
      expect(issueMessagesJa[code], code).toMatch(/[。)）]$/);
      expect(issueMessagesEn[code], code).toMatch(/[.)]$/);
      const [ja, en] = [parameters(issueMessagesJa[code]), parameters(issueMessagesEn[code])];
      expect(ja, code).toEqual(en);
    }
  });

  test('[OR2] of every code is brought about by a test', () => {
    const tests = readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts') && name !== 'issue-messages.test.ts')
      .map((name) => readFileSync(folder + name, 'utf8'))
      .join('\n');
    expect(codes.filter((code) => !tests.includes(`'${code}'`))).toEqual([]);
  });

  test('[OR2] says where it lies, as far as it lies anywhere', () => {
    const at = { file: 'users.csv', line: 12, column: 'familyName' };
    expect(describeIssue(issue({ ...at, code: 'missingValue' }), 'ja')).toBe(
      'users.csv の 12 行目、列 familyName: 値がありません。',
    );
    expect(describeIssue(issue({ ...at, code: 'missingValue' }), 'en')).toBe(
      'users.csv, line 12, column familyName: The value is missing.',
    );
    expect(describeIssue(issue({ code: 'notAZip' }), 'ja')).toBe('zip ファイルではありません。');
    expect(describeIssue(issue({ file: 'roles.csv', code: 'emptyFile' }), 'en')).toBe(
      'roles.csv: The file is empty.',
    );
  });

  test('[OR2] fills in parameters and token', () => {
    const found = issue({ code: 'unknownReference', value: 'c-9', params: { targetFile: 'classes.csv' } });
    expect(describeIssue(found, 'ja')).toBe('この ID は classes.csv にありません。（値: c-9）');
    expect(describeIssue(found, 'en')).toBe('This id is not in classes.csv. (value: c-9)');
  });

  test('[OR3] repeats a value only where it cannot be a name or an address', () => {
    expect(['2026/4/1', 'tobedeleted', 'E3', 'a;b'].map(safeToken)).toEqual([
      '2026/4/1',
      'tobedeleted',
      'E3',
      'a;b',
    ]);
    expect(['架空', 'Taro Kakuu', 'a@example.jp', 'x'.repeat(65), ''].map(safeToken)).toEqual(
      Array(5).fill(null),
    );
  });

  test('[OR4] is counted beyond what is listed', () => {
    const log = new IssueLog();
    for (const code of codes) for (let i = 0; i < 30; i += 1) log.add(code);
    expect(log.errors.length).toBe(200);
    expect(log.warnings.length).toBe(200);
    expect(log.totals.errors + log.totals.warnings).toBe(codes.length * 30);
    expect(log.errors.filter(({ code }) => code === 'notAZip')).toHaveLength(25);
  });
});
