import type { DayView } from '#device/views.ts';
import { dayMessages as m } from '#features/attendance/pupil-day/messages.ts';
import { hasNewsSince } from '#features/attendance/pupil-day/remark-draft.ts';
import type { HeldRemark } from '#features/attendance/pupil-day/remark-drafts.svelte.ts';
import type { ShownDay } from '#features/attendance/roll-call/roll-call.svelte.ts';
import { formatDateTime } from '#ui/i18n/format-date.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';

/** What became of the text so far, and what becomes of it next. */
export function draftSentence(draft: HeldRemark, day: DayView, shown: ShownDay, personId: string): string {
  return [kept(draft), next(shown), hasNewsSince(draft, day, personId) ? m.draftNews : null]
    .filter((sentence) => sentence !== null)
    .join(locale.current === 'ja' ? '' : ' ');
}

export function draftProblem({ phase }: HeldRemark): string | undefined {
  return phase === 'kept' || phase === 'keeping' ? undefined : m[`draftProblem_${phase}`];
}

function kept({ phase, foundFrom }: HeldRemark): string | null {
  if (phase === 'keeping') return m.draftKeeping;
  if (phase !== 'kept') return null;
  return foundFrom === null ? m.draftKept : m.draftFound(formatDateTime(foundFrom, locale.current, 'short'));
}

function next({ state, mark }: ShownDay): string {
  if (state === 'conflict') return m.draftNeedsChoice;
  return mark === null ? m.draftNeedsMark : m.draftEntersOnLeaving;
}
