import type { IconName } from '#ui/icon-paths.ts';

/** What a colour says. Always paired with a word or a sign. */
export type Tone = 'neutral' | 'accent' | 'good' | 'caution' | 'problem' | 'note';

/** What a notice says. */
export type NoticeTone = 'info' | 'success' | 'warn' | 'danger';

export const noticeIcons: Record<NoticeTone, IconName> = {
  info: 'info',
  success: 'check',
  warn: 'clock',
  danger: 'alert',
};
