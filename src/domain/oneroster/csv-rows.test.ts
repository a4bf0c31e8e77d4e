import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { scanCsv } from './csv-rows.ts';

const spectrum = fileURLToPath(new URL('../../../../shared/data/csv-spectrum/', import.meta.url));
const present = existsSync(spectrum);
/** Without the sample whose JSON is of another table than its CSV, and whose CSV is not UTF-8. */
const samples = present
  ? readdirSync(`${spectrum}csvs`).filter(
      (name) => name.endsWith('.csv') && name !== 'location_coordinates.csv',
    )
  : [];

function cellsOf(text: string): readonly (readonly string[])[] {
  return scanCsv(text).rows.map(({ cells }) => cells);
}

describe('scanCsv', () => {
  test.skipIf(!present)(
    '[OR12] reads every sample of csv-spectrum (skipped where ../shared/data is absent)',
    () => {
      expect(samples.length).toBeGreaterThan(10);
      for (const name of samples) {
        const [header = [], ...rows] = cellsOf(readFileSync(`${spectrum}csvs/${name}`, 'utf8'));
        const objects = rows.map((row) => Object.fromEntries(row.map((value, i) => [header[i], value])));
        const expected: unknown = JSON.parse(
          readFileSync(`${spectrum}json/${name.replace('.csv', '.json')}`, 'utf8'),
        );
        expect(objects, name).toEqual(expected);
      }
    },
  );

  test('[OR12] reads what another library writes, whatever the values', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('"', ',', '\r\n', '\n', '\r', '""', '=1+1', '名,前"\r\n'),
    );
    const table = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, fc.constantFrom('\r\n', '\n'), (rows, newline) => {
        expect(cellsOf(Papa.unparse(rows, { quotes: true, newline }))).toEqual(rows);
      }),
      { seed: 20260401, numRuns: 500 },
    );
  });

  test('[OR13] names the line on which a row begins', () => {
    const lines = scanCsv('a,b\r\n"1\r\n2","3\n4"\r\n\r\n5,6\r7,8').rows.map(({ line }) => line);
    expect(lines).toEqual([1, 2, 6, 7]);
  });

  test('[OR12] names the first line of each oddity', () => {
    const content = scanCsv('"a","b"\r\n"1",2\r\n"3","4"\n\r\n"5","6"');
    expect(content).toMatchObject({ unquotedLine: 2, bareLineEndLine: 3, blankLine: 4, fault: null });
    expect(scanCsv('"a","b"\r\n"1",""\r\n')).toMatchObject({
      unquotedLine: null,
      bareLineEndLine: null,
      blankLine: null,
    });
  });

  test('[OR12] stops at what is no CSV and keeps what came before', () => {
    expect(scanCsv('"a"\r\n"b\r\n"" c')).toMatchObject({
      rows: [{ cells: ['a'] }],
      fault: { code: 'unterminatedQuote', line: 2 },
    });
    expect(scanCsv('"a"\r\n"b"c\r\n')).toMatchObject({ fault: { code: 'textBesideQuotes', line: 2 } });
  });

  test('[OR12] takes a quote inside an unquoted value for itself', () => {
    expect(cellsOf('a,37.8"N,"x"\r\n')).toEqual([['a', '37.8"N', 'x']]);
  });

  test('[OR20] keeps empty values at either end', () => {
    expect(cellsOf(',a,\r\n"","",\r\n')).toEqual([
      ['', 'a', ''],
      ['', '', ''],
    ]);
  });
});
