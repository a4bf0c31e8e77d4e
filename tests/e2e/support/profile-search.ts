import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ByteSearch } from './byte-search.ts';
import { readLog, readTable } from './leveldb-file.ts';
import { inflated, readCachedBrotli } from './simple-cache-file.ts';

export interface ProfileFinding {
  readonly file: string;
  readonly name: string;
}

export interface ProfileSearchResult {
  readonly findings: readonly ProfileFinding[];
  readonly files: readonly string[];
  readonly tables: number;
  readonly bytes: number;
}

/** Searches every file under a browser's profile as it lies there, and what can be unpacked of it. */
export function searchProfile(folder: string, search: ByteSearch): ProfileSearchResult {
  const findings: ProfileFinding[] = [];
  const files: string[] = [];
  let tables = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(folder, path);
    const raw = readFileSync(path);
    const table = readTable(raw);
    if (table) tables += 1;
    const layers = [raw, ...(table ?? []), ...(entry.name.endsWith('.log') ? [readLog(raw)] : [])];
    const cached = readCachedBrotli(raw);
    const readable = [
      ...layers,
      ...(cached ? [cached] : []),
      ...layers.flatMap(unpacked),
      ...layers.flatMap(inflated),
    ];
    const found = new Set(readable.flatMap((layer) => [...search.findIn(layer)]));
    findings.push(...[...found].map((name) => ({ file, name })));
    files.push(file);
    bytes += readable.reduce((sum, layer) => sum + layer.length, 0);
  }
  return { findings, files, tables, bytes };
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** Everything in it that is gzip. */
function unpacked(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      found.push(gunzipSync(bytes.subarray(at)));
    } catch {
      // Three bytes that only look like it, or a stream that is cut by the file's own framing.
    }
  }
  return found;
}
