import type { GradeLevel } from '#domain/roster/roster.ts';
import { pupilMessages as m } from '#features/pupil/messages.ts';

/** A 学年 in words. */
export function gradeName(gradeLevel: GradeLevel): string {
  return m.grade(gradeLevel.startsWith('P') ? 'P' : 'J', Number(gradeLevel.slice(1)));
}
