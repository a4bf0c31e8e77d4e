import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Encoding from 'encoding-japanese';
import { strToU8 } from 'fflate';
import { beforeAll, describe, test } from 'vitest';
import { expectIssue, titled } from './case-table.testing.ts';
import type { PackageCase } from './case-table.testing.ts';
import type { PackageEditor } from './package-editor.testing.ts';
import { openSmallTown } from './small-town.testing.ts';

const practiceZip = fileURLToPath(
  new URL('../../gateway/practice/RO_20260401_oami_1.2_JP.zip', import.meta.url),
);

let town: PackageEditor;
beforeAll(() => {
  town = openSmallTown(new Uint8Array(readFileSync(practiceZip)));
});

const file = 'users.csv';

function encoded(encoding: 'SJIS' | 'EUCJP' | 'UTF16LE' | 'UTF16BE', bom = false) {
  return (text: string): Uint8Array => {
    const codes = Encoding.stringToCode((bom ? '\ufeff' : '') + text);
    return new Uint8Array(Encoding.convert(codes, { to: encoding, from: 'UNICODE' }));
  };
}

/** Writes bytes over the first name of a line, which begins after its eighth comma. */
function damage(line: number, ...bytes: number[]) {
  return (text: string): Uint8Array => {
    const lines = text.split('\r\n');
    const before = strToU8(`${lines.slice(0, line - 1).join('\r\n')}\r\n`).length;
    const at = before + (lines[line - 1] as string).split('"').slice(0, 13).join('"').length + 1;
    const content = strToU8(text);
    content.set(bytes, at);
    return content;
  };
}

const rewrite =
  (change: (text: string) => string | Uint8Array, of = file) =>
  (p: PackageEditor) =>
    p.rewrite(of, change);

const cases: PackageCase[] = [
  {
    rule: '[OR11]',
    what: 'a byte-order mark',
    code: 'byteOrderMark',
    file,
    line: 1,
    edit: rewrite((text) => `\ufeff${text}`),
  },
  { rule: '[OR11]', what: 'CP932', code: 'encodingCp932', file, line: 2, edit: rewrite(encoded('SJIS')) },
  {
    rule: '[OR11]',
    what: 'CP932 in a short file',
    code: 'encodingCp932',
    file: 'academicSessions.csv',
    edit: rewrite(encoded('SJIS'), 'academicSessions.csv'),
  },
  { rule: '[OR11]', what: 'EUC-JP', code: 'encodingInvalidUtf8', file, edit: rewrite(encoded('EUCJP')) },
  {
    rule: '[OR11]',
    what: 'UTF-16 with mark',
    code: 'encodingUtf16',
    file,
    edit: rewrite(encoded('UTF16LE', true)),
  },
  {
    rule: '[OR11]',
    what: 'UTF-16 without mark',
    code: 'encodingUtf16',
    file,
    edit: rewrite(encoded('UTF16BE')),
  },
  {
    rule: '[OR11]',
    what: 'one damaged byte in UTF-8',
    code: 'encodingInvalidUtf8',
    file,
    line: 7,
    edit: rewrite(damage(7, 0xff)),
  },
  {
    rule: '[OR11]',
    what: 'a NUL',
    code: 'nulCharacter',
    file,
    line: 7,
    edit: rewrite(damage(7, 0, 0x61, 0x61)),
  },
  {
    rule: '[OR11]',
    what: 'an escape sequence',
    code: 'controlCharacter',
    file,
    line: 7,
    edit: rewrite(damage(7, 0x1b, 0x61, 0x61)),
  },
  {
    rule: '[OR11]',
    what: 'a character lost before',
    code: 'replacementCharacter',
    file,
    line: 7,
    edit: rewrite(damage(7, 0xef, 0xbf, 0xbd)),
  },
  { rule: '[OR11]', what: 'no bytes', code: 'emptyFile', file, edit: rewrite(() => '') },
  { rule: '[OR11]', what: 'blank lines only', code: 'emptyFile', file, edit: rewrite(() => '\r\n\r\n') },
  {
    rule: '[OR12]',
    what: 'semicolons',
    code: 'wrongDelimiter',
    file,
    line: 1,
    params: { delimiter: ';' },
    edit: rewrite((text) => text.replaceAll('","', '";"')),
  },
  {
    rule: '[OR12]',
    what: 'tabs',
    code: 'wrongDelimiter',
    file,
    params: { delimiter: 'TAB' },
    edit: rewrite((text) => text.replaceAll('","', '\t').replaceAll('"', '')),
  },
  {
    rule: '[OR12]',
    what: 'an open quote',
    code: 'unterminatedQuote',
    file,
    line: 3,
    edit: rewrite((text) => text.split('\r\n').slice(0, 3).join('\r\n').slice(0, -1)),
  },
  {
    rule: '[OR12]',
    what: 'text after a quote',
    code: 'textBesideQuotes',
    file,
    line: 2,
    edit: rewrite((text) => text.replace('","true"', '","true"x')),
  },
  {
    rule: '[OR12]',
    what: 'values without quotes',
    code: 'unquotedValue',
    file: 'roles.csv',
    line: 1,
    edit: rewrite((text) => text.replaceAll('"', ''), 'roles.csv'),
  },
  {
    rule: '[OR12]',
    what: 'line feeds',
    code: 'lineEndNotCrlf',
    file,
    line: 1,
    edit: rewrite((text) => text.replaceAll('\r\n', '\n')),
  },
  {
    rule: '[OR12]',
    what: 'one line feed among CRLF',
    code: 'lineEndNotCrlf',
    file,
    line: 1,
    edit: rewrite((text) => text.replace('\r\n', '\n')),
  },
  {
    rule: '[OR12]',
    what: 'a blank line',
    code: 'blankLine',
    file,
    line: 2,
    edit: rewrite((text) => text.replace('\r\n', '\r\n\r\n')),
  },
];

describe('a file with', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));
});
