import { findMark } from '#features/attendance/pupil-day/mark-of-write.ts';
import { markName } from '#features/attendance/pupil-day/mark-look.ts';
import { pupilName } from '#features/attendance/pupil-day/pupil-name.ts';
import { rollCallMessages as m } from '#features/attendance/roll-call/messages.ts';
import type { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';
import { toasts } from '#ui/toasts.svelte.ts';

/** 全員出席, said aloud, with one tap to take it back. */
export function takeRoll(rollCall: RollCall): void {
  const count = rollCall.markRestPresent();
  if (count > 0) offerUndo(rollCall, m.saved(count));
}

/** One pupil's mark, said aloud, with one tap to take it back. */
export function markPupil(rollCall: RollCall, studentId: string, code: string | null, note: string): void {
  const row = rollCall.rows.find((each) => each.studentId === studentId);
  const marks = rollCall.view?.marks ?? [];
  const mark = findMark(marks, code);
  if (!row) return;
  rollCall.mark(studentId, code, note);
  offerUndo(rollCall, mark ? m.markedOne(pupilName(row), markName(mark)) : m.takenBackOne(pupilName(row)));
}

function offerUndo(rollCall: RollCall, message: string): void {
  const undo = {
    label: m.undo,
    onclick: () => {
      rollCall.undo();
      toasts.show(m.undone, { tone: 'info' });
    },
  };
  toasts.show(message, rollCall.canUndo ? { action: undo } : {});
}
