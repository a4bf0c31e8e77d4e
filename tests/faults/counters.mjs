/**
 * From what people did and saw, and what is in the register afterwards, to the six counters. Pure functions: their
 * own test plants each kind of loss and sees its counter rise.
 *
 * In one run nobody gives one pupil's day the same mark twice, so that a pupil's day and a mark name one action.
 *
 * @typedef {object} Seen  what a tile said when the finger came down
 * @property {string | null} mark
 * @property {boolean} conflict
 *
 * @typedef {object} Action  what a person did to one or several pupils' days at once
 * @property {number} no
 * @property {string} tab
 * @property {number} at  Node's clock, milliseconds
 * @property {readonly { readonly cell: string, readonly mark: string }[]} writes
 * @property {ReadonlyMap<string, Seen>} seen  by cell; missing where the browser died before it could say
 * @property {ReadonlySet<string>} saved  cells of which a screen said: saved on this device
 *
 * @typedef {object} Write  one cell of one entry in the register
 * @property {string} entry
 * @property {string} cell
 * @property {string | null} mark
 * @property {readonly string[]} over
 * @property {number} receivedAt  in Node's clock
 *
 * @typedef {object} Arrival  a screen said of a pupil's day: arrived at school
 * @property {string} cell
 * @property {string} mark
 * @property {number} at
 *
 * @typedef {object} Replica  what one device shows and holds, against what the school has
 * @property {string} name
 * @property {string} found
 * @property {string} expected
 *
 * @typedef {object} Facts
 * @property {readonly Action[]} actions
 * @property {readonly Write[]} before  all writes in the register before the run
 * @property {readonly Write[]} after  all writes now, those of before included; an entry that came twice, twice
 * @property {readonly { readonly cell: string, readonly mark: string }[]} sentBack  on a device, shown as refused
 * @property {number} missing  saved, and not on the device's screen after it was started again
 * @property {number} hidden  pupils' days whose values disagree, on a screen that shows no conflict
 * @property {readonly Arrival[]} arrivals
 * @property {readonly Replica[]} replicas
 * @property {number} hung
 *
 * @typedef {{ L: number, D: number, W: number, S: number, V: number, H: number }} Counters
 */

/** A screen is painted and read within this time after the stamp it rests on. */
const CLOCK_SLACK_MS = 20;

/** @returns {Counters} */
export function noLosses() {
  return { L: 0, D: 0, W: 0, S: 0, V: 0, H: 0 };
}

/** @param {Counters} sum @param {Counters} more @returns {Counters} */
export function addCounters(sum, more) {
  return {
    L: sum.L + more.L,
    D: sum.D + more.D,
    W: sum.W + more.W,
    S: sum.S + more.S,
    V: sum.V + more.V,
    H: sum.H + more.H,
  };
}

/** @param {Counters} counters */
export function isClean(counters) {
  return Object.values(counters).every((count) => count === 0);
}

/** @param {Facts} facts @returns {Counters} */
export function countLosses(facts) {
  const { actions, before, after, sentBack, missing, hidden, arrivals, replicas, hung } = facts;
  const old = new Set(before.map(({ entry }) => entry));
  const fresh = after.filter(({ entry }) => !old.has(entry));
  return {
    L: countLost(actions, fresh, sentBack) + missing,
    D: countDoubled(actions, before, after),
    W: countOverwritten(actions, fresh) + hidden,
    S: countUntrue(arrivals, after),
    V: replicas.filter(({ found, expected }) => found !== expected).length,
    H: hung,
  };
}

const nameOf = (/** @type {{ cell: string, mark: string | null }} */ { cell, mark }) => `${cell} ${mark}`;

/**
 * Saved and neither at the school nor shown as refused; and an action of which a part is there and a part is not.
 *
 * @param {readonly Action[]} actions @param {readonly Write[]} fresh @param {Facts['sentBack']} sentBack
 */
function countLost(actions, fresh, sentBack) {
  const found = new Set([...fresh, ...sentBack].map(nameOf));
  let lost = 0;
  for (const { writes, saved } of actions) {
    const missing = writes.filter((write) => !found.has(nameOf(write)));
    const isSaved = saved.size > 0;
    if (missing.length > 0 && (isSaved || missing.length < writes.length)) lost += missing.length;
  }
  return lost;
}

/**
 * Days of pupils whose tile does not show the newest mark that was saved there, nor one that was given later and
 * may have been saved. For one tablet that was cut off from all others.
 *
 * @param {readonly Action[]} actions @param {ReadonlyMap<string, string | null>} shown mark by cell
 */
