import type { PupilDay } from '#domain/attendance/pupil-day.ts';
import type { RegisterDay } from '#domain/attendance/month-register.ts';
import { isSchoolDay } from '#domain/calendar/day-kind.ts';
import { markName } from '#features/attendance/pupil-day/mark-look.ts';
import { registerMessages as m } from '#features/attendance/register/messages.ts';

/** What a cell of the register shows. */
export interface RegisterCell {
  readonly text: string;
  /** In words, for those who hear it; empty where there is nothing to say. */
  readonly words: string;
  readonly corrected: boolean;
  readonly state: 'plain' | 'unmarked' | 'conflict' | 'unreadable' | 'outside';
}

const EMPTY: RegisterCell = { text: '', words: '', corrected: false, state: 'plain' };
const OUTSIDE: RegisterCell = { ...EMPTY, state: 'outside' };

export function registerCell(day: PupilDay): RegisterCell {
  const { resolved } = day;
  const corrected = day.replaced.length > 0;
  if (!day.enrolled && resolved.state === 'unmarked') return OUTSIDE;
  switch (resolved.state) {
    case 'unmarked':
      if (!day.isDue || day.kind === 'homeroomClosure') return corrected ? { ...EMPTY, corrected } : EMPTY;
      return { text: m.unmarkedSign, words: m.unmarked, corrected, state: 'unmarked' };
    case 'unreadable':
      return { text: m.unreadableSign, words: m.unreadable, corrected, state: 'unreadable' };
    case 'conflict':
      return {
        text: resolved.mark.symbol,
        words: `${markName(resolved.mark)} ${m.conflict}`,
        corrected,
        state: 'conflict',
      };
    case 'single':
      return { text: resolved.mark.symbol, words: markName(resolved.mark), corrected, state: 'plain' };
  }
}

/** How a column is shaded: a day without school, a closure of the homeroom, a Saturday or Sunday. */
export function columnShade(day: RegisterDay): 'school' | 'off' | 'closed' {
  if (day.kind === 'homeroomClosure') return 'closed';
  return isSchoolDay(day.kind) ? 'school' : 'off';
}
