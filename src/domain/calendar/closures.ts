import type { GradeLevel, Homeroom } from '../roster/roster.ts';
import type { CalendarItem } from './school-calendar.ts';

/** Whether one of the closures (臨時休業, 学校保健安全法20条) of a day names this homeroom. */
export function isHomeroomClosed(closures: readonly CalendarItem[], homeroomId: string): boolean {
  return closures.some((item) => item.scope.kind === 'homeroom' && item.scope.homeroomId === homeroomId);
}

/**
 * Whether homeroom closures of a day together take a whole grade level: all its ordinary homerooms, often only
 * one, are closed. Special-needs homerooms decide only where a grade level has no ordinary homeroom.
 */
export function isWholeGradeLevelClosed(
  closures: readonly CalendarItem[],
  homerooms: ReadonlyMap<string, Homeroom>,
  gradeLevel: GradeLevel,
): boolean {
  const ofGradeLevel = [...homerooms.values()].filter((homeroom) => homeroom.gradeLevels.includes(gradeLevel));
  const ordinary = ofGradeLevel.filter((homeroom) => !homeroom.specialNeeds);
  const deciding = ordinary.length > 0 ? ordinary : ofGradeLevel;
  return deciding.length > 0 && deciding.every((homeroom) => isHomeroomClosed(closures, homeroom.id));
}
