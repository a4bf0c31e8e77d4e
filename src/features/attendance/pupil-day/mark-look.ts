import type { MarkDefinition } from '#domain/attendance/marks.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';
import type { Tone } from '#ui/tone.ts';

/** The colour of a mark follows what it counts as, never its code. */
export function toneOfMark(mark: MarkDefinition): Tone {
  switch (mark.counts.as) {
    case 'absent':
      return 'problem';
    case 'excluded':
      return 'note';
    case 'present':
      if (mark.counts.late || mark.counts.earlyDeparture) return 'caution';
      return mark.counts.credited ? 'accent' : 'good';
  }
}

/** The board's own word for a mark, in the language of the screen. */
export function markName(mark: MarkDefinition): string {
  return mark.name[locale.current];
}

/** In the order in which they are offered. */
export function inOrder(marks: readonly MarkDefinition[]): MarkDefinition[] {
  return [...marks].sort((a, b) => a.order - b.order);
}

/** Without what stands in brackets or after a comma, for narrow places that show the symbol beside it. */
export function shortMarkName(mark: MarkDefinition): string {
  return (
    markName(mark)
      .split(/[(（,]/)[0]
      ?.trim() ?? ''
  );
}
