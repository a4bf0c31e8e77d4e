import { load } from '../machine.mjs';
import { MARKS } from './marks.mjs';

/**
 * One measured figure, with what a reader needs to believe it.
 *
 * @typedef {object} Figure
 * @property {string} id
 * @property {number} value
 * @property {number} n
 * @property {number[]} spread  smallest and largest single ratio or count
 * @property {number} documents
 * @property {number} bytes  JSON of those documents
 * @property {string} hash  of the result, where there is one; checked before it is printed
 * @property {Record<string, string>} sides  p50/p95 in milliseconds of each side, by name
 * @property {string} [note]
 * @property {number} load
 */

/** @param {Omit<Figure, 'load'>} figure @returns {Figure} */
export function figure(figure) {
  return { ...figure, load: load() };
}

/** The line that `--json` ends with. @param {Figure} figure */
export function jsonLine({ id, value, n, spread }) {
  const { mark, unit } = /** @type {import('./marks.mjs').Mark} */ (MARKS[id]);
  return JSON.stringify({ id, value: round(value), mark, unit, n, spread: spread.map(round) });
}

/** Two digits after the point, or three significant ones below a tenth. @param {number} value */
export function round(value) {
  return Math.abs(value) < 0.1 ? Number(value.toPrecision(3)) : Number(value.toFixed(2));
}
