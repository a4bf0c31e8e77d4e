import type { Draft } from '#device/drafts.ts';
import type { DayView } from '#device/views.ts';
import { parseCalendarDate, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import type { Json } from '#ledger/canonical.ts';
import { parseEntryId, type EntryId } from '#ledger/entry-id.ts';
import { attendanceKey } from '#ledger/kinds.ts';

/** Whose day a remark is about. */
export interface RemarkPlace {
  readonly homeroomId: string;
  readonly studentId: string;
  readonly date: CalendarDate;
}

/** A remark that is typed and not yet part of the record. */
export interface RemarkDraft extends RemarkPlace {
  readonly text: string;
  /** The heads that were painted when the person began. */
  readonly painted: readonly EntryId[];
}

export function remarkKey({ studentId, date }: RemarkPlace): string {
  return `remark/${attendanceKey(studentId, date)}`;
}

export function draftValue({ homeroomId, studentId, date, text, painted }: RemarkDraft): Json {
  return { homeroomId, studentId, date, text, painted };
}

/** Null where it is no remark, or one whose words and key name different days. */
export function parseRemarkDraft({ key, value }: Draft): RemarkDraft | null {
  if (typeof value !== 'object' || value === null) return null;
  const { homeroomId, studentId, date: day, text, painted } = value as Readonly<Record<string, unknown>>;
  const date = parseCalendarDate(day);
  if (typeof homeroomId !== 'string' || typeof studentId !== 'string' || typeof text !== 'string')
    return null;
  if (date === null || !isListOfIds(painted)) return null;
  const draft = { homeroomId, studentId, date, text, painted };
  return remarkKey(draft) === key ? draft : null;
}

function isListOfIds(value: unknown): value is readonly EntryId[] {
  return Array.isArray(value) && value.every((id) => parseEntryId(id) !== null);
}

/** Whether somebody else has said something about the day since the remark was begun. */
export function hasNewsSince({ painted }: RemarkDraft, day: DayView, personId: string): boolean {
  return day.open.some((write) => write.byId !== personId && !painted.includes(write.entryId));
}

/**
 * What an entry of this remark replaces: all that is painted where nobody else has spoken since; else what was
 * painted then, and the person's own writes. The rest stays beside it as a disagreement.
 */
export function paintedFor(draft: RemarkDraft, day: DayView, personId: string): readonly EntryId[] {
  if (!hasNewsSince(draft, day, personId)) return day.painted;
  const own = day.open.filter((write) => write.byId === personId).map((write) => write.entryId);
  return [...new Set([...draft.painted, ...own])];
}
