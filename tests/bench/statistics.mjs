/** @param {readonly number[]} values @param {number} share  0.5 for the median; between two values, the line */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {readonly number[]} values */
export const median = (values) => percentile(values, 0.5);

/**
 * The ratio of two interleaved series: pair by pair, because what loads the machine loads both of a pair.
 *
 * @param {readonly number[]} above @param {readonly number[]} below
 */
export function pairedRatio(above, below) {
  const ratios = above.map((value, at) => value / (below[at] ?? NaN));
  return { value: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)], n: ratios.length };
}

/** @param {readonly number[]} values @param {number} [digits] */
export function p50p95(values, digits = 0) {
  return `${percentile(values, 0.5).toFixed(digits)}/${percentile(values, 0.95).toFixed(digits)}`;
}
