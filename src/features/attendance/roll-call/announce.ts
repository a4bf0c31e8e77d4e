import { findMark } from '#features/attendance/pupil-day/mark-of-write.ts';
import { markName } from '#features/attendance/pupil-day/mark-look.ts';
import type { RemarkPlace } from '#features/attendance/pupil-day/remark-draft.ts';
import { pupilName } from '#features/attendance/pupil-day/pupil-name.ts';
import { rollCallMessages as m } from '#features/attendance/roll-call/messages.ts';
import { enterRemark } from '#features/attendance/roll-call/enter-remark.ts';
import type { RollCallBook } from '#features/attendance/roll-call/roll-call-book.svelte.ts';
import type { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';
import type { EntryId } from '#ledger/entry-id.ts';
import { toasts } from '#ui/toasts.svelte.ts';

/** 全員出席, said aloud, with one tap to take it back. */
export function takeRoll(rollCall: RollCall): void {
  const count = rollCall.markRestPresent();
  if (count > 0) offerUndo(rollCall, m.saved(count));
}

/**
 * One pupil's mark, said aloud, with one tap to take it back. `painted` is for what was begun earlier: the heads that
 * were painted then.
 */
export function markPupil(
  rollCall: RollCall,
  studentId: string,
  code: string | null,
  note: string,
  painted?: readonly EntryId[],
): void {
  const row = rollCall.rows.find((each) => each.studentId === studentId);
  const marks = rollCall.view?.marks ?? [];
  const mark = findMark(marks, code);
  if (!row) return;
  rollCall.mark(studentId, code, note, painted);
  offerUndo(rollCall, mark ? m.markedOne(pupilName(row), markName(mark)) : m.takenBackOne(pupilName(row)));
}

/** A remark that was left in its field, entered and said aloud. */
export function leaveRemark(book: RollCallBook, place: RemarkPlace): void {
  const rollCall = book.find(place.homeroomId, place.date);
  const row = rollCall?.rows.find((each) => each.studentId === place.studentId);
  if (rollCall && row && enterRemark(book, place)) offerUndo(rollCall, m.remarkEntered(pupilName(row)));
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
