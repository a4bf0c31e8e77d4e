import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source-files.ts';

/** Documents whose claims name the tests that show them. */
const documents = ['docs/threat-model.md', 'docs/operations.md'];

function linksOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^https?:/.test(link));
}

describe.each(documents)('%s', (document) => {
  it('links only to files that are there', () => {
    const missing = linksOf(document).filter(
      (link) => !existsSync(join(ROOT, dirname(document), link.split('#')[0] ?? '')),
    );
    expect(missing).toEqual([]);
  });
});

describe('the threat model', () => {
  const text = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
  const rowsOf = (heading: string): string[] => {
    const section = text.split(/^(?=##)/m).filter((part) => part.startsWith(heading));
    return section.flatMap((part) =>
      part.split('\n').filter((line) => /^\| (?!-|by |requirement)/.test(line)),
    );
  };

  it('says of every defence where it is tested', () => {
    const rows = rowsOf('### ');
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row).toMatch(/\]\(\.\.\/[\w./-]+\.(test|spec)\.ts\)/);
  });

  it('says of every requirement where it is tested, or that it is not the product’s', () => {
    const rows = rowsOf('## MEXT');
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) {
      const isOthers = /outside the product\s+\| –\s+\|$/.test(row);
      expect(isOthers || /\.(test|spec)\.ts\)/.test(row), row).toBe(true);
    }
  });

  it('links a test file for what a test is said to show, and no other kind of file', () => {
    const tests = linksOf('docs/threat-model.md').filter((link) => /\.ts$/.test(link));
    const sources = tests.filter((link) => !/\.(test|spec)\.ts$/.test(link));
    expect(sources).toEqual(['../src/device/session-renewal.ts']);
  });
});
