import type { IconName } from '#ui/icon-paths.ts';

export interface MenuItem {
  id: string;
  label: string;
  icon?: IconName | undefined;
  /** Makes it a link; otherwise `onselect` is called. */
  href?: string | undefined;
  onselect?: (() => void) | undefined;
  /** Makes it one of a choice. */
  checked?: boolean | undefined;
  tone?: 'problem' | undefined;
  disabled?: boolean | undefined;
  /** A line above it. */
  startsGroup?: boolean | undefined;
}
