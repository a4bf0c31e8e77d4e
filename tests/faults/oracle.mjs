import { readDay, readShell, readTile } from './screen-words.mjs';

/** Nothing a person waits for takes longer; what does has hung. */
export const HANG_MS = 60_000;

/** Something did not come within the time after which the suite calls it hung. */
export class Hung extends Error {
  /** @override */
  name = 'Hung';
}

/**
 * @typedef {import('./counters.mjs').Action & {
 *   saved: Set<string>, seen: Map<string, import('./counters.mjs').Seen> }} OpenAction
 */

/**
 * Keeps what people did and what the screens said, outside the app. An action is entered before the finger comes
 * down: where the browser dies in that moment, it may have happened or not.
 */
export class Oracle {
  /** @type {OpenAction[]} */
  actions = [];
  /** @type {import('./counters.mjs').Arrival[]} */
  arrivals = [];
  /** The last sentence of the shell, by tab. @type {Map<string, string>} */
  shells = new Map();
  /** What each tab's tiles last said, by `tab cell`. @type {Map<string, import('./screen-words.mjs').TileReading>} */
  tiles = new Map();
  hung = 0;
  #schoolYear;
  /** @type {Map<string, OpenAction>} by cell and mark */
  #byWrite = new Map();
  /** The mark that a tile was last seen saving, by tab and cell. @type {Map<string, string | null>} */
  #saving = new Map();
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {{ schoolYear: number }} city */
  constructor({ schoolYear }) {
    this.#schoolYear = schoolYear;
  }

  get savedCount() {
    return this.actions.filter(({ saved }) => saved.size > 0).length;
  }

  /** @param {string} tab @param {{ cell: string, mark: string }[]} writes */
  enter(tab, writes) {
    const action = {
      no: this.actions.length + 1,
      tab,
      at: Date.now(),
      writes,
      seen: new Map(),
      saved: new Set(),
    };
    this.actions.push(action);
    for (const { cell, mark } of writes) {
      if (this.#byWrite.has(`${cell} ${mark}`)) throw new Error('one mark twice for one pupil and day');
      this.#byWrite.set(`${cell} ${mark}`, action);
    }
    return action;
  }

  /** Whether a mark may be given that day: not given in this run. @param {string} cell @param {string} mark */
  isFree(cell, mark) {
    return !this.#byWrite.has(`${cell} ${mark}`);
  }

  /** @param {string} tab @param {import('./witness.mjs').Report} report */
  hear(tab, report) {
    if (report.kind === 'shell') this.shells.set(tab, report.summary);
    else {
      const date = readDay(report.day, this.#schoolYear);
      if (date === null) return;
      if (report.kind === 'tiles') {
        for (const [student, label] of report.tiles) this.#see(tab, `${student}/${date}`, label);
      } else if (report.kind === 'tap') {
        const reading = readTile(report.label);
        if (reading) this.#tapped(tab, `${report.student}/${date}`, reading);
      } else {
        for (const student of report.students)
          this.#tapped(tab, `${student}/${date}`, { mark: null, conflict: false });
      }
    }
    for (const look of this.#waiting) look();
  }

  /**
   * Waits until something has been seen. @param {string} what said when it hangs, without names
   * @param {() => boolean} isSeen @param {number} [limitMs]
   * @returns {Promise<void>}
   */
  until(what, isSeen, limitMs = HANG_MS) {
    return new Promise((resolve, reject) => {
      const end = (/** @type {() => void} */ settle) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      const look = () => {
        try {
          if (isSeen()) end(resolve);
        } catch (error) {
          end(() => reject(error));
        }
      };
      const timer = setTimeout(() => end(() => reject(new Hung(`${what}; ${this.#lastSeen()}`))), limitMs);
      this.#waiting.add(look);
      look();
    });
  }

  /** Until the screen says saved of all of an action; throws where it says that it could not be. @param {OpenAction} action */
  untilSaved(action) {
    return this.until(`action ${action.no} saved`, () => {
      const failed = action.writes.some(
        ({ cell, mark }) =>
          this.tiles.get(`${action.tab} ${cell}`)?.failed &&
          this.tiles.get(`${action.tab} ${cell}`)?.mark === mark,
      );
      if (failed) throw new Error(`the screen could not save action ${action.no}`);
      return action.saved.size === action.writes.length;
    });
  }

  /** The tab shows something else from now on. @param {string} tab */
  forgetTab(tab) {
    this.shells.delete(tab);
    this.forgetTiles(tab);
  }

  /** Another day in the same shell. @param {string} tab */
  forgetTiles(tab) {
    for (const key of this.tiles.keys()) if (key.startsWith(`${tab} `)) this.tiles.delete(key);
  }

  /** What a shell says now. @param {string} tab */
  shell(tab) {
    return readShell(this.shells.get(tab) ?? '');
  }

  /** What stood on the screens, for whoever looks for the reason. Without names. */
  #lastSeen() {
    const last = this.actions.at(-1);
    const tiles = (last?.writes ?? []).slice(0, 1).flatMap(({ cell, mark }) =>
      [...this.shells.keys()].map((tab) => {
        const { mark: shown, ...rest } = this.tiles.get(`${tab} ${cell}`) ?? { mark: null };
        return { tab, shown: shown === mark ? 'it' : shown === null ? 'nothing' : 'another', ...rest };
      }),
    );
    return JSON.stringify({ shells: Object.fromEntries(this.shells), last: last?.no, by: last?.tab, tiles });
  }

  /** @param {string} tab @param {string} cell @param {string} label */
  #see(tab, cell, label) {
    const reading = readTile(label);
    if (!reading) return;
    this.tiles.set(`${tab} ${cell}`, reading);
    const { mark, conflict, saving, failed, delivery } = reading;
    if (saving && !conflict) this.#saving.set(`${tab} ${cell}`, mark);
    if (mark === null || saving || failed || delivery === null || delivery === 'refused') return;
    this.#byWrite.get(`${cell} ${mark}`)?.saved.add(cell);
    // Of several values the tile names one; what was being saved a moment ago is another of them.
    const justSaved = conflict ? this.#saving.get(`${tab} ${cell}`) : undefined;
    if (justSaved !== undefined) this.#byWrite.get(`${cell} ${justSaved}`)?.saved.add(cell);
    this.#saving.delete(`${tab} ${cell}`);
    if (delivery === 'school') this.arrivals.push({ cell, mark, at: Date.now() });
  }

  /** The newest action of this tab on that day of that pupil. @param {string} tab @param {string} cell @param {import('./counters.mjs').Seen} seen */
  #tapped(tab, cell, { mark, conflict }) {
    const action = this.actions.findLast(
      (each) => each.tab === tab && each.writes.some((write) => write.cell === cell),
    );
    if (action && !action.seen.has(cell)) action.seen.set(cell, { mark, conflict });
  }
}
