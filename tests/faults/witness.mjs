/**
 * What stands beside the teacher and writes down what the screen says: runs in the page, before the app's own
 * scripts, and looks only at what is painted. It reports taps as they happen, with what the tile said under the
 * finger, and every tile and sentence whose words changed.
 *
 * @typedef {{ kind: 'tap', day: string, student: string, label: string }
 *   | { kind: 'allPresent', day: string, students: string[] }
 *   | { kind: 'tiles', day: string, tiles: [student: string, label: string][] }
 *   | { kind: 'shell', summary: string }} Report
 */
export function witness() {
  if (window !== window.top) return;
  const tell = (/** @type {unknown} */ report) =>
    /** @type {any} */ (window).tellOracle(JSON.stringify(report)).catch(() => undefined);
  const day = () => document.querySelector('[role=group][aria-label="日付"] strong')?.textContent ?? '';
  const tiles = () =>
    /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('button[data-student]'));
  const labelOf = (/** @type {Element} */ tile) => tile.getAttribute('aria-label') ?? '';

  /** @type {Map<string, string>} */
  const told = new Map();
  let toldShell = '';
  const look = () => {
    const today = day();
    /** @type {[string, string][]} */
    const changed = [];
    for (const tile of tiles()) {
      const student = tile.dataset.student ?? '';
      const label = labelOf(tile);
      if (told.get(`${today} ${student}`) === label) continue;
      told.set(`${today} ${student}`, label);
      changed.push([student, label]);
    }
    if (changed.length > 0) tell({ kind: 'tiles', day: today, tiles: changed });
    const summary = document.querySelector('a[title="くわしく見る"] .summary')?.textContent?.trim() ?? '';
    if (summary !== toldShell) tell({ kind: 'shell', summary });
    toldShell = summary;
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['aria-label', 'data-student'],
  });

  addEventListener(
    'keydown',
    ({ target }) => {
      const tile = target instanceof HTMLElement ? target.closest('button[data-student]') : null;
      if (!(tile instanceof HTMLElement)) return;
      tell({ kind: 'tap', day: day(), student: tile.dataset.student, label: labelOf(tile) });
    },
    true,
  );
  addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (!button) return;
      if (button.dataset.student !== undefined)
        tell({ kind: 'tap', day: day(), student: button.dataset.student, label: labelOf(button) });
      else if (button.textContent?.trim().endsWith('全員出席')) {
        const unmarked = [...tiles()].filter((tile) => / 未確認( |$)/.test(labelOf(tile)));
        tell({ kind: 'allPresent', day: day(), students: unmarked.map((tile) => tile.dataset.student) });
      }
    },
    true,
  );
}
