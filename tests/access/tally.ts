import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';

/** Where a run of `npm run test:access` collects what its files have counted. */
export const TALLY_FOLDER = 'AMENIMO_ACCESS_TALLY';

export interface Counts {
  cases: number;
  /** Allowed, and should not have been. */
  leaks: number;
  /** Refused, and should not have been. */
  wrongDenials: number;
}

const MAX_NAMED = 20;

/** Compares decisions with what was expected of them, and counts; one a file. */
export class Tally {
  readonly #counts: Counts = { cases: 0, leaks: 0, wrongDenials: 0 };
  #wrong: string[] = [];

  /** Give the file's own name: its counts are kept under it. */
  constructor(name: string) {
    afterAll(() => {
      const folder = process.env[TALLY_FOLDER];
      if (folder) writeFileSync(join(folder, `${name}.json`), JSON.stringify(this.#counts));
    });
  }

  judge(expected: boolean, allowed: boolean, nameOf: () => string): void {
    this.#counts.cases += 1;
    if (expected === allowed) return;
    if (allowed) this.#counts.leaks += 1;
    else this.#counts.wrongDenials += 1;
    if (this.#wrong.length < MAX_NAMED) this.#wrong.push(`${allowed ? 'leak' : 'wrong denial'}: ${nameOf()}`);
  }

  get cases(): number {
    return this.#counts.cases;
  }

  /** Fails the running test with what has been wrong since the last call. */
  expectNothingWrong(): void {
    const wrong = this.#wrong;
    this.#wrong = [];
    expect(wrong).toEqual([]);
  }
}
