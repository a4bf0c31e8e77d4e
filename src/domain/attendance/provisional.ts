import type { AttendanceCell, AttendanceWrite } from './attendance.ts';
import type { MarkDefinition, MarkTable } from './marks.ts';

/** What a pupil's day says, given every value nobody has replaced. */
export type ResolvedDay =
  /** Nobody has marked the day, or every mark was taken back. */
  | { readonly state: 'unmarked' }
  /** One value, or several writers in agreement: `write` is one of theirs. */
  | { readonly state: 'single'; readonly write: AttendanceWrite; readonly mark: MarkDefinition }
  /** Values in disagreement. `provisional` is shown and counted until somebody decides; `writes` has it first. */
  | {
      readonly state: 'conflict';
      readonly provisional: AttendanceWrite;
      readonly mark: MarkDefinition;
      readonly writes: readonly AttendanceWrite[];
    }
  /** A value carries a code the mark table does not hold: shown as it is, counted as unmarked. */
  | { readonly state: 'unreadable'; readonly writes: readonly AttendanceWrite[] };

const UNMARKED: ResolvedDay = { state: 'unmarked' };

/**
 * Resolves a day by the values alone: no writer's clock and no order of arrival decides. The highest precedence is
 * provisional, among equals the smallest entry id; a mark taken back ranks below every mark.
 */
export function resolveDay(cell: AttendanceCell | undefined, marks: MarkTable): ResolvedDay {
  if (!cell || cell.heads.every((write) => write.mark === null)) return UNMARKED;

  const writes = [...cell.heads].sort(
    (a, b) => rankOf(b, marks) - rankOf(a, marks) || (a.entryId < b.entryId ? -1 : 1),
  );
  if (writes.some((write) => write.mark !== null && !marks.has(write.mark)))
    return { state: 'unreadable', writes };

  const [first] = writes;
  const mark = first && first.mark !== null ? marks.get(first.mark) : undefined;
  if (!first || !mark) return UNMARKED;
  if (writes.every((write) => saysTheSame(write, first))) return { state: 'single', write: first, mark };
  return { state: 'conflict', provisional: first, mark, writes };
}

function rankOf(write: AttendanceWrite, marks: MarkTable): number {
  return write.mark === null ? -Infinity : (marks.get(write.mark)?.precedence ?? Infinity);
}

function saysTheSame(a: AttendanceWrite, b: AttendanceWrite): boolean {
  return a.mark === b.mark && (a.note ?? '') === (b.note ?? '');
}
