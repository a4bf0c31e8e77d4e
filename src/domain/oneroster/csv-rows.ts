/** One row of a CSV file; `line` is the line it begins on, as an editor counts (the first is 1). */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvContent {
  readonly rows: readonly CsvRow[];
  /** First line of each oddity that RFC 4180 allows but the Japan profile does not; null where there is none. */
  readonly unquotedLine: number | null;
  readonly bareLineEndLine: number | null;
  readonly blankLine: number | null;
  /** Why the text is no CSV. `rows` then ends before the fault. */
  readonly fault: { readonly code: 'unterminatedQuote' | 'textBesideQuotes'; readonly line: number } | null;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

function isRowEnd(code: number): boolean {
  return code === LF || code === CR || Number.isNaN(code);
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/**
 * Reads comma-separated values by RFC 4180. Values are text as written: nothing is trimmed, and nothing is taken for
 * a number or a formula; a quote inside a value that does not begin with one is itself. A row's line is right also below values that contain line ends, which is why this is no
 * library: they count rows, and a person who must repair a file counts lines.
 */
export function scanCsv(text: string): CsvContent {
  const rows: CsvRow[] = [];
  let [at, line] = [0, 1];
  let unquotedLine: number | null = null;
  let bareLineEndLine: number | null = null;
  let blankLine: number | null = null;
  let fault: CsvContent['fault'] = null;

  while (at < text.length && fault === null) {
    const rowLine = line;
    const rowAt = at;
    const cells: string[] = [];
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1);
        if (close === -1) {
          fault = { code: 'unterminatedQuote', line };
          break;
        }
        let value = text.slice(at + 1, close);
        if (value.includes('"')) value = value.replaceAll('""', '"');
        if (value.includes('\n') || value.includes('\r')) line += countLineEnds(value);
        cells.push(value);
        at = close + 1;
      } else {
        const from = at;
        while (text.charCodeAt(at) !== COMMA && !isRowEnd(text.charCodeAt(at))) at += 1;
        cells.push(text.slice(from, at));
        unquotedLine ??= at > rowAt || text.charCodeAt(at) === COMMA ? line : null;
      }
      const next = text.charCodeAt(at);
      if (isRowEnd(next)) break;
      if (next !== COMMA) {
        fault = { code: 'textBesideQuotes', line };
        break;
      }
      at += 1;
    }
    if (fault !== null) break;
    if (at === rowAt) blankLine ??= rowLine;
    else rows.push({ line: rowLine, cells });
    if (at < text.length) {
      const crlf = text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF;
      if (!crlf) bareLineEndLine ??= line;
      at += crlf ? 2 : 1;
      line += 1;
    }
  }
  return { rows, unquotedLine, bareLineEndLine, blankLine, fault };
}

/** Index of the quote that ends the value beginning at `from`; -1 where there is none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}
