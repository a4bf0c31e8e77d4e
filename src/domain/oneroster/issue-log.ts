import { issueSeverities } from './issue.ts';
import type { OneRosterIssue, OneRosterIssueCode } from './issue.ts';

/** Where an issue lies; what is left out is null in the issue. */
export interface IssuePlace {
  readonly file?: string | null;
  readonly line?: number;
  readonly column?: string;
  /** The offending token; kept only where it cannot be a name. Leave it out for columns that hold names. */
  readonly value?: string;
}

const MAX_REPORTED = 200;
/** So that three thousand half-width names do not hide the one date that matters. */
const MAX_REPORTED_PER_CODE = 25;

/** Shifted columns put a name where an id should be: only what looks like a code is repeated in an issue. */
const SAFE_TOKEN = /^[!-?A-~]{1,64}$/;

export function safeToken(value: string): string | null {
  return SAFE_TOKEN.test(value) ? value : null;
}

/** Collects the issues of one package: counts all, keeps the first 200 errors and warnings each. */
export class IssueLog {
  readonly errors: OneRosterIssue[] = [];
  readonly warnings: OneRosterIssue[] = [];
  readonly totals = { errors: 0, warnings: 0 };
  readonly #countByCode = new Map<OneRosterIssueCode, number>();

  add(
    code: OneRosterIssueCode,
    place: IssuePlace = {},
    params: Readonly<Record<string, string | number>> = {},
  ): void {
    const severity = issueSeverities[code];
    const key = severity === 'error' ? 'errors' : 'warnings';
    const count = (this.#countByCode.get(code) ?? 0) + 1;
    this.#countByCode.set(code, count);
    this.totals[key] += 1;
    if (count > MAX_REPORTED_PER_CODE || this[key].length >= MAX_REPORTED) return;
    const value = place.value === undefined ? null : safeToken(place.value);
    this[key].push({
      code,
      severity,
      file: place.file === undefined || place.file === null ? null : safeToken(place.file),
      line: place.line ?? null,
      column: place.column === undefined ? null : safeToken(place.column),
      ...(value === null ? {} : { value }),
      params,
    });
  }

  get refused(): boolean {
    return this.totals.errors > 0;
  }
}
