/**
 * What lies in the files of a LevelDB, where Chromium keeps IndexedDB: the blocks of a table, decompressed, and the
 * records of a log, put together. Written after LevelDB's own doc/table_format.md and doc/log_format.md.
 */
const FOOTER_BYTES = 48;
const TABLE_MAGIC = 0xdb4775248b80fb57n;
const LOG_BLOCK_BYTES = 32_768;
const LOG_HEADER_BYTES = 7;
const SNAPPY = 1;

/** Null where these bytes are no table. */
export function readTable(file: Buffer): Buffer[] | null {
  const magicAt = file.length - 8;
  if (file.length < FOOTER_BYTES || file.readBigUInt64LE(magicAt) !== TABLE_MAGIC) return null;
  const footer = new Cursor(file, file.length - FOOTER_BYTES);
  footer.varint();
  footer.varint();
  const index = readBlock(file, footer.varint(), footer.varint());
  const blocks: Buffer[] = [];
  // The index names each block by its last key; its value is where the block lies.
  const entriesEnd = index.length - 4 - index.readUInt32LE(index.length - 4) * 4;
  const cursor = new Cursor(index, 0);
  while (cursor.at < entriesEnd) {
    cursor.varint();
    const keyBytes = cursor.varint();
    const valueBytes = cursor.varint();
    const value = new Cursor(index, cursor.at + keyBytes);
    cursor.at += keyBytes + valueBytes;
    blocks.push(readBlock(file, value.varint(), value.varint()));
  }
  return blocks;
}

/** The payloads of a log one after another, without the headers that stand between them. */
export function readLog(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let block = 0; block < file.length; block += LOG_BLOCK_BYTES) {
    const end = Math.min(block + LOG_BLOCK_BYTES, file.length);
    let at = block;
    while (at + LOG_HEADER_BYTES <= end) {
      const length = file.readUInt16LE(at + 4);
      parts.push(file.subarray(at + LOG_HEADER_BYTES, Math.min(at + LOG_HEADER_BYTES + length, end)));
      at += LOG_HEADER_BYTES + length;
    }
  }
  return Buffer.concat(parts);
}

function readBlock(file: Buffer, offset: number, length: number): Buffer {
  const bytes = file.subarray(offset, offset + length);
  return file[offset + length] === SNAPPY ? unsnappy(bytes) : bytes;
}

/** Snappy's format_description.txt: literals, and copies of what has been written before. */
export function unsnappy(bytes: Buffer): Buffer {
  const cursor = new Cursor(bytes, 0);
  const out = Buffer.alloc(cursor.varint());
  let written = 0;
  while (cursor.at < bytes.length) {
    const tag = cursor.byte();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : cursor.little(short - 59)) + 1;
      written += bytes.copy(out, written, cursor.at, cursor.at + length);
      cursor.at += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = kind === 1 ? ((tag >> 5) << 8) | cursor.byte() : cursor.little(kind === 2 ? 2 : 4);
    // A copy may reach into what it writes.
    for (let count = 0; count < length; count += 1, written += 1) out[written] = out[written - offset] ?? 0;
  }
  return out;
}

class Cursor {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  little(count: number): number {
    this.at += count;
    return this.#bytes.readUIntLE(this.at - count, count);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
}
