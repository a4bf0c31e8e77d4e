import { brotliDecompressSync, constants, inflateSync } from 'node:zlib';

/**
 * An entry of Chromium's HTTP cache or Cache Storage: header, key, then the bodies. After net/disk_cache/simple/
 * simple_entry_format.h.
 */
const MAGIC = 0xfcfb6d1ba7725c30n;
const HEADER_BYTES = 24;

/** What a cached answer says once it is unpacked as brotli; null where these bytes are no such entry. */
export function readCachedBrotli(file: Buffer): Buffer | null {
  if (file.length < HEADER_BYTES || file.readBigUInt64LE(0) !== MAGIC) return null;
  const bodyAt = HEADER_BYTES + file.readUInt32LE(12);
  try {
    const finishFlush = constants.BROTLI_OPERATION_FLUSH;
    return brotliDecompressSync(file.subarray(bodyAt), { finishFlush });
  } catch {
    return null;
  }
}

/** The two ways a zlib stream usually begins. */
const ZLIB_STARTS = [Buffer.from([0x78, 0x9c]), Buffer.from([0x78, 0xda])];

/** Everything in it that is a zlib stream. */
export function inflated(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (const start of ZLIB_STARTS) {
    for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
      try {
        found.push(inflateSync(bytes.subarray(at, at + 16_777_216), { finishFlush: constants.Z_SYNC_FLUSH }));
      } catch {
        // Two bytes that only look like it.
      }
    }
  }
  return found;
}
