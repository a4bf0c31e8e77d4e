/**
 * What is measured and the mark to reach: `../shared/design/measures.md` says more of each.
 *
 * @typedef {object} Mark
 * @property {string} title
 * @property {number | null} mark  the one to reach at last; null: measured without one
 * @property {number} [expected]  what is expected already, where that is less
 * @property {'at most' | 'at least'} [sense]
 * @property {string} unit
 * @property {string} group  what is run for it
 */

/** @type {Record<string, Mark>} */
export const MARKS = {
  R1: {
    title: 'first sync ÷ plain JSON and raw puts',
    mark: 0.6,
    expected: 1.0,
    unit: 'x floor',
    group: 'firstSync',
  },
  R2: {
    title: 'PouchDB.replicate ÷ first sync',
    mark: 8,
    sense: 'at least',
    unit: 'x ours',
    group: 'firstSync',
  },
  R5: { title: 'requests of a first sync', mark: 3, unit: 'requests', group: 'appFirstSync' },
  R8: { title: 'tap to durable ÷ bare strict put', mark: 1.3, expected: 1.5, unit: 'x put', group: 'taps' },
  R9: { title: 'roll-call of 35 ÷ 35 bare strict puts', mark: 0.08, unit: 'x puts', group: 'taps' },
  R10: { title: 'offline cold start ÷ static page', mark: null, unit: 'x page', group: 'coldStart' },
  R12: { title: 'first sync encrypted ÷ not encrypted', mark: 1.05, unit: 'x plain', group: 'firstSync' },
  R17: {
    title: 'main-thread tasks over 50 ms in a first sync',
    mark: 0,
    unit: 'tasks',
    group: 'appFirstSync',
  },
  V2: {
    title: 'decisions of access in a second, on one core',
    mark: 1_000_000,
    sense: 'at least',
    unit: '/s',
    group: 'access',
  },
  R18: { title: 'local storage ÷ JSON, after 200 increments', mark: 0.6, unit: 'x JSON', group: 'storage' },
};

/**
 * @param {Mark} mark @param {number} value
 * @returns {'reached' | 'as expected now' | 'missed' | 'no mark'}
 */
export function verdictOf({ mark, expected, sense = 'at most' }, value) {
  if (mark === null) return 'no mark';
  const holds = (/** @type {number} */ goal) => (sense === 'at least' ? value >= goal : value <= goal);
  if (holds(mark)) return 'reached';
  return expected !== undefined && holds(expected) ? 'as expected now' : 'missed';
}
