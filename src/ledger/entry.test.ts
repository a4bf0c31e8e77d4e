import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { canonicalJson } from './canonical.ts';
import { checkEntry, makeEntry, type EntryBody } from './entry.ts';
import { parseEntryId } from './entry-id.ts';
import { registerStream } from './stream.ts';

const stream = registerStream('B112210006821', 2026);
const otherSchool = registerStream('B112210006830', 2026);

function body(change: Partial<EntryBody> = {}): EntryBody {
  return {
    v: 1,
    kind: 'attendance',
    salt: '0123456789abcdef0123456789abcdef',
    on: calendarDate('2026-11-20'),
    madeAt: 1_790_000_000_000,
    by: 'teacher-1',
    device: 'tablet-1',
    cells: [{ key: 'pupil-1/2026-11-20', value: { mark: 'present' }, over: [] }],
    ...change,
  };
}

const codeOf = (input: unknown, where = stream): string => {
  const check = checkEntry(where, input);
  return check.ok ? 'ok' : check.code;
};

/** An entry as a hostile client would make it: with the right hash for whatever it contains. */
const forged = (change: Partial<EntryBody>): unknown => makeEntry(stream, body(change));

describe('entry', () => {
  test('[LE1] [LE8] id and revision follow from the body', () => {
    const entry = makeEntry(stream, body());
    const id = parseEntryId(entry._id);
    expect(id).toMatchObject({ scope: 'register', period: '2026-11', kind: 'attendance' });
    expect(entry._rev).toBe(`1-${id?.hash}`);
    expect(entry._id).toBe('register:2026-11:attendance:' + id?.hash);
    expect(codeOf(entry)).toBe('ok');
  });

  test('[LE1] the hash of a known body never changes', () => {
    expect(makeEntry(stream, body())._rev).toMatchInlineSnapshot(`"1-009d3b3925dcb4391fe161fbfb9222f6"`);
  });

  test('[LE2] canonical JSON does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(record));
        expect(JSON.parse(canonicalJson(record))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
    expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
    expect(() => canonicalJson(Number.NaN)).toThrow();
  });

  test('[LE3] a change of any field is refused', () => {
    const entry = makeEntry(stream, body({ group: 'g1' }));
    const changes: Record<string, unknown> = {
      salt: 'f'.repeat(32),
      on: '2026-11-19',
      group: 'g2',
      madeAt: 1,
      by: 'teacher-2',
      device: 'tablet-2',
      cells: [{ key: 'pupil-1/2026-11-20', value: { mark: 'sick' }, over: [] }],
    };
    for (const [field, value] of Object.entries(changes)) {
      expect(codeOf({ ...entry, [field]: value }), field).toBe('hashMismatch');
    }
    expect(codeOf({ ...entry, extra: 1 })).toBe('malformed');
  });

  test('[LE3] an entry of one school is refused in another', () => {
    expect(codeOf(makeEntry(stream, body()), otherSchool)).toBe('hashMismatch');
  });

  test('[LE1] another revision than the id names is refused', () => {
    const entry = makeEntry(stream, body());
    expect(codeOf({ ...entry, _rev: `1-${'0'.repeat(32)}` })).toBe('wrongRevision');
    expect(codeOf({ ...entry, _rev: entry._rev.replace('1-', '2-') })).toBe('wrongRevision');
  });

  test('[LE4] a signature and a stamp change nothing', () => {
    const entry = makeEntry(stream, body());
    const received = { at: 5, by: 'teacher-1', device: 'tablet-1', n: 1, mac: 'a'.repeat(32) };
    expect(codeOf({ ...entry, sig: 'abc', received })).toBe('ok');
  });

  test('[LE5] too many cells, too long texts and too large entries are refused', () => {
    const cells = (count: number, note?: string) =>
      Array.from({ length: count }, (_, i) => ({
        key: `pupil-${i}/2026-11-20`,
        value: note ? { mark: 'present', note } : { mark: 'present' },
        over: [],
      }));
    expect(codeOf(forged({ cells: cells(400) }))).toBe('ok');
    expect(codeOf(forged({ cells: cells(401) }))).toBe('malformed');
    expect(codeOf(forged({ cells: cells(1, 'あ'.repeat(200)) }))).toBe('ok');
    expect(codeOf(forged({ cells: cells(1, 'あ'.repeat(201)) }))).toBe('badValue');
    expect(codeOf(forged({ cells: cells(400, 'あ'.repeat(150)) }))).toBe('tooLarge');
  });

  test('[LE6] keys belong to their kind and day', () => {
    const cell = (key: string) => [{ key, value: { mark: 'present' }, over: [] }];
    expect(codeOf(forged({ cells: cell('pupil-1/2026-11-19') }))).toBe('badCellKey');
    expect(codeOf(forged({ cells: cell('pupil-1/2026-11-20/3') }))).toBe('ok');
    expect(codeOf(forged({ cells: cell('pupil-1/2026-11-20/0') }))).toBe('badCellKey');
    expect(codeOf(forged({ cells: cell('homeroom/1') }))).toBe('badCellKey');
    expect(codeOf(forged({ cells: cell('../2026-11-20') }))).toBe('badCellKey');
    const twice = [...cell('pupil-1/2026-11-20'), ...cell('pupil-1/2026-11-20')];
    expect(codeOf(forged({ cells: twice }))).toBe('badCellKey');
    expect(codeOf(forged({ on: calendarDate('2026-11-20'), cells: [] }))).toBe('malformed');
  });

  test('[LE6] a value is what its kind allows', () => {
    const cell = (value: unknown) => [{ key: 'pupil-1/2026-11-20', value: value as never, over: [] }];
    expect(codeOf(forged({ cells: cell(null) }))).toBe('ok');
    expect(codeOf(forged({ cells: cell({ mark: 'present', grade: 5 }) }))).toBe('badValue');
    expect(codeOf(forged({ cells: cell('present') }))).toBe('badValue');
  });

  test('[LE7] over is short, distinct, of the same kind and never itself', () => {
    const id = (kind: string, i: number) => `register:2026-11:${kind}:${i.toString(16).padStart(32, '0')}`;
    const over = (ids: string[]) => [{ key: 'pupil-1/2026-11-20', value: null, over: ids }];
    const many = (count: number) => Array.from({ length: count }, (_, i) => id('attendance', i));
    expect(codeOf(forged({ cells: over(many(16)) }))).toBe('ok');
    expect(codeOf(forged({ cells: over(many(17)) }))).toBe('malformed');
    expect(codeOf(forged({ cells: over([id('closing', 1)]) }))).toBe('badOver');
    expect(codeOf(forged({ cells: over([id('attendance', 1), id('attendance', 1)]) }))).toBe('badOver');
    expect(codeOf(forged({ cells: over(['register']) }))).toBe('badOver');
  });

  test('[LE8] an id of another month or kind is refused', () => {
    const entry = makeEntry(stream, body());
    expect(codeOf({ ...entry, _id: entry._id.replace('2026-11', '2026-12') })).toBe('wrongPeriod');
    expect(codeOf({ ...entry, _id: entry._id.replace('2026-11', '2026-00') })).toBe('wrongPeriod');
    expect(codeOf({ ...entry, _id: entry._id.replace('attendance', 'closing') })).toBe('wrongPeriod');
    const standing = makeEntry(
      stream,
      body({
        kind: 'homeroom',
        on: calendarDate('2027-02-01'),
        cells: [{ key: 'homeroom/1', value: null, over: [] }],
      }),
    );
    expect(parseEntryId(standing._id)?.period).toBe('2026-00');
  });

  test('[LE9] newer versions and unknown kinds are refused', () => {
    expect(codeOf(forged({ v: 2 }))).toBe('unknownVersion');
    const entry = makeEntry(stream, body());
    expect(codeOf({ ...entry, kind: 'lunch' })).toBe('hashMismatch');
    expect(() => makeEntry(stream, body({ kind: 'lunch' }))).toThrow();
  });

  test('[LE5] a value nested without end is refused, not followed', () => {
    const depth = 30_000;
    const value: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    const entry = makeEntry(stream, body());
    expect(codeOf({ ...entry, cells: [{ key: 'pupil-1/2026-11-20', value, over: [] }] })).toBe('malformed');
  });

  test('[LE3] whatever is thrown at the check gets a verdict, never an exception', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (input) => {
        expect(codeOf(input)).toBe('malformed');
      }),
      { numRuns: 500 },
    );
  });
});
