import type { IssueLog } from './issue-log.ts';

/** One entry of a zip, as its central directory declares it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
  readonly compressedBytes: number;
  readonly declaredBytes: number;
  readonly crc: number;
  readonly localHeaderAt: number;
}

export const MAX_ENTRIES = 64;
export const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const MAX_COMMENT_BYTES = 0xffff;
const ENCRYPTED_FLAGS = 0x0041;
const ENCRYPTED_METHOD = 99;

function findEnd(view: DataView): number | null {
  const lowest = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return null;
}

/**
 * Reads the central directory and applies the limits to what it declares, before anything is inflated.
 * Null where the bytes are not a zip that can be read; the reason is in the log.
 */
export function readZipDirectory(bytes: Uint8Array, log: IssueLog): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const endAt = findEnd(view);
  if (endAt === null) {
    const begins = bytes.length >= 4 && view.getUint32(0, true) === LOCAL_SIGNATURE;
    log.add(begins ? 'zipTruncated' : 'notAZip');
    return null;
  }
  const count = view.getUint16(endAt + 10, true);
  const directoryBytes = view.getUint32(endAt + 12, true);
  const directoryAt = view.getUint32(endAt + 16, true);
  const severalDisks = view.getUint16(endAt + 4, true) !== 0 || view.getUint16(endAt + 8, true) !== count;
  if (severalDisks || count === 0xffff || directoryAt === 0xffffffff) {
    log.add('zipUnsupported', {}, { feature: severalDisks ? 'multi-disk' : 'zip64' });
    return null;
  }
  if (count > MAX_ENTRIES) {
    log.add('zipTooManyEntries', {}, { count, max: MAX_ENTRIES });
    return null;
  }
  if (directoryAt + directoryBytes > endAt) {
    log.add('zipTruncated');
    return null;
  }
  return readEntries(bytes, view, { at: directoryAt, until: directoryAt + directoryBytes, count }, log);
}

function readEntries(
  bytes: Uint8Array,
  view: DataView,
  directory: { at: number; until: number; count: number },
  log: IssueLog,
): ZipEntry[] | null {
  const entries: ZipEntry[] = [];
  let at = directory.at;
  let totalBytes = 0;
  for (let i = 0; i < directory.count; i += 1) {
    if (at + CENTRAL_BYTES > directory.until || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
      log.add('zipCorrupt');
      return null;
    }
    const nameBytes = view.getUint16(at + 28, true);
    const next =
      at + CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > directory.until) {
      log.add('zipCorrupt');
      return null;
    }
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes));
    const method = view.getUint16(at + 10, true);
    if (view.getUint16(at + 8, true) & ENCRYPTED_FLAGS || method === ENCRYPTED_METHOD) {
      log.add('zipEncrypted', { file: name });
      return null;
    }
    if (method !== 0 && method !== 8) {
      log.add('zipUnsupported', { file: name }, { feature: `method ${method}` });
      return null;
    }
    const declaredBytes = view.getUint32(at + 24, true);
    totalBytes += declaredBytes;
    entries.push({
      name,
      method,
      compressedBytes: view.getUint32(at + 20, true),
      declaredBytes,
      crc: view.getUint32(at + 16, true),
      localHeaderAt: view.getUint32(at + 42, true),
    });
    at = next;
  }
  if (totalBytes > MAX_TOTAL_BYTES) {
    log.add('zipTooLarge', {}, { maxMebibytes: MAX_TOTAL_BYTES / 1024 / 1024 });
    return null;
  }
  return entries;
}
