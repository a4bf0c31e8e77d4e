import type { Attachment } from 'svelte/attachments';

const LONG_PRESS_MS = 500;
const SLIP_PX = 10;

/** Calls `onlong` after a long press or a right click, and swallows the click that would follow. */
export function longPress(onlong: () => void): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    let fired = false;

    const cancel = () => clearTimeout(timer);
    const down = (event: PointerEvent) => {
      fired = false;
      if (event.button !== 0) return;
      start = { x: event.clientX, y: event.clientY };
      cancel();
      timer = setTimeout(() => {
        fired = true;
        onlong();
      }, LONG_PRESS_MS);
    };
    const move = (event: PointerEvent) => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLIP_PX) cancel();
    };
    const click = (event: MouseEvent) => {
      cancel();
      if (!fired) return;
      fired = false;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const menu = (event: Event) => {
      event.preventDefault();
      cancel();
      // A long press on a touch screen asks for the menu too, before or after the timer.
      if (!fired) onlong();
      fired = event instanceof PointerEvent && event.pointerType === 'touch';
    };

    const listeners: [string, (event: never) => void, boolean][] = [
      ['pointerdown', down, false],
      ['pointermove', move, false],
      ['pointerup', cancel, false],
      ['pointercancel', cancel, false],
      ['click', click, true],
      ['contextmenu', menu, false],
    ];
    for (const [type, listener, capture] of listeners)
      element.addEventListener(type, listener as EventListener, capture);
    return () => {
      cancel();
      for (const [type, listener, capture] of listeners)
        element.removeEventListener(type, listener as EventListener, capture);
    };
  };
}
