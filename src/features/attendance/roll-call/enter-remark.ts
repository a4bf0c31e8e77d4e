import { paintedFor, type RemarkPlace } from '#features/attendance/pupil-day/remark-draft.ts';
import type { RollCallBook } from '#features/attendance/roll-call/roll-call-book.svelte.ts';

/**
 * When a person leaves a pupil's day: the remark becomes part of the record where one mark is there to bear it and
 * the person may write; else it stays a draft. Returns whether it was entered.
 */
export function enterRemark(book: RollCallBook, place: RemarkPlace): boolean {
  const { remarks } = book;
  const draft = remarks.find(place);
  const rollCall = book.find(place.homeroomId, place.date);
  const row = rollCall?.rows.find((each) => each.studentId === place.studentId);
  if (!draft || !row || !rollCall?.view?.canWrite || !remarks.isOpen) return false;
  const shown = rollCall.shown(row);
  if (shown.note === draft.text) {
    // On its way it is dropped when it has become durable.
    if (shown.saving === 'settled') void remarks.drop(place);
    return false;
  }
  if (shown.state !== 'single' || shown.mark === null) return false;
  rollCall.mark(place.studentId, shown.mark, draft.text, paintedFor(draft, row.day, book.personId));
  return true;
}
