/**
 * What `npm run bench` was asked: `[R1 R5 …] [--json] [--n 5] [--quick] [--write]`.
 *
 * @typedef {object} RunOptions
 * @property {string[]} ids  empty: all
 * @property {boolean} json  end with one line of JSON for each asked id
 * @property {number} n  pairs per ratio
 * @property {boolean} quick  a tenth of the entries and two pairs: to see that it runs, not to quote
 * @property {boolean} write  put the table and the chart into docs/
 */

const USAGE = 'Usage: npm run bench -- [R1 R5 …] [--json] [--n 5] [--quick] [--write]';
const FEWEST_PAIRS = 5;

/** @param {string[]} args @param {readonly string[]} known @returns {RunOptions} */
export function readRunOptions(args, known) {
  /** @type {RunOptions} */
  const options = { ids: [], json: false, n: 0, quick: false, write: false };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--json' || arg === '--quick' || arg === '--write') {
      options[/** @type {'json' | 'quick' | 'write'} */ (arg.slice(2))] = true;
    } else if (arg === '--n') {
      at += 1;
      options.n = Number(args[at]);
      if (!Number.isInteger(options.n) || options.n < 1) stop('--n needs a whole number.');
    } else if (known.includes(arg)) options.ids.push(arg);
    else stop(`"${arg}" is none of ${known.join(', ')}.`);
  }
  options.n ||= options.quick ? 2 : FEWEST_PAIRS;
  if (!options.quick && options.n < FEWEST_PAIRS) {
    stop(`A ratio is a median of at least ${FEWEST_PAIRS}; fewer only with --quick.`);
  }
  if (options.quick && options.write) stop('A quick run is not for the documentation.');
  return options;
}

/** @param {string} sentence @returns {never} */
function stop(sentence) {
  process.stderr.write(`${sentence}\n${USAGE}\n`);
  process.exit(2);
}
