import { round } from '../measures/figure.mjs';
import { MARKS, verdictOf } from '../measures/marks.mjs';

const WIDTH = 780;
const ROW = 44;
const LEFT = 360;
const RIGHT = 110;
const TOP = 54;
/** How far a bar may run past its mark before it is cut off. */
const LONGEST = 1.6;

/**
 * Each figure as a part of its mark, so that figures of different kinds stand on one scale: a bar that ends before
 * the line is within its mark. Where more is better, mark ÷ value is drawn.
 *
 * @param {readonly import('../measures/figure.mjs').Figure[]} figures @param {string} caption
 */
export function chartOf(figures, caption) {
  const marked = figures.filter(({ id }) => MARKS[id]?.mark);
  const height = TOP + marked.length * ROW + 34;
  const scale = (WIDTH - LEFT - RIGHT) / LONGEST;
  const rows = marked.map((figure, at) => rowOf(figure, TOP + at * ROW, scale));
  const markAt = LEFT + scale;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Each figure as a part of its mark">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2937; }
.small { font-size: 11px; fill: #4b5563; }
.within { fill: #2f6f8f; }
.beyond { fill: #b45309; }
.spread { stroke: #111827; stroke-width: 1.5; }
.mark { stroke: #6b7280; stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #e5e7eb; }
  .small { fill: #9ca3af; }
  .within { fill: #7cc4e4; }
  .beyond { fill: #f59e0b; }
  .spread { stroke: #f9fafb; }
}
</style>
<text x="16" y="24">Each figure as a part of its mark: shorter is better</text>
<text x="${markAt}" y="${TOP - 8}" text-anchor="middle" class="small">the mark</text>
<line x1="${markAt}" y1="${TOP - 2}" x2="${markAt}" y2="${height - 30}" class="mark" />
${rows.join('\n')}
<text x="16" y="${height - 10}" class="small">${escape(caption)}</text>
</svg>
`;
}

/** @param {import('../measures/figure.mjs').Figure} figure @param {number} y @param {number} scale */
function rowOf({ id, value, spread }, y, scale) {
  const mark = /** @type {import('../measures/marks.mjs').Mark} */ (MARKS[id]);
  const goal = mark.mark ?? 1;
  /** @param {number} measured */
  const lengthOf = (measured) =>
    Math.min(LONGEST, mark.sense === 'at least' ? goal / measured : measured / goal) * scale;
  const middle = y + ROW / 2;
  const [low = value, high = value] = spread;
  const kind = verdictOf(mark, value) !== 'missed' ? 'within' : 'beyond';
  return `<text x="16" y="${middle}">${id}</text>
<text x="52" y="${middle}">${escape(mark.title)}</text>
<text x="52" y="${middle + 15}" class="small">${mark.sense ?? 'at most'} ${goal} ${escape(mark.unit)}</text>
<rect x="${LEFT}" y="${middle - 12}" width="${lengthOf(value).toFixed(1)}" height="16" rx="2" class="${kind}" />
<line x1="${(LEFT + lengthOf(low)).toFixed(1)}" y1="${middle - 4}" x2="${(LEFT + lengthOf(high)).toFixed(1)}" y2="${middle - 4}" class="spread" />
<text x="${WIDTH - 16}" y="${middle}" text-anchor="end">${round(value)} ${escape(mark.unit.split(' ')[0] === 'x' ? '×' : '')}</text>`;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
