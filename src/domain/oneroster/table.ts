import { columnsOfFile } from './columns.ts';
import type { FileColumns, ReadFileName } from './columns.ts';
import { scanCsv } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';
import type { IssueLog } from './issue-log.ts';

/** A file of the package with its header understood. */
export interface Table {
  readonly file: ReadFileName;
  /** Position of a column by its name in the profile, whatever the file calls it. */
  readonly positions: ReadonlyMap<string, number>;
  /** The header as written, for messages. */
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** The table, or null where the text has no readable header; rows of a wrong width are reported and left out. */
export function readTable(file: ReadFileName, text: string, log: IssueLog): Table | null {
  const delimiter = foreignDelimiter(text);
  if (delimiter) {
    log.add('wrongDelimiter', { file, line: 1 }, { delimiter });
    return null;
  }
  const content = scanCsv(text);
  if (content.fault) {
    log.add(content.fault.code, { file, line: content.fault.line });
    return null;
  }
  if (content.unquotedLine !== null) log.add('unquotedValue', { file, line: content.unquotedLine });
  if (content.bareLineEndLine !== null) log.add('lineEndNotCrlf', { file, line: content.bareLineEndLine });
  if (content.blankLine !== null) log.add('blankLine', { file, line: content.blankLine });

  const [head, ...rows] = content.rows;
  const positions = head ? readHeader(file, head, log) : null;
  if (!head || !positions) return null;
  if (rows.length === 0) log.add('noRows', { file });
  return {
    file,
    positions,
    header: head.cells,
    rows: rows.filter((row) => isWellFormed(file, head, row, log)),
  };
}

/** `;` or tab, where the first line is separated by it instead of by commas. */
function foreignDelimiter(text: string): ';' | 'TAB' | null {
  const [firstLine = ''] = text.split(/[\r\n]/, 1);
  const bare = firstLine.replaceAll(/"[^"]*"/g, '');
  if (bare.includes(',')) return null;
  return bare.includes(';') ? ';' : bare.includes('\t') ? 'TAB' : null;
}

function readHeader(file: ReadFileName, head: CsvRow, log: IssueLog): Map<string, number> | null {
  const columns: FileColumns = columnsOfFile[file];
  const place = { file, line: head.line };
  const positions = new Map<string, number>();
  const unknown: string[] = [];
  head.cells.forEach((cell, position) => {
    const column = columns.aliases?.[cell] ?? cell;
    if (positions.has(column)) log.add('duplicateColumn', { ...place, column: cell });
    else if (columns.all.includes(column)) positions.set(column, position);
    else if (!columns.older?.includes(column)) unknown.push(cell);
  });
  // A file that begins with data: its first row would be reported as a dozen unknown columns.
  if (positions.size === 0) {
    log.add('missingHeader', place);
    return null;
  }
  for (const column of unknown) log.add('unknownColumn', { ...place, column });
  for (const column of columns.all) {
    if (positions.has(column)) continue;
    log.add(columns.needed.includes(column) ? 'missingColumn' : 'missingUnreadColumn', { ...place, column });
  }
  const inProfileOrder = columns.all.filter((column) => positions.has(column));
  if ([...positions.keys()].some((column, i) => column !== inProfileOrder[i])) log.add('columnOrder', place);
  return positions;
}

function isWellFormed(file: ReadFileName, head: CsvRow, row: CsvRow, log: IssueLog): boolean {
  const [expected, found] = [head.cells.length, row.cells.length];
  const place = { file, line: row.line };
  if (found < expected) log.add('tooFewColumns', place, { expected, found });
  else if (found > expected) log.add('tooManyColumns', place, { expected, found });
  else if (row.cells.every((cell, i) => cell === head.cells[i])) log.add('headerRepeated', place);
  else return true;
  return false;
}
