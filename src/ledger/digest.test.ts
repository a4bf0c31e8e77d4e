import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { addToDigest, EMPTY_DIGEST, sumDigests, takeFromDigest } from './digest.ts';
import { makeEntry } from './entry.ts';
import { digestHash, eraseEntry } from './erasure.ts';
import { registerStream } from './stream.ts';

const hash = fc.stringMatching(/^[0-9a-f]{32}$/);

test('[LE19] order and split do not matter', () => {
  fc.assert(
    fc.property(fc.array(hash), fc.nat(), (hashes, at) => {
      const whole = addToDigest(EMPTY_DIGEST, hashes);
      expect(addToDigest(EMPTY_DIGEST, [...hashes].reverse())).toBe(whole);
      const cut = hashes.length === 0 ? 0 : at % hashes.length;
      const halves = [hashes.slice(0, cut), hashes.slice(cut)].map((half) => addToDigest(EMPTY_DIGEST, half));
      expect(sumDigests(halves)).toBe(whole);
      expect(whole).toMatch(/^[0-9a-f]{32}$/);
    }),
  );
});

test('[LE19] taking out what was put in restores the digest', () => {
  fc.assert(
    fc.property(fc.array(hash), hash, (hashes, extra) => {
      const before = addToDigest(EMPTY_DIGEST, hashes);
      expect(takeFromDigest(addToDigest(before, [extra]), extra)).toBe(before);
    }),
  );
});

test('[LE20] an erasure counts differently from what it erased', () => {
  const entry = makeEntry(registerStream('B112210006821', 2026), {
    v: 1,
    kind: 'attendance',
    salt: 'a'.repeat(32),
    on: calendarDate('2026-11-20'),
    madeAt: 1,
    by: 't',
    device: 'd',
    cells: [{ key: 'p/2026-11-20', value: { mark: 'sick' }, over: [] }],
  });
  const erased = eraseEntry(entry, 'principal', 2, '誤記');
  expect(digestHash(erased)).not.toBe(digestHash(entry));
  expect(erased._rev).toBe(`2-${digestHash(erased)}`);
});
