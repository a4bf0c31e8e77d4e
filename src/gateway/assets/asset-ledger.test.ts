import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importanceOf } from '../../access/importance.ts';
import { registerWriters } from '../../access/register-access.ts';
import { kinds } from '../../ledger/kinds.ts';
import { runAssetsCommand } from '../control/assets-command.ts';
import { assetLedger } from './asset-ledger.ts';
import { assetDocument, assetRows } from './asset-table.ts';

describe('the asset ledger', () => {
  it('[AU50] has a line for every kind of entry, in its own database, and for what the gateway keeps', () => {
    const lines = assetLedger().map(({ database, kind }) => `${database} ${kind}`);
    const ofKinds = Object.entries(kinds).map(([kind, { database }]) => `${database} ${kind}`);
    expect(lines).toEqual([...ofKinds, 'accounts null', 'audit null', 'tray null']);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('[AU50] says what the tables of rights and importance say', () => {
    for (const { database, kind, importance, writers } of assetLedger()) {
      if (database !== 'register' || kind === null) continue;
      expect(importance).toBe(importanceOf('register-s1-2026'));
      expect(Object.fromEntries(writers.map(({ role, reach }) => [role, reach]))).toEqual(
        registerWriters[kind as keyof typeof registerWriters],
      );
    }
    const of = (database: string) => assetLedger().filter((asset) => asset.database === database);
    expect(of('records').length).toBeGreaterThan(0);
    expect(of('records').every(({ importance }) => importance === 2)).toBe(true);
    expect(of('official1').length).toBeGreaterThan(0);
    expect(of('official1').every(({ importance, place }) => importance === 1 && place === 'serverOnly')).toBe(
      true,
    );
  });

  it('[AU50] has words for everything in both languages', () => {
    for (const language of ['ja', 'en'] as const) {
      for (const row of assetRows(language)) {
        expect(row).toHaveLength(8);
        for (const cell of row) expect(cell).toMatch(/\S/);
        expect(row.join()).not.toContain('undefined');
      }
    }
  });

  it('[AU51] is in docs as it is now', () => {
    const written = readFileSync(new URL('../../../docs/asset-ledger.md', import.meta.url), 'utf8');
    expect(written).toBe(assetDocument());
  });

  it('[AU51] is printed as a table, as CSV and as the document', () => {
    const print = (options: Record<string, true>) => {
      const lines: string[] = [];
      expect(runAssetsCommand(options, 'ja', (line) => lines.push(line))).toBe(0);
      return lines.join('\n');
    };
    expect(print({})).toMatch(/^情報資産/);
    expect(print({ csv: true }).split('\r\n')).toHaveLength(assetLedger().length + 1);
    expect(`${print({ markdown: true })}\n`).toBe(assetDocument());
  });
});
