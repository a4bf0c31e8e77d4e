import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectIssue, titled } from './case-table.testing.ts';
import type { PackageCase } from './case-table.testing.ts';
import type { PackageEditor } from './package-editor.testing.ts';
import { parseOneRosterPackage } from './parse-one-roster-package.ts';
import { openSmallTown } from './small-town.testing.ts';

const practiceZip = fileURLToPath(
  new URL('../../gateway/practice/RO_20260401_oami_1.2_JP.zip', import.meta.url),
);

let town: PackageEditor;
beforeAll(() => {
  town = openSmallTown(new Uint8Array(readFileSync(practiceZip)));
});

const MEBIBYTE = 1024 * 1024;

/** Calls `patch` with the position of each record that has the signature. */
function eachRecord(
  zip: Uint8Array,
  signature: number,
  patch: (view: DataView, at: number) => void,
): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = 0; at + 4 <= zip.length; at += 1) if (view.getUint32(at, true) === signature) patch(view, at);
  return zip;
}

function eachCentral(zip: Uint8Array, patch: (view: DataView, at: number) => void): Uint8Array {
  return eachRecord(zip, 0x02014b50, patch);
}

/** Replaces an entry's name in both places by one of the same length. */
function renameEntry(zip: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at + 1)) text.write(to, at, 'latin1');
  return zip;
}

const cases: PackageCase[] = [
  {
    rule: '[OR5]',
    what: 'text instead of a zip',
    code: 'notAZip',
    edit: () => new TextEncoder().encode('sourcedId,…'),
  },
  { rule: '[OR5]', what: 'nothing at all', code: 'notAZip', edit: () => new Uint8Array() },
  { rule: '[OR5]', what: 'a zip cut in half', code: 'zipTruncated', edit: (p) => p.zip().slice(0, 20_000) },
  {
    rule: '[OR5]',
    what: 'a zip without its beginning',
    code: 'zipTruncated',
    edit: (p) => p.zip().slice(-2_000),
  },
  {
    rule: '[OR5]',
    what: 'local headers that are none',
    code: 'zipCorrupt',
    edit: (p) => eachRecord(p.zip(), 0x04034b50, (view, at) => view.setUint32(at, 0)),
  },
  {
    rule: '[OR5]',
    what: 'packed data that does not inflate',
    code: 'zipCorrupt',
    edit: (p) => {
      const zip = p.zip();
      zip.fill(0xff, 60, 200);
      return zip;
    },
  },
  {
    rule: '[OR5]',
    what: 'a name that differs between directory and entry',
    code: 'zipCorrupt',
    edit: (p) => eachRecord(p.zip(), 0x04034b50, (view, at) => view.setUint8(at + 30, 'x'.charCodeAt(0))),
  },
  {
    rule: '[OR5]',
    what: 'one changed byte in stored content',
    code: 'zipCrcMismatch',
    file: 'manifest.csv',
    edit: (p) => {
      const zip = p.zip({ level: 0 });
      const at = Buffer.from(zip.buffer).indexOf('SyntheticSIS');
      zip[at] = 'X'.charCodeAt(0);
      return zip;
    },
  },
  {
    rule: '[OR5]',
    what: 'an encrypted entry',
    code: 'zipEncrypted',
    edit: (p) => eachCentral(p.zip(), (view, at) => view.setUint16(at + 8, 1, true)),
  },
  {
    rule: '[OR5]',
    what: 'another packing method',
    code: 'zipUnsupported',
    params: { feature: 'method 12' },
    edit: (p) => eachCentral(p.zip(), (view, at) => view.setUint16(at + 10, 12, true)),
  },
  {
    rule: '[OR5]',
    what: 'a zip64 archive',
    code: 'zipUnsupported',
    params: { feature: 'zip64' },
    edit: (p) => eachRecord(p.zip(), 0x06054b50, (view, at) => view.setUint32(at + 16, 0xffffffff, true)),
  },
  {
    rule: '[OR6]',
    what: 'more than 64 entries',
    code: 'zipTooManyEntries',
    edit: (p) => {
      for (let i = 0; i < 64; i += 1) p.addFile(`${i}.txt`, '');
    },
  },
  {
    rule: '[OR6]',
    what: 'a declared size beyond 256 MiB, before inflating',
    code: 'zipTooLarge',
    file: null,
    edit: (p) => eachCentral(p.zip(), (view, at) => view.setUint32(at + 24, 40 * MEBIBYTE, true)),
  },
  {
    rule: '[OR6]',
    what: 'more content than declared, while inflating',
    code: 'zipTooLarge',
    file: 'manifest.csv',
    edit: (p) => {
      p.rewrite('manifest.csv', () => new Uint8Array(20 * MEBIBYTE));
      return eachCentral(p.zip(), (view, at) => view.setUint32(at + 24, 1000, true));
    },
  },
  {
    rule: '[OR7]',
    what: 'a name that leaves the folder',
    code: 'unsafeEntryName',
    edit: (p) => p.addFile('../evil.csv', 'x'),
  },
  {
    rule: '[OR7]',
    what: 'an absolute name',
    code: 'unsafeEntryName',
    edit: (p) => p.addFile('/etc/users.csv', 'x'),
  },
  { rule: '[OR7]', what: 'a drive', code: 'unsafeEntryName', edit: (p) => p.addFile('C:/users.csv', 'x') },
  {
    rule: '[OR7]',
    what: 'a backslash',
    code: 'unsafeEntryName',
    edit: (p) => p.addFile('a\\users.csv', 'x'),
  },
  { rule: '[OR7]', what: 'a nested folder', code: 'nestedFolder', edit: (p) => p.zip({ folder: 'a/b/' }) },
  {
    rule: '[OR7]',
    what: 'files in several folders',
    code: 'nestedFolder',
    edit: (p) => p.addFile('old/users.csv', 'x'),
  },
  {
    rule: '[OR7]',
    what: 'two entries of one name',
    code: 'duplicateEntry',
    file: 'users.csv',
    edit: (p) => {
      p.addFile('users.csX', 'x');
      return renameEntry(p.zip(), 'users.csX', 'users.csv');
    },
  },
  {
    rule: '[OR7]',
    what: 'names that differ in case only',
    code: 'duplicateEntry',
    edit: (p) => p.addFile('USERS.csv', 'x'),
  },
  {
    rule: '[OR7]',
    what: 'one folder around all files',
    code: 'topLevelFolder',
    edit: (p) => p.zip({ folder: 'RO/' }),
  },
  {
    rule: '[OR7]',
    what: 'a file of another kind',
    code: 'unknownFileIgnored',
    file: 'readme.txt',
    edit: (p) => p.addFile('readme.txt', 'x'),
  },
  {
    rule: '[OR7]',
    what: "a file manager's additions",
    code: 'unknownFileIgnored',
    edit: (p) => p.addFile('__MACOSX/._users.csv', 'x'),
  },
];

describe('a package that comes as', () => {
  test.each(titled(cases))('%s', (_, one) => expectIssue(town, one));

  test('[OR5] no prefix of a good zip is read, and none throws', () => {
    const zip = town.zip();
    for (let length = 0; length < zip.length; length += 4_999) {
      expect(parseOneRosterPackage(zip.slice(0, length)).ok).toBe(false);
    }
  });
});
