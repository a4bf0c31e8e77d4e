import { describe, expect, it } from 'vitest';
import { eraseEntry } from '../../ledger/erasure.ts';
import { attendance, otherStream, pupilId, SCHOOL, stream } from '../testing/small-town.ts';
import { StampSeal } from './stamp.ts';

const seal = new StampSeal(new Uint8Array(32).fill(1));
const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
const received = seal.stamp(stream, entry._id, { at: 5, by: 'nurse', device: 'd', n: 3 });

describe('the seal', () => {
  it('[SY6] knows its own stamp', () => {
    expect(seal.isOurs(stream, entry._id, received)).toBe(true);
    expect(received.mac).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['another time', { ...received, at: 6 }],
    ['another person', { ...received, by: 'office' }],
    ['another device', { ...received, device: 'e' }],
    ['another place', { ...received, n: 4 }],
    ['another seal', { ...received, mac: received.mac.replace(/^./, (c) => (c === '0' ? '1' : '0')) }],
    ['a short seal', { ...received, mac: '' }],
  ])('[SY6] does not know a stamp with %s', (_, forged) => {
    expect(seal.isOurs(stream, entry._id, forged)).toBe(false);
  });

  it('[SY6] does not know it on another entry, in another stream, or under another key', () => {
    const other = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    expect(seal.isOurs(stream, other._id, received)).toBe(false);
    expect(seal.isOurs(otherStream, entry._id, received)).toBe(false);
    expect(new StampSeal(new Uint8Array(32)).isOurs(stream, entry._id, received)).toBe(false);
  });

  it('[SY6] covers all of an erasure', () => {
    const erased = seal.sealErasure(stream, eraseEntry({ ...entry, received }, 'principal', 9, '誤記'));
    expect(seal.isOurErasure(stream, erased)).toBe(true);
    expect(seal.isOurErasure(stream, { ...erased, why: 'x' })).toBe(false);
    expect(seal.isOurErasure(stream, { ...erased, received })).toBe(false);
    expect(seal.isOurErasure(otherStream, erased)).toBe(false);
  });
});
