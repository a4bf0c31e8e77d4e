const gap = 6;
const margin = 8;

/**
 * Puts an open popover under its button, or above where there is no room, and inside the window. CSS anchors
 * would do it, but not yet on every tablet in use.
 */
export function placeBeside(panel: HTMLElement, anchor: HTMLElement, align: 'start' | 'end'): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + gap;
  const fitsBelow = below + height + margin <= innerHeight;
  const top = fitsBelow ? below : Math.max(margin, at.top - gap - height);
  const wanted = align === 'start' ? at.left : at.right - width;
  const left = Math.min(Math.max(margin, wanted), Math.max(margin, innerWidth - width - margin));
  panel.style.setProperty('top', `${top}px`);
  panel.style.setProperty('left', `${left}px`);
}
