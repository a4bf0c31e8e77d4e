import type { Sheet, TotalColumn } from './register-sheet.ts';

/** National holidays of the months the tests look at, by hand: 国民の祝日に関する法律. */
const HOLIDAYS: Readonly<Record<string, string>> = {
  '10-12': 'スポーツの日',
  '11-03': '文化の日',
  '11-23': '勤労感謝の日',
};

export type DayKind = 'school' | 'off' | 'closed';

export type Totals = Record<TotalColumn, number>;

/** What a day is, from the calendar on the wall and the words over its column. */
export function dayKind(date: string, words: string): DayKind {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6) {
    if (!words.endsWith('週休日')) throw new Error(`${date} is a weekend, and the sheet says ${words}`);
    return 'off';
  }
  const holiday = HOLIDAYS[date.slice(5)];
  if (holiday !== undefined) {
    if (!words.endsWith(holiday)) throw new Error(`${date} is ${holiday}, and the sheet says ${words}`);
    return 'off';
  }
  if (words.includes('学級閉鎖')) return 'closed';
  if (!words.endsWith('授業日')) throw new Error(`the test does not know what this is: ${words}`);
  return 'school';
}

export function dateOfColumn(month: string, index: number): string {
  return `${month}-${String(index + 1).padStart(2, '0')}`;
}

/** One pupil's sums, counted from the marks on the sheet as a clerk would (school-records 2a). */
export function recountRow(marks: readonly string[], kinds: readonly DayKind[], lastDue: number): Totals {
  const totals: Totals = {
    授業日数: 0,
    '出席停止・忌引等の日数': 0,
    出席しなければならない日数: 0,
    '欠席 病気': 0,
    '欠席 事故': 0,
    出席日数: 0,
    遅刻: 0,
    早退: 0,
  };
  marks.forEach((mark, index) => {
    const kind = kinds[index];
    if (kind === 'off' || index > lastDue) {
      if (mark !== '') throw new Error(`a mark (${mark}) in column ${index + 1}, on which nobody is due`);
      return;
    }
    totals.授業日数 += 1;
    if (kind === 'closed' || ['停', '忌', '災'].includes(mark)) {
      totals['出席停止・忌引等の日数'] += 1;
      return;
    }
    totals.出席しなければならない日数 += 1;
    if (mark === '病') totals['欠席 病気'] += 1;
    else if (mark === '事') totals['欠席 事故'] += 1;
    else if (['', '出', 'チ', '早', 'チ早'].includes(mark)) totals.出席日数 += 1;
    else if (mark !== '未') throw new Error(`the test does not know the mark ${mark}`);
    if (mark.includes('チ')) totals.遅刻 += 1;
    if (mark.includes('早')) totals.早退 += 1;
  });
  return totals;
}

/** The sums under the columns, counted from the same marks. */
export function recountColumn(marks: readonly string[], kind: DayKind): Record<string, number> {
  const count = (...signs: string[]): number => marks.filter((mark) => signs.includes(mark)).length;
  if (kind === 'off') return { 出席: 0, 欠席: 0, '出停・忌引等': 0, 遅刻: 0 };
  if (kind === 'closed') return { 出席: 0, 欠席: 0, '出停・忌引等': marks.length, 遅刻: 0 };
  return {
    出席: count('', '出', 'チ', '早', 'チ早'),
    欠席: count('病', '事'),
    '出停・忌引等': count('停', '忌', '災'),
    遅刻: count('チ', 'チ早'),
  };
}

export function kindsOf(sheet: Sheet, month: string): DayKind[] {
  return sheet.days.map((words, index) => dayKind(dateOfColumn(month, index), words));
}
