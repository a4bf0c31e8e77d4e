import type { RegisterProblem } from '#domain/attendance/register-problems.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';

/** A line of the list: a problem of its own, or a day on which nearly nobody is marked. */
export type ProblemLine =
  | { readonly kind: 'problem'; readonly problem: RegisterProblem }
  | { readonly kind: 'unmarkedDay'; readonly date: CalendarDate; readonly count: number };

/** From here on pupils without a mark are a roll that was not taken, and not each a question of its own. */
const MANY = 4;

/** Days whose roll was not taken come first, as one line each. */
export function problemLines(problems: readonly RegisterProblem[]): readonly ProblemLine[] {
  const unmarked = new Map<CalendarDate, number>();
  for (const problem of problems) {
    if (problem.code === 'unmarkedDay') unmarked.set(problem.date, (unmarked.get(problem.date) ?? 0) + 1);
  }
  const days = [...unmarked].filter(([, count]) => count >= MANY).sort(([a], [b]) => (a < b ? -1 : 1));
  const grouped = new Set(days.map(([date]) => date));
  return [
    ...days.map(([date, count]): ProblemLine => ({ kind: 'unmarkedDay', date, count })),
    ...problems
      .filter((problem) => problem.code !== 'unmarkedDay' || !grouped.has(problem.date))
      .map((problem): ProblemLine => ({ kind: 'problem', problem })),
  ];
}
