import { round } from '../measures/figure.mjs';
import { MARKS, verdictOf } from '../measures/marks.mjs';

/**
 * @typedef {object} Run
 * @property {ReturnType<typeof import('../machine.mjs').describeMachine>} machine
 * @property {import('../measures/figure.mjs').Figure[]} figures
 * @property {import('../run-options.mjs').RunOptions} options
 * @property {number} loadBefore @property {number} loadAfter
 * @property {string | null} peer
 */

const HEADINGS = [
  'id',
  'value',
  'mark',
  'unit',
  'n',
  'spread',
  'verdict',
  'p50/p95 ms',
  'documents',
  'bytes',
  'load',
  'hash',
];

/** Said where the load was higher than the number of cores before anything was measured. */
export const BUSY = 'The machine was busy with other work: single times are too long, spreads too wide.';

/** @param {import('../measures/figure.mjs').Figure} figure */
export function cellsOf({ id, value, n, spread, sides, documents, bytes, hash, load }) {
  const mark = /** @type {import('../measures/marks.mjs').Mark} */ (MARKS[id]);
  const asked = mark.mark === null ? '–' : `${mark.sense === 'at least' ? '≥' : '≤'} ${mark.mark}`;
  const times = Object.entries(sides).map(([side, ms]) => `${side} ${ms}`);
  return [
    id,
    String(round(value)),
    asked,
    mark.unit,
    String(n),
    spread.map(round).join('–'),
    verdictOf(mark, value),
    times.join(', '),
    String(documents),
    String(bytes),
    String(load),
    hash.slice(0, 12),
  ];
}

/** For a terminal. @param {Run} run */
export function tableOf({ machine, figures, options, loadBefore, loadAfter, peer }) {
  const rows = [HEADINGS, ...figures.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const { processor, cores, memoryGb, system, node, browser } = machine;
  return [
    '',
    `${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}, ${browser}`,
    `load average ${loadBefore} before, ${loadAfter} after${peer ? `; PouchDB replicated from ${peer}` : ''}`,
    ...(loadBefore > cores ? [BUSY] : []),
    ...(options.quick ? ['QUICK: fewer entries and pairs, not to be quoted'] : []),
    '',
    ...lines,
    ...figures.filter(({ note }) => note).map(({ id, note }) => `${id}: ${note}`),
  ].join('\n');
}
