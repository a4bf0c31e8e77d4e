import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { MARKS } from '../measures/marks.mjs';
import { ROOT } from '../../tools/phases.mjs';
import { chartOf } from './chart.mjs';
import { BUSY, cellsOf } from './table.mjs';

const PAGE = join(ROOT, 'docs/benchmarks.md');
const CHART = join(ROOT, 'docs/benchmarks.svg');
const BEGIN = '<!-- begin: written by npm run bench -- --write -->';
const END = '<!-- end -->';

/** Puts the run's table and chart into docs/; what people wrote around them stays. @param {import('./table.mjs').Run} run */
export async function writeDocuments(run) {
  const date = new Date().toISOString().slice(0, 10);
  const { browser, cores } = run.machine;
  writeFileSync(
    CHART,
    chartOf(run.figures, `${date}, ${browser}, ${cores} cores; the thin line is the spread`),
  );
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${PAGE} has lost its marks for the table`);
  const text = `${before}${BEGIN}\n\n${section(run, date)}\n\n${END}${after}`;
  writeFileSync(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
}

/** @param {import('./table.mjs').Run} run @param {string} date */
function section({ machine, figures, loadBefore, loadAfter, peer }, date) {
  const { processor, cores, memoryGb, system, node, browser } = machine;
  const headings = [
    'id',
    'what',
    'value',
    'mark',
    'verdict',
    'n',
    'spread',
    'p50/p95 ms',
    'documents',
    'bytes',
    'load',
    'hash',
  ];
  const rows = figures.map((figure) => {
    const [id = '', value, mark, unit, n, spread, verdict, times, documents, bytes, load, hash] =
      cellsOf(figure);
    const title = MARKS[id]?.title ?? '';
    return [
      id,
      title,
      `${value} ${unit}`,
      mark,
      verdict,
      n,
      spread,
      times,
      documents,
      bytes,
      load,
      hash && `\`${hash}\``,
    ];
  });
  const notes = figures.filter(({ note }) => note).map(({ id, note }) => `- ${id}: ${note}`);
  return [
    `${date}. ${processor}, ${cores} cores, ${memoryGb} GB memory, ${system}, Node ${node}, ${browser}. Load average ${loadBefore} before the run, ${loadAfter} after it.${peer ? ` PouchDB replicated from ${peer}.` : ''}${loadBefore > cores ? ` ${BUSY}` : ''}`,
    '',
    ...[headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...notes,
  ].join('\n');
}
