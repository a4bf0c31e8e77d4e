import type { OneRosterBoard, OneRosterSchool } from './one-roster-city.ts';
import { readRows } from './read-rows.ts';
import type { ReadingContext, RowReader } from './row-reader.ts';
import { hasValidCheckDigit, isBoardCodeFormat, isSchoolCodeFormat } from './school-code.ts';
import type { Table } from './table.ts';

export interface Org {
  readonly type: 'district' | 'school';
  readonly sourcedId: string;
  readonly code: string;
  readonly name: string;
}

interface OrgRow {
  readonly org: Org;
  readonly row: RowReader;
}

const FILE = 'orgs.csv';
const NOBODY: OneRosterBoard = { sourcedId: '', code: '', name: '' };

/** The one establisher of the package and its schools; `orgs` holds both by id. */
export function readOrgs(
  table: Table,
  context: ReadingContext,
): {
  readonly board: OneRosterBoard;
  readonly schools: OneRosterSchool[];
  readonly orgs: ReadonlyMap<string, Org>;
} {
  const rows = readRows(table, context, (row, sourcedId): OrgRow => {
    const type = row.oneOf('type', ['school', 'district'] as const) ?? 'school';
    return {
      row,
      org: { type, sourcedId, code: row.required('identifier'), name: row.requiredLabel('name') },
    };
  });
  const all = [...rows.values()];
  const boards = all.filter(({ org }) => org.type === 'district');
  const schools = all.filter(({ org }) => org.type === 'school');
  if (boards.length === 0) context.log.add('missingBoard', { file: FILE });
  // 設置者 are never mixed: one package is one board's, and what it holds goes into that board's databases.
  for (const { row } of boards.slice(1)) row.issue('severalBoards', 'type', { count: boards.length });
  if (schools.length === 0) context.log.add('missingSchool', { file: FILE });

  for (const { row, org } of boards) {
    if (row.raw('parentSourcedId') !== '') row.issue('boardHasParent', 'parentSourcedId');
    if (!isBoardCodeFormat(org.code)) row.issue('boardCodeFormat', 'identifier', {}, org.code);
  }
  const boardIds = new Map(boards.map(({ org }) => [org.sourcedId, org]));
  const firstLines = new Map<string, number>();
  for (const { row, org } of schools) {
    row.reference('parentSourcedId', boardIds, FILE);
    checkSchoolCode(row, org.code, firstLines);
  }
  const plain = ({ org: { sourcedId, code, name } }: OrgRow): OneRosterSchool => ({ sourcedId, code, name });
  const [board] = boards;
  return {
    board: board ? plain(board) : NOBODY,
    schools: schools.map(plain),
    orgs: new Map(all.map(({ org }) => [org.sourcedId, org])),
  };
}

function checkSchoolCode(row: RowReader, code: string, firstLines: Map<string, number>): void {
  if (code === '') return;
  const firstLine = firstLines.get(code);
  if (firstLine !== undefined) row.issue('duplicateSchoolCode', 'identifier', { firstLine }, code);
  else firstLines.set(code, row.line);
  if (!isSchoolCodeFormat(code)) row.issue('schoolCodeFormat', 'identifier', {}, code);
  else if (!hasValidCheckDigit(code)) row.issue('schoolCodeCheckDigit', 'identifier', {}, code);
}
