/** Where an arrow leads in a grid of tiles that are read in lines; null where the key is no movement. */
export function tileAfterKey(key: string, at: number, count: number, columns: number): number | null {
  const target = (() => {
    switch (key) {
      case 'ArrowRight':
        return at + 1;
      case 'ArrowLeft':
        return at - 1;
      case 'ArrowDown':
        return at + columns;
      case 'ArrowUp':
        return at - columns;
      case 'Home':
        return 0;
      case 'End':
        return count - 1;
      default:
        return null;
    }
  })();
  if (target === null) return null;
  return target >= 0 && target < count ? target : at;
}

/** How many elements stand in the first line. */
export function columnsOf(tiles: readonly HTMLElement[]): number {
  const top = tiles[0]?.getBoundingClientRect().top;
  const next = tiles.findIndex((tile) => tile.getBoundingClientRect().top !== top);
  return next === -1 ? Math.max(1, tiles.length) : next;
}

const NUMBER_PAUSE_MS = 900;

/** Collects digits typed one after another into a roster number. */
export class NumberTyped {
  #digits = '';
  #lastAt = -Infinity;

  press(digit: string, now: number): number {
    if (now - this.#lastAt > NUMBER_PAUSE_MS) this.#digits = '';
    this.#lastAt = now;
    this.#digits = `${this.#digits}${digit}`.slice(-2);
    return Number(this.#digits);
  }
}
