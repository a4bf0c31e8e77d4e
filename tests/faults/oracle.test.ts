import { expect, test } from 'vitest';
import { Hung, Oracle } from './oracle.mjs';
import { readDay, readShell, readTile } from './screen-words.mjs';

const day = '11月20日(金)';
const cell = 'p-1/2026-11-20';
const label = (words: string) => `5番 天水 ひかり（あまみず ひかり） ${words}`;
const newOracle = () => new Oracle({ schoolYear: 2026 });
const tiles = (words: string) => ({
  kind: 'tiles' as const,
  day,
  tiles: [['p-1', label(words)]] as [string, string][],
});

test('a tile is read as it is painted', () => {
  expect(readTile(label('未確認'))).toMatchObject({ mark: null, delivery: null });
  expect(readTile(label('病欠 保存しています'))).toMatchObject({
    mark: 'sick',
    saving: true,
    delivery: null,
  });
  expect(readTile(label('病欠 この端末に保存。学校へは送信待ち'))).toMatchObject({ delivery: 'device' });
  expect(readTile(label('出席停止(感染症) 食い違い 学校に届きました'))).toMatchObject({
    mark: 'suspendedInfection',
    conflict: true,
    delivery: 'school',
  });
  expect(readTile(label('何か'))).toBeNull();
});

test('days and the shell are read as they are written', () => {
  expect(readDay(day, 2026)).toBe('2026-11-20');
  expect(readDay('3月24日(水)', 2026)).toBe('2027-03-24');
  expect(readDay('', 2026)).toBeNull();
  expect(readShell('すべて学校に届きました')).toEqual({ state: 'sent', count: 0 });
  expect(readShell('送信待ち 3件')).toEqual({ state: 'waiting', count: 3 });
  expect(readShell('受け取られなかった記録 1件')).toEqual({ state: 'refused', count: 1 });
  expect(readShell('圏外・この端末に保存').state).toBe('unknown');
});

test('an action is saved when the screen says so, and not before', async () => {
  const oracle = newOracle();
  const action = oracle.enter('a', [{ cell, mark: 'sick' }]);
  oracle.hear('a', { kind: 'tap', day, student: 'p-1', label: label('出席 学校に届きました') });
  oracle.hear('a', tiles('病欠 保存しています'));
  expect(action.saved.size).toBe(0);
  oracle.hear('a', tiles('病欠 この端末に保存。学校へは送信待ち'));
  await oracle.untilSaved(action);
  expect(oracle.arrivals).toEqual([]);
  oracle.hear('a', tiles('病欠 学校に届きました'));
  expect(oracle.arrivals).toMatchObject([{ cell, mark: 'sick' }]);
  expect(action.seen.get(cell)).toEqual({ mark: 'present', conflict: false });
});

test('a mark that comes to stand in a conflict is saved though the tile names another', async () => {
  const oracle = newOracle();
  const action = oracle.enter('a', [{ cell, mark: 'late' }]);
  oracle.hear('a', tiles('病欠 食い違い 学校に届きました'));
  expect(action.saved.size).toBe(0);
  oracle.hear('a', tiles('遅刻 保存しています'));
  oracle.hear('a', tiles('病欠 食い違い 学校に届きました'));
  await oracle.untilSaved(action);
});

test('what the screen could not save, and what does not come, ends the wait', async () => {
  const oracle = newOracle();
  const action = oracle.enter('a', [{ cell, mark: 'sick' }]);
  await expect(oracle.until('never', () => false, 10)).rejects.toThrow(Hung);
  oracle.hear('a', tiles('病欠 保存できていません'));
  await expect(oracle.untilSaved(action)).rejects.toThrow('could not save');
});

test('one mark twice for one pupil and day could not be told apart', () => {
  const oracle = newOracle();
  oracle.enter('a', [{ cell, mark: 'sick' }]);
  expect(oracle.isFree(cell, 'sick')).toBe(false);
  expect(() => oracle.enter('b', [{ cell, mark: 'sick' }])).toThrow();
});
