import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import Papa from 'papaparse';

type Row = string[];
type FileText = (text: string) => string | Uint8Array;

/**
 * For tests: takes a good package apart, breaks it in one place, and zips it again. Reads and writes CSV with a library
 * of its own, so that it does not share the reader's mistakes.
 */
export class PackageEditor {
  readonly #tables: Map<string, Row[]>;
  readonly #raw = new Map<string, FileText>();
  readonly #added = new Map<string, Uint8Array>();

  private constructor(tables: Map<string, Row[]>) {
    this.#tables = tables;
  }

  static open(zip: Uint8Array): PackageEditor {
    const tables = new Map<string, Row[]>();
    for (const [file, bytes] of Object.entries(unzipSync(zip))) {
      const { data } = Papa.parse<Row>(strFromU8(bytes), {
        delimiter: ',',
        newline: '\r\n',
        skipEmptyLines: true,
      });
      tables.set(file, data);
    }
    return new PackageEditor(tables);
  }

  copy(): PackageEditor {
    return new PackageEditor(
      new Map([...this.#tables].map(([file, rows]) => [file, rows.map((row) => [...row])])),
    );
  }

  /** Header first: the row of line n is `rows(file)[n - 1]`. */
  rows(file: string): Row[] {
    const rows = this.#tables.get(file);
    if (!rows) throw new Error(`no ${file}`);
    return rows;
  }

  column(file: string, column: string): number {
    const at = this.rows(file)[0]?.indexOf(column) ?? -1;
    if (at === -1) throw new Error(`no ${column} in ${file}`);
    return at;
  }

  get(file: string, line: number, column: string): string {
    return this.rows(file)[line - 1]?.[this.column(file, column)] ?? '';
  }

  set(file: string, line: number, column: string, value: string): void {
    const row = this.rows(file)[line - 1];
    if (!row) throw new Error(`no line ${line} in ${file}`);
    row[this.column(file, column)] = value;
  }

  /** Line of the first row that has all these values. */
  lineOf(file: string, values: Readonly<Record<string, string>>, from = 2): number {
    for (let line = from; line <= this.rows(file).length; line += 1) {
      if (Object.entries(values).every(([column, value]) => this.get(file, line, column) === value))
        return line;
    }
    throw new Error(`no such row in ${file}`);
  }

  /** Adds a copy of a row with other values; its line. */
  addCopy(file: string, line: number, values: Readonly<Record<string, string>>): number {
    const rows = this.rows(file);
    rows.push([...(rows[line - 1] ?? [])]);
    for (const [column, value] of Object.entries(values)) this.set(file, rows.length, column, value);
    return rows.length;
  }

  keepRows(file: string, keep: (get: (column: string) => string) => boolean): void {
    const [head = [], ...rows] = this.rows(file);
    this.#tables.set(file, [
      head,
      ...rows.filter((row) => keep((column) => row[head.indexOf(column)] ?? '')),
    ]);
  }

  renameColumn(file: string, from: string, to: string): void {
    const at = this.column(file, from);
    (this.rows(file)[0] as Row)[at] = to;
  }

  dropColumn(file: string, column: string): void {
    const at = this.column(file, column);
    for (const row of this.rows(file)) row.splice(at, 1);
  }

  removeFile(file: string): void {
    this.#tables.delete(file);
  }

  addFile(name: string, content: string | Uint8Array): void {
    this.#added.set(name, typeof content === 'string' ? strToU8(content) : content);
  }

  /** Changes the written text or bytes of a file. */
  rewrite(file: string, change: FileText): void {
    this.#raw.set(file, change);
  }

  declare(property: string, value: string): void {
    this.set('manifest.csv', this.lineOf('manifest.csv', { propertyName: property }), 'value', value);
  }

  text(file: string): string {
    return this.rows(file)
      .map((row) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\r\n`)
      .join('');
  }

  zip(options: { readonly level?: 0 | 1; readonly folder?: string } = {}): Uint8Array {
    const files: Record<string, Uint8Array> = {};
    for (const file of this.#tables.keys()) {
      const change = this.#raw.get(file) ?? ((text: string) => text);
      const content = change(this.text(file));
      files[(options.folder ?? '') + file] = typeof content === 'string' ? strToU8(content) : content;
    }
    for (const [name, content] of this.#added) files[name] = content;
    return zipSync(files, { level: options.level ?? 1 });
  }
}