export function countMissing(actions, shown) {
  /** @type {Map<string, Set<string>>} */
  const allowed = new Map();
  for (const { writes, saved } of actions) {
    for (const { cell, mark } of writes) {
      if (saved.has(cell)) allowed.set(cell, new Set([mark]));
      else allowed.get(cell)?.add(mark);
    }
  }
  return [...allowed].filter(([cell, marks]) => !marks.has(shown.get(cell) ?? '')).length;
}

/**
 * More writes of a pupil's day and mark than people made.
 *
 * @param {readonly Action[]} actions @param {readonly Write[]} before @param {readonly Write[]} after
 */
function countDoubled(actions, before, after) {
  /** @type {Map<string, number>} */
  const left = new Map();
  const add = (/** @type {string} */ name, /** @type {number} */ count) =>
    left.set(name, (left.get(name) ?? 0) + count);
  for (const write of after) add(nameOf(write), 1);
  for (const write of before) add(nameOf(write), -1);
  for (const { writes } of actions) {
    for (const write of writes) if ((left.get(nameOf(write)) ?? 0) > 0) add(nameOf(write), -1);
  }
  return [...left.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
}

/**
 * A saved value that somebody replaced who did not see it: neither on the tile, nor through what stood on the tile,
 * nor as one of several in a conflict that was shown. Also one that is neither open nor replaced by anything.
 *
 * @param {readonly Action[]} actions @param {readonly Write[]} fresh
 */
function countOverwritten(actions, fresh) {
  const writeOf = new Map(fresh.map((write) => [nameOf(write), write]));
  const actionOf = new Map(
    actions.flatMap((action) => action.writes.map((write) => /** @type {const} */ ([nameOf(write), action]))),
  );
  /** @type {Map<string, Write>} */
  const byEntryAndCell = new Map(fresh.map((write) => [`${write.entry} ${write.cell}`, write]));
  /** All that a write stands above, by way of what it replaced. @param {Write} write @param {Set<string>} known */
  const ancestors = (write, known = new Set()) => {
    for (const id of write.over) {
      if (known.has(id)) continue;
      known.add(id);
      const replaced = byEntryAndCell.get(`${id} ${write.cell}`);
      if (replaced) ancestors(replaced, known);
    }
    return known;
  };
  let overwritten = 0;
  for (const replacing of fresh) {
    const replacer = actionOf.get(nameOf(replacing));
    const seen = replacer?.seen.get(replacing.cell);
    if (!replacer || !seen || seen.conflict) continue;
    const onTile = seen.mark === null ? undefined : writeOf.get(`${replacing.cell} ${seen.mark}`);
    const known = onTile ? ancestors(onTile).add(onTile.entry) : new Set();
    for (const id of replacing.over) {
      const replaced = byEntryAndCell.get(`${id} ${replacing.cell}`);
      const author = replaced && actionOf.get(nameOf(replaced));
      if (author && author !== replacer && author.saved.size > 0 && !known.has(id)) overwritten++;
    }
  }
  return overwritten;
}

/**
 * Days of pupils with several marks that nothing replaces, of which the screen does not say so.
 *
 * @param {readonly Write[]} writes @param {ReadonlyMap<string, Seen>} shown by cell
 */
export function countHiddenConflicts(writes, shown) {
  const replaced = new Set(writes.flatMap(({ cell, over }) => over.map((id) => `${id} ${cell}`)));
  /** @type {Map<string, Set<string | null>>} */
  const open = new Map();
  for (const { entry, cell, mark } of writes) {
    if (!shown.has(cell) || replaced.has(`${entry} ${cell}`)) continue;
    open.set(cell, (open.get(cell) ?? new Set()).add(mark));
  }
  return [...open].filter(([cell, marks]) => marks.size > 1 && !shown.get(cell)?.conflict).length;
}

/** "Arrived" of which the register knew nothing then. @param {readonly Arrival[]} arrivals @param {readonly Write[]} after */
function countUntrue(arrivals, after) {
  /** @type {Map<string, number>} */
  const since = new Map();
  for (const write of after) {
    const name = nameOf(write);
    since.set(name, Math.min(since.get(name) ?? Infinity, write.receivedAt));
  }
  return arrivals.filter(
    ({ cell, mark, at }) => (since.get(`${cell} ${mark}`) ?? Infinity) > at + CLOCK_SLACK_MS,
  ).length;
}
