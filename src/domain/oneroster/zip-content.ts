import { Inflate } from 'fflate';
import { crc32 } from './crc32.ts';
import type { IssueLog } from './issue-log.ts';
import type { ZipEntry } from './zip-directory.ts';

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
/** Deflate expands at most 1,032 times: one slice can become at most 16 MiB before the limit is looked at again. */
const SLICE_BYTES = 16 * 1024;

/** The entry's bytes, checked against its declared size and CRC; null with the reason in the log. */
export function readZipContent(bytes: Uint8Array, entry: ZipEntry, log: IssueLog): Uint8Array | null {
  const packed = packedBytes(bytes, entry);
  if (packed === null) {
    log.add('zipCorrupt', { file: entry.name });
    return null;
  }
  const content = entry.method === 0 ? packed : inflate(packed, entry.declaredBytes);
  if (content === 'tooLarge') {
    log.add(
      'zipTooLarge',
      { file: entry.name },
      { maxMebibytes: Math.ceil(entry.declaredBytes / 1024 / 1024) },
    );
    return null;
  }
  if (content === null || content.length !== entry.declaredBytes) {
    log.add('zipCorrupt', { file: entry.name });
    return null;
  }
  if (crc32(content) !== entry.crc) {
    log.add('zipCrcMismatch', { file: entry.name });
    return null;
  }
  return content;
}

function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array | null {
  const at = entry.localHeaderAt;
  if (at + LOCAL_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, LOCAL_BYTES);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) return null;
  const nameEnd = at + LOCAL_BYTES + view.getUint16(26, true);
  const localName = new TextDecoder().decode(bytes.subarray(at + LOCAL_BYTES, nameEnd));
  // Two names for one entry are how one program is shown another file than the next.
  if (localName !== entry.name) return null;
  const begin = nameEnd + view.getUint16(28, true);
  const end = begin + entry.compressedBytes;
  return end <= bytes.length ? bytes.subarray(begin, end) : null;
}

/** Inflates slice by slice and stops as soon as more comes out than was declared. */
function inflate(packed: Uint8Array, maxBytes: number): Uint8Array | 'tooLarge' | null {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
  });
  try {
    for (let at = 0; at < packed.length && length <= maxBytes; at += SLICE_BYTES) {
      const end = Math.min(at + SLICE_BYTES, packed.length);
      stream.push(packed.subarray(at, end), end === packed.length);
    }
  } catch {
    // fflate throws on damaged data only; the damage is the answer.
    return null;
  }
  if (length > maxBytes) return 'tooLarge';
  const content = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return content;
}
