import { describe, expect, it } from 'vitest';
import { defaultMarks } from './default-marks.ts';

const byPrecedence = [...defaultMarks.values()]
  .sort((a, b) => b.precedence - a.precedence)
  .map((mark) => mark.code);

describe('the default marks', () => {
  it('[AT25] rank decisions above what is seen, and the graver above the lighter', () => {
    expect(byPrecedence).toEqual([
      'suspendedInfection',
      'suspendedMisconduct',
      'disaster',
      'bereavement',
      'credited',
      'sick',
      'other',
      'lateAndEarly',
      'late',
      'earlyDeparture',
      'present',
    ]);
  });

  it('[AT25] have unique codes, orders and precedences, with presence first', () => {
    const marks = [...defaultMarks.values()];
    expect(new Set(marks.map((mark) => mark.precedence)).size).toBe(marks.length);
    expect(marks.map((mark) => mark.order)).toEqual(marks.map((_, index) => index));
    for (const [code, mark] of defaultMarks) expect(mark.code).toBe(code);
    expect(marks[0]).toMatchObject({ code: 'present', symbol: '' });
  });

  it('[AT2] exclude by infection, misconduct, bereavement and disaster', () => {
    const excluded = [...defaultMarks.values()].filter((mark) => mark.counts.as === 'excluded');
    expect(excluded.map((mark) => mark.counts.reason)).toEqual([
      'infectiousDisease',
      'bereavement',
      'disaster',
      'misconduct',
    ]);
  });
});
