import type { WriteView } from '#device/views.ts';
import type { MarkDefinition } from '#domain/attendance/marks.ts';
import { dayMessages } from '#features/attendance/pupil-day/messages.ts';
import { markName } from '#features/attendance/pupil-day/mark-look.ts';

export function findMark(marks: readonly MarkDefinition[], code: string | null): MarkDefinition | undefined {
  return marks.find((mark) => mark.code === code);
}

/** What a value says, in words, whatever it is. */
export function wordOfWrite(marks: readonly MarkDefinition[], write: Pick<WriteView, 'mark'>): string {
  if (write.mark === null) return dayMessages.takenBack;
  const mark = findMark(marks, write.mark);
  return mark ? markName(mark) : dayMessages.unreadable;
}
