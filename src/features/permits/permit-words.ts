import { addDays, calendarDate, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import { permitMessages as m } from '#features/permits/messages.ts';
import type { PermitView } from '#features/permits/permits-api.ts';
import { formatDate, formatDateTime } from '#ui/i18n/format-date.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';
import type { Tone } from '#ui/tone.ts';

/** How a permit stands today, in words and in tone. */
export function stateOf(permit: PermitView, today: string): { words: string; tone: Tone } {
  const { state } = permit;
  if (state === 'granted' && today < permit.from) return { words: m.notYet, tone: 'neutral' };
  const tones = {
    requested: 'caution',
    granted: 'good',
    expired: 'caution',
    revoked: 'problem',
  } as const;
  const tone: Tone = state in tones ? tones[state as keyof typeof tones] : 'neutral';
  return { words: m[`state_${state}`], tone };
}

/** From the first to the last day; a permit keeps the day after. */
export function periodOf(
  { from, until }: Pick<PermitView, 'from' | 'until'>,
  style: 'day' | 'long' = 'day',
): string {
  const day = (date: CalendarDate) => formatDate(date, locale.current, style);
  const [first, last] = [calendarDate(from), addDays(calendarDate(until), -1)];
  return first === last ? day(first) : `${day(first)} – ${day(last)}`;
}

/** An instant as paper has it: with its year. */
export function paperTime(at: number | null): string {
  return at === null ? m.never : formatDateTime(at, locale.current, 'long');
}

export function troubleOf(code: string): string {
  switch (code) {
    case 'offline':
      return m.trouble_offline;
    case 'denied':
      return m.trouble_denied;
    case 'signedOut':
      return m.trouble_signedOut;
    default:
      return m.trouble_other;
  }
}
