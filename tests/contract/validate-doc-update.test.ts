import { Linter } from 'eslint';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import exampleIni from '../../couch/local.example.ini?raw';
import { serverSettings } from '../../couch/server-settings.ts';
import source from '../../couch/validate-doc-update.js?raw';
import {
  candidateOf,
  findRefusal,
  validateDocUpdateSource,
} from '../../src/gateway/store/validate-document.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { makeEntry, MAX_CELLS, MAX_ENTRY_BYTES, MAX_KEY_LENGTH, MAX_OVER } from '../../src/ledger/entry.ts';
import { eraseEntry, erasureHash, type StoredEntry } from '../../src/ledger/erasure.ts';
import { officialStream } from '../../src/ledger/stream.ts';
import { MAX_TEXT_LENGTH } from '../../src/ledger/value-shapes.ts';
import { badEntries, ERASER, IMPORT, newDatabaseName, rollCall, WRITER } from './sample-entries.ts';

const db = newDatabaseName();

describe('validate_doc_update', () => {
  test.for(Object.entries({ MAX_ENTRY_BYTES, MAX_CELLS, MAX_KEY_LENGTH, MAX_OVER, MAX_TEXT_LENGTH }))(
    '%s is the ledger’s',
    ([name, value]) => {
      expect(source).toContain(`var ${name} = ${value};`);
    },
  );

  test('is one function expression without parentheses or semicolon round it', () => {
    expect(validateDocUpdateSource).toMatch(/^function \(newDoc, oldDoc, userCtx\) \{[^]*\}$/);
  });

  test('is ES5: neither SpiderMonkey 1.8.5 nor a later engine stumbles over it', () => {
    const findings = new Linter().verify(source, [
      { languageOptions: { ecmaVersion: 5, sourceType: 'script' } },
    ]);
    expect(findings).toEqual([]);
  });

  test('takes what lasts beyond years in its own databases alone, and nothing else there', () => {
    const lasting = makeEntry(officialStream('S1', 'official1'), {
      v: 1,
      kind: 'studentRecord',
      salt: '0'.repeat(32),
      on: calendarDate('2026-04-06'),
      madeAt: 1,
      by: WRITER.name,
      device: 'd',
      cells: [{ key: 'studentRecord/pupil', value: {}, over: [] }],
    });
    const monthly = rollCall(db);
    expect(findRefusal('official1-s1', candidateOf(lasting), null, WRITER)).toBeNull();
    expect(findRefusal('register-s1-2026', candidateOf(lasting), null, WRITER)).toBe('malformed');
    expect(findRefusal('records-s1-2026', candidateOf(lasting), null, WRITER)).toBe('malformed');
    expect(findRefusal('official1-s1', candidateOf(monthly), null, WRITER)).toBe('malformed');
    expect(findRefusal('records-s1-2026', candidateOf(monthly), null, WRITER)).toBeNull();
  });

  test('knows the erasure of every id by its hash', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,63}$/), (scope) => {
        const entry = rollCall(db, { scope });
        const erasure = eraseEntry(entry, WRITER.name, 1, 'wrong pupil');
        expect(erasure._rev).toBe(`2-${erasureHash(entry._id)}`);
        expect(findRefusal(db, candidateOf(erasure), entry, ERASER)).toBeNull();
        const wrong = { ...erasure, _rev: `2-${erasureHash(`${entry._id}x`)}` };
        expect(findRefusal(db, candidateOf(wrong), entry, WRITER)).toBe('wrongRevision');
      }),
    );
  });

  test('counts the bytes of a body as the ledger does', () => {
    const cells = (last: string) =>
      Array.from({ length: 20 }, (_, at) => ({
        key: `pupil-${at}/2026-05-07`,
        value: { mark: 'late', note: at === 19 ? last : '雨\u{20bb7}é'.repeat(300) },
        over: [],
      }));
    const sizeOf = (last: string) => {
      const { _id: _, _rev: __, received: ___, ...body } = rollCall(db, { cells: cells(last) });
      return new TextEncoder().encode(JSON.stringify(body)).length;
    };
    const spare = MAX_ENTRY_BYTES - sizeOf('');
    const refusalOf = (last: string) =>
      findRefusal(db, candidateOf(rollCall(db, { cells: cells(last) })), null, WRITER);
    const fill = (bytes: number): StoredEntry => {
      // As many texts of the longest kind as needed.
      const notes: string[] = [];
      for (let left = bytes; left > 0;) {
        const key = `p${notes.length}/2026-05-07`;
        const overhead = JSON.stringify({ key, value: '', over: [] }).length + 1;
        const length = Math.min(4000, left - overhead);
        notes.push('x'.repeat(length));
        left -= overhead + length;
      }
      const added = notes.map((value, at) => ({ key: `p${at}/2026-05-07`, value, over: [] }));
      return rollCall(db, { cells: [...cells(''), ...added] });
    };
    expect(refusalOf('')).toBeNull();
    expect(findRefusal(db, candidateOf(fill(spare)), null, WRITER)).toBeNull();
    expect(findRefusal(db, candidateOf(fill(spare + 1)), null, WRITER)).toBe('tooLarge');
  });

  test('answers anything at all with a code and never breaks', () => {
    const entry = candidateOf(rollCall(db)) as unknown as Record<string, unknown>;
    const erasure = candidateOf(eraseEntry(rollCall(db), WRITER.name, 1, 'why')) as unknown as Record<
      string,
      unknown
    >;
    const fields = [...new Set([...Object.keys(entry), ...Object.keys(erasure), '_deleted', '_attachments'])];
    fc.assert(
      fc.property(
        fc.constantFrom(entry, erasure),
        fc.dictionary(fc.constantFrom(...fields), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
        fc.constantFrom(WRITER, ERASER, IMPORT),
        (base, changes, as) => {
          const refusal = findRefusal(db, { ...base, ...changes }, null, as);
          expect(refusal === null || /^[a-zA-Z]+$/.test(refusal)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
    expect(findRefusal(db, {}, null, WRITER)).toBe('badId');
  });

  test('an entry that is not an entry at all is refused without breaking the batch', () => {
    for (const bad of badEntries) {
      expect(findRefusal(db, candidateOf(bad.make(db) as StoredEntry), null, WRITER)).toBe(bad.code);
    }
    const strange = [{ _id: 7, _rev: null }, { _id: '__proto__' }, { erased: undefined }];
    for (const each of strange) {
      expect(findRefusal(db, candidateOf(each as unknown as StoredEntry), null, WRITER)).toBe('badId');
    }
  });
});

test('the example configuration holds every setting that deploy makes, but for the secret', () => {
  const lines = new Set<string>();
  let section = '';
  for (const line of exampleIni.split('\n')) {
    section = /^\[(.+)\]$/.exec(line)?.[1] ?? section;
    lines.add(`${section}/${line}`);
  }
  for (const { section, key, value } of serverSettings('')) {
    if (key !== 'secret') expect(lines).toContain(`${section}/${key} = ${value}`);
    else expect(exampleIni).not.toMatch(/^secret/m);
  }
});
