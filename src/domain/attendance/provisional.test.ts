import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMarks } from './default-marks.ts';
import { resolveDay } from './provisional.ts';
import { sampleCell, sampleWrite } from './testing/sample-school.ts';

const resolve = (...heads: Parameters<typeof sampleCell>) => resolveDay(sampleCell(...heads), defaultMarks);

describe('a day with several values', () => {
  it('[AT20] keeps both and is a conflict (day-one case 6)', () => {
    // The guardian's notice, transcribed by the office, was made first and arrives last.
    const teacher = sampleWrite('sick', 'e1', { madeAt: 830, receivedAt: 900 });
    const office = sampleWrite('bereavement', 'e2', { by: 'office', madeAt: 820, receivedAt: 910 });
    expect(resolve(teacher, office)).toMatchObject({ state: 'conflict', writes: [office, teacher] });
  });

  it('[AT21] shows the highest precedence, whatever the clocks say', () => {
    const mark = (code: string, entryId: string, at: number) =>
      sampleWrite(code, entryId, { madeAt: at, receivedAt: at });
    for (const at of [1, 2, 3]) {
      const resolved = resolve(
        mark('sick', 'e1', 2),
        mark('suspendedInfection', 'e2', at),
        mark('late', 'e3', 2),
      );
      expect(resolved).toMatchObject({ state: 'conflict', provisional: { entryId: 'e2' } });
    }
  });

  it('[AT21] breaks a tie by the smallest entry id', () => {
    const a = sampleWrite('sick', 'e1', { note: '熱' });
    const b = sampleWrite('sick', 'e0', { note: '腹痛' });
    expect(resolve(a, b)).toMatchObject({ state: 'conflict', provisional: b, writes: [b, a] });
  });

  it('[AT21] gives the same answer for every order of arrival', () => {
    const codes = [...defaultMarks.keys(), null];
    const writes = fc.uniqueArray(
      fc
        .record({ code: fc.constantFrom(...codes), id: fc.nat(99), at: fc.nat(5) })
        .map(({ code, id, at }) => sampleWrite(code, `e${id}`, { madeAt: at, receivedAt: at })),
      { selector: (write) => write.entryId, maxLength: 5 },
    );
    fc.assert(
      fc.property(writes, (heads) => {
        expect(resolve(...heads.toReversed())).toEqual(resolve(...heads));
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  it('[AT22] is agreed when mark and note are the same', () => {
    const a = sampleWrite('sick', 'e2', { by: 'a', note: '' });
    const b = sampleWrite('sick', 'e1', { by: 'b' });
    expect(resolve(a, b)).toMatchObject({ state: 'single', write: b, mark: { code: 'sick' } });
  });

  it('[AT23] is a conflict when a mark was taken back and another stands', () => {
    const present = sampleWrite('present', 'e2');
    expect(resolve(sampleWrite(null, 'e1'), present)).toMatchObject({
      state: 'conflict',
      provisional: present,
    });
  });

  it('[AT23] is unmarked when every mark was taken back, or none was made', () => {
    expect(resolve(sampleWrite(null, 'e1'), sampleWrite(null, 'e2'))).toEqual({ state: 'unmarked' });
    expect(resolve()).toEqual({ state: 'unmarked' });
    expect(resolveDay(undefined, defaultMarks)).toEqual({ state: 'unmarked' });
  });

  it('[AT24] is unreadable with one unknown code, beside others too', () => {
    expect(resolve(sampleWrite('future', 'e1')).state).toBe('unreadable');
    expect(resolve(sampleWrite('sick', 'e1'), sampleWrite('future', 'e2')).state).toBe('unreadable');
  });
});
