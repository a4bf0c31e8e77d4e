import type { Remark } from '#domain/attendance/remarks.ts';
import { exclusionName, registerMessages as m } from '#features/attendance/register/messages.ts';

/** A line of 備考 as it is written: month and day by figures alone, because the page names the year. */
export function remarkText(remark: Remark): string {
  switch (remark.kind) {
    case 'began':
      return m[`began_${remark.by}`](monthAndDay(remark.date));
    case 'ended':
      return m[`ended_${remark.by}`](monthAndDay(remark.date));
    case 'credited':
      return m.credited(monthAndDay(remark.date), bracketed(remark.note ? [remark.note] : []));
    case 'excluded':
      return m.excluded(exclusionName(remark.reason), remark.dayCount, bracketed(remark.notes));
  }
}

export function isMove(remark: Remark): boolean {
  return remark.kind === 'began' || remark.kind === 'ended';
}

function bracketed(notes: readonly string[]): string {
  return notes.length === 0 ? '' : m.inBrackets(notes.join('・'));
}

function monthAndDay(date: string): string {
  return `${Number(date.slice(5, 7))}/${Number(date.slice(8, 10))}`;
}
