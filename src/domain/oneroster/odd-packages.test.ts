import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PackageEditor } from './package-editor.testing.ts';
import { parseOneRosterPackage } from './parse-one-roster-package.ts';
import { openSmallTown } from './small-town.testing.ts';

const practiceZip = fileURLToPath(
  new URL('../../gateway/practice/RO_20260401_oami_1.2_JP.zip', import.meta.url),
);
const files = [
  'manifest.csv',
  'academicSessions.csv',
  'orgs.csv',
  'courses.csv',
  'classes.csv',
  'users.csv',
  'roles.csv',
  'enrollments.csv',
] as const;
const seed = 20260401;

let town: PackageEditor;
beforeAll(() => {
  town = openSmallTown(new Uint8Array(readFileSync(practiceZip)));
});

/** Either a city and no error, or errors and no city; never an exception. */
function expectVerdict(bytes: Uint8Array): void {
  const result = parseOneRosterPackage(bytes);
  if (result.ok) expect(result.totals.errors).toBe(0);
  else expect(result.errors.length).toBeGreaterThan(0);
}

describe('whatever comes', () => {
  test('[OR1] a zip with changed bytes gets a verdict', () => {
    const zip = town.zip();
    const changes = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, (bytes) => {
        const changed = zip.slice();
        for (const [at, byte] of bytes) changed[at] = byte;
        expectVerdict(changed);
      }),
      { seed, numRuns: 60 },
    );
  });

  test('[OR1] a package with any cell changed to anything gets a verdict', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '',
        '"',
        '\r\n',
        'tobedeleted',
        '2026-02-30',
        'true',
        '1e9',
        '__proto__',
        'constructor',
        '=1',
        '架空',
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(), odd, (file, line, column, value) => {
        const edited = town.copy();
        const rows = edited.rows(file);
        const row = rows[line % rows.length] ?? [];
        row[column % row.length] = value;
        expectVerdict(edited.zip());
      }),
      { seed, numRuns: 60 },
    );
  });

  test('[OR1] bytes of any kind get a verdict', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseOneRosterPackage(bytes).ok).toBe(false);
      }),
      { seed, numRuns: 300 },
    );
  });
});
