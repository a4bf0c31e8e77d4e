import type { DayView, RollCallView } from '#device/views.ts';
import { fieldsOf, type DayCounts } from '#domain/attendance/day-tally.ts';
import type { MarkDefinition } from '#domain/attendance/marks.ts';

/** What a pupil's day is counted by. */
type Counted = { readonly state: DayView['state']; readonly mark: string | null };

/** The device's count of the day with what this screen has just marked, which the device has not counted yet. */
export function tallyWithEdits(
  { tally, rows, marks }: RollCallView,
  edits: ReadonlyMap<string, { readonly mark: string | null }>,
): DayCounts {
  const counts = { ...tally };
  for (const { studentId, due, day } of rows) {
    const edit = edits.get(studentId);
    if (!edit || !due) continue;
    const before = { state: day.state, mark: day.shown?.mark ?? null };
    const after = { state: edit.mark === null ? 'unmarked' : 'single', mark: edit.mark } as const;
    for (const field of countedAs(before, marks)) counts[field] -= 1;
    for (const field of countedAs(after, marks)) counts[field] += 1;
  }
  return counts;
}

function countedAs({ state, mark }: Counted, marks: readonly MarkDefinition[]): (keyof DayCounts)[] {
  const definition = marks.find((each) => each.code === mark);
  if (state === 'unmarked' || state === 'unreadable' || !definition) return ['unmarkedCount'];
  return [...fieldsOf(definition.counts), ...(state === 'conflict' ? (['conflictCount'] as const) : [])];
}
