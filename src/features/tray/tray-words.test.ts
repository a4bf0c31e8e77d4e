import { describe, expect, it } from 'vitest';
import { presentWords, reasonOf, subjectOf, valueWords } from './tray-words.ts';

const cell = (more: object) => ({ key: 's1/2026-06-10', value: null, pupil: null, present: [], ...more });

describe('a row of the tray in words', () => {
  it.each([
    [{ mark: 'sick' }, 'attendance', '病欠'],
    [{ mark: 'late', note: '電車の遅れ' }, 'attendance', '遅刻　備考：電車の遅れ'],
    [null, 'attendance', '印なし'],
    [{ mark: 'unheardOf' }, 'attendance', 'unheardOf'],
    ['odd', 'attendance', 'odd'],
    [{ title: '1年1組', gradeLevels: ['P1'], specialNeeds: false }, 'homeroom', '1年1組、P1'],
    [null, 'enrollment', '印なし'],
  ])('%j of kind %s is "%s"', (value, kind, words) => {
    expect(valueWords(value, kind)).toBe(words);
  });

  it('names the pupil by homeroom and number, and says where there is none', () => {
    const pupil = { name: '雨野 児童1', homeroom: '1年1組', rosterNumber: 3 };
    expect(subjectOf(cell({ pupil }), 'attendance')).toBe('1年1組　3番 雨野 児童1');
    expect(subjectOf(cell({ pupil: { ...pupil, rosterNumber: null } }), 'attendance')).toBe(
      '1年1組　雨野 児童1',
    );
    expect(subjectOf(cell({}), 'attendance')).toBe('名簿にいない人');
    expect(subjectOf(cell({ key: 'day/2026-06-10' }), 'calendar')).toBe('day/2026-06-10');
  });

  it('says what the register shows, with who wrote it, all of a disagreement', () => {
    const present = [
      { value: { mark: 'present' }, by: '山田', madeAt: 1 },
      { value: { mark: 'late' }, by: '鈴木', madeAt: 2 },
    ];
    expect(presentWords(cell({ present }), 'attendance')).toBe('出席（山田）、遅刻（鈴木）');
    expect(presentWords(cell({}), 'attendance')).toBe('印はありません');
  });

  it('gives a reason for every code, an unknown one by its name', () => {
    expect(reasonOf({ state: 'waiting', code: 'rightEnded' })).toBe('書いた人の権限が終わっています。');
    expect(reasonOf({ state: 'held', code: 'unknownOver' })).toContain('端末で待っています');
    expect(reasonOf({ state: 'waiting', code: 'brandNew' })).toContain('brandNew');
  });
});
