import { parseCalendarDate } from '../calendar/calendar-date.ts';
import type { CalendarDate } from '../calendar/calendar-date.ts';
import { gradeLevels } from '../roster/roster.ts';
import type { GradeLevel } from '../roster/roster.ts';
import type { CsvRow } from './csv-rows.ts';
import type { IssueLog } from './issue-log.ts';
import type { OneRosterIssueCode } from './issue.ts';
import { widenKana } from './kana.ts';
import type { RareCharacters } from './rare-characters.ts';
import type { Table } from './table.ts';

export interface ReadingContext {
  readonly log: IssueLog;
  readonly rare: RareCharacters;
}

const SOURCED_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Codes of the profile for kindergartens and high schools, which this product does not serve. */
const OTHER_GRADE_LEVEL = /^[EH][1-3]$/;
const known: ReadonlySet<string> = new Set(gradeLevels);

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

export function isSourcedId(text: string): boolean {
  return SOURCED_ID.test(text);
}

/**
 * Reads the cells of one row. A cell that cannot be read is reported and a stand-in returned, so that a row names all
 * its errors at once; no stand-in ever reaches a caller of the package, because any error refuses the whole.
 */
export class RowReader {
  readonly line: number;
  readonly #table: Table;
  readonly #row: CsvRow;
  readonly #context: ReadingContext;

  constructor(table: Table, row: CsvRow, context: ReadingContext) {
    this.line = row.line;
    this.#table = table;
    this.#row = row;
    this.#context = context;
  }

  /** The cell as written; '' where the file has no such column. */
  raw(column: string): string {
    const position = this.#table.positions.get(column);
    return position === undefined ? '' : (this.#row.cells[position] ?? '');
  }

  hasColumn(column: string): boolean {
    return this.#table.positions.has(column);
  }

  /** Reports an issue of this row; with `value`, repeats the cell where that is safe. */
  issue(
    code: OneRosterIssueCode,
    column?: string,
    params?: Readonly<Record<string, string | number>>,
    value?: string,
  ): void {
    const header =
      column === undefined ? undefined : this.#table.header[this.#table.positions.get(column) ?? -1];
    const place = { file: this.#table.file, line: this.line, ...(value === undefined ? {} : { value }) };
    this.#context.log.add(
      code,
      column === undefined ? place : { ...place, column: header ?? column },
      params,
    );
  }

  required(column: string): string {
    const text = this.raw(column);
    if (text === '') this.issue('missingValue', column);
    return text;
  }

  /** Text for people: half-width kana widened, spaces around it removed, its characters looked at. */
  label(column: string): string {
    const text = this.raw(column);
    if (text === '') return text;
    const wide = widenKana(text);
    if (wide !== text) this.issue('halfWidthKana', column);
    const trimmed = wide.trim();
    if (trimmed !== wide) this.issue('surroundingSpace', column);
    this.#context.rare.look(this.#table.file, this.line, trimmed);
    return trimmed;
  }

  requiredLabel(column: string): string {
    const text = this.label(column);
    if (text === '') this.issue('missingValue', column);
    return text;
  }

  oneOf<T extends string>(column: string, allowed: readonly T[]): T | null {
    const text = this.required(column);
    const found = allowed.find((item) => item === text);
    if (found === undefined && text !== '')
      this.issue('invalidEnum', column, { allowed: allowed.join(' ') }, text);
    return found ?? null;
  }

  /** Null where the cell is empty. Spreadsheets write TRUE and FALSE. */
  boolean(column: string): boolean | null {
    const text = this.raw(column);
    if (text === '') return null;
    const lower = text.toLowerCase();
    if (lower !== 'true' && lower !== 'false') this.issue('invalidBoolean', column, {}, text);
    else if (lower !== text) this.issue('booleanCapitalised', column, {}, text);
    return lower === 'true';
  }

  /** Null where the cell is empty or no date; `valid` tells the two apart. */
  date(column: string): { readonly date: CalendarDate | null; readonly valid: boolean } {
    const text = this.raw(column);
    const date = parseCalendarDate(text);
    if (date === null && text !== '') this.issue('invalidDate', column, {}, text);
    return { date, valid: date !== null || text === '' };
  }

  /** A comma-separated list inside the cell. */
  list(column: string): string[] {
    const text = this.raw(column);
    return text === '' ? [] : text.split(',').map((item) => item.trim());
  }

  gradeLevels(column: string): GradeLevel[] {
    const levels: GradeLevel[] = [];
    for (const code of this.list(column)) {
      if (known.has(code)) levels.push(code as GradeLevel);
      else
        this.issue(
          OTHER_GRADE_LEVEL.test(code) ? 'unsupportedGradeLevel' : 'invalidGradeLevel',
          column,
          {},
          code,
        );
    }
    return levels;
  }

  /** The id in the cell, looked up among those of another file; null where it is empty or unknown. */
  reference<T>(column: string, targets: ReadonlyMap<string, T>, targetFile: string): T | null {
    const id = this.required(column);
    return id === '' ? null : this.lookUp(column, id, targets, targetFile);
  }

  lookUp<T>(column: string, id: string, targets: ReadonlyMap<string, T>, targetFile: string): T | null {
    const target = targets.get(id);
    if (target === undefined) this.issue('unknownReference', column, { targetFile }, id);
    return target ?? null;
  }
}
