import { expect } from 'vitest';
import type { OneRosterIssue, OneRosterIssueCode } from './issue.ts';
import type { PackageEditor } from './package-editor.testing.ts';
import { parseOneRosterPackage } from './parse-one-roster-package.ts';

/** For tests: one way to break a good package, and the issue that must come of it. */
export interface PackageCase {
  /** The rule of SPEC.md it is about: `[OR5]`. */
  readonly rule: string;
  readonly what: string;
  /** Breaks the package; gives the bytes where `zip()` alone would not do, or the line where the issue must lie. */
  readonly edit: (town: PackageEditor) => Uint8Array | number | void;
  readonly code: OneRosterIssueCode;
  readonly file?: string | null;
  readonly line?: number;
  readonly column?: string | null;
  readonly value?: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** For `test.each(…)('%s', (_, one) => …)`. */
export function titled(cases: readonly PackageCase[]): [string, PackageCase][] {
  return cases.map((one) => [`${one.rule} ${one.what} → ${one.code}`, one]);
}

/** Expects the case's issue and, of that severity, no other code. */
export function expectIssue(town: PackageEditor, one: PackageCase): void {
  const edited = town.copy();
  const outcome = one.edit(edited);
  const result = parseOneRosterPackage(outcome instanceof Uint8Array ? outcome : edited.zip());
  const errors: readonly OneRosterIssue[] = result.ok ? [] : result.errors;
  const all = [...errors, ...result.warnings];
  const issue = all.find(({ code }) => code === one.code);
  const alike = all.filter(({ severity }) => severity === issue?.severity);
  expect(issue?.code ?? all.map(({ code }) => code), one.what).toBe(one.code);
  expect([...new Set(alike.map(({ code }) => code))], one.what).toEqual([one.code]);
  expect(result.ok).toBe(issue?.severity === 'warning');
  if (one.file !== undefined) expect(issue?.file).toBe(one.file);
  if (one.column !== undefined) expect(issue?.column).toBe(one.column);
  if (one.value !== undefined) expect(issue?.value).toBe(one.value);
  if (one.params !== undefined) expect(issue?.params).toEqual(one.params);
  const line = typeof outcome === 'number' ? outcome : one.line;
  if (line !== undefined) expect(issue?.line).toBe(line);
}
