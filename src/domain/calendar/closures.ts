import type { GradeLevel, Homeroom } from '../roster/roster.ts';
import type { CalendarItem } from './school-calendar.ts';

/** The closure (臨時休業, 学校保健安全法20条) of this homeroom among the closures of a day. */
export function findHomeroomClosure(
  closures: readonly CalendarItem[],
  homeroomId: string,
): CalendarItem | undefined {
  return closures.find((item) => item.scope.kind === 'homeroom' && item.scope.homeroomId === homeroomId);
}

/**
 * Finds homeroom closures of a day which together take a whole grade level: all its ordinary homerooms, often
 * only one, are closed. Special-needs homerooms decide only where a grade level has no ordinary homeroom.
 * Gives one of those closures.
 */
export function findClosureOfAllHomerooms(
  closures: readonly CalendarItem[],
  homerooms: ReadonlyMap<string, Homeroom>,
  gradeLevel: GradeLevel,
): CalendarItem | undefined {
  const ofGradeLevel = [...homerooms.values()].filter((homeroom) =>
    homeroom.gradeLevels.includes(gradeLevel),
  );
  const ordinary = ofGradeLevel.filter((homeroom) => !homeroom.specialNeeds);
  const deciding = ordinary.length > 0 ? ordinary : ofGradeLevel;
  const found = deciding.map((homeroom) => findHomeroomClosure(closures, homeroom.id));
  return found.includes(undefined) ? undefined : found[0];
}
