import type { Block, BlockMeta, ExchangeHead } from './protocol.ts';

/**
 * An exchange's answer is a sequence of frames: one byte of type, four of length (big endian), the payload.
 * Only an answer that ends with `end` is whole; what came before a cut is kept block by block.
 */
const HEAD = 1;
const BLOCK = 2;
const END = 3;
const PREFIX_BYTES = 5;
/** No frame is longer: a broken or hostile answer cannot ask for all memory. */
const MAX_FRAME_BYTES = 67_108_864;

export const FRAMES_CONTENT_TYPE = 'application/x-amenimo-frames';

export type Frame =
  | { readonly type: 'head'; readonly head: ExchangeHead }
  | { readonly type: 'block'; readonly block: Block }
  | { readonly type: 'end' };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function frame(type: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(PREFIX_BYTES + length);
  bytes[0] = type;
  new DataView(bytes.buffer).setUint32(1, length);
  let offset = PREFIX_BYTES;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

export function encodeHead(head: ExchangeHead): Uint8Array<ArrayBuffer> {
  return frame(HEAD, encoder.encode(JSON.stringify(head)));
}

export function encodeBlock(meta: BlockMeta, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(JSON.stringify(meta));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length);
  return frame(BLOCK, length, text, bytes);
}

export function encodeEnd(): Uint8Array<ArrayBuffer> {
  return frame(END);
}

/** Thrown by the reader: the answer is not one of ours (captive portal, proxy error) or was cut. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

function decodeFrame(type: number, payload: Uint8Array<ArrayBuffer>): Frame {
  if (type === END) return { type: 'end' };
  if (type === HEAD) return { type: 'head', head: JSON.parse(decoder.decode(payload)) as ExchangeHead };
  if (type !== BLOCK) throw new BrokenAnswer(`unknown frame ${type}`);
  const metaLength = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  const meta = JSON.parse(decoder.decode(payload.subarray(4, 4 + metaLength))) as BlockMeta;
  return { type: 'block', block: { meta, bytes: payload.slice(4 + metaLength) } };
}

/** Reads frames as they arrive. Ends normally only after `end`; throws BrokenAnswer on anything else. */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let pending: Uint8Array[] = [];
  let size = 0;
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    const out = new Uint8Array(length);
    let offset = 0;
    while (offset < length) {
      const first = pending[0] as Uint8Array;
      const part = first.subarray(0, length - offset);
      out.set(part, offset);
      offset += part.length;
      if (part.length === first.length) pending.shift();
      else pending[0] = first.subarray(part.length);
    }
    size -= length;
    return out;
  };
  let prefix: Uint8Array<ArrayBuffer> | null = null;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    pending.push(chunk);
    size += chunk.length;
    for (;;) {
      if (!prefix) {
        if (size < PREFIX_BYTES) break;
        prefix = take(PREFIX_BYTES);
      }
      const length = new DataView(prefix.buffer).getUint32(1);
      if (length > MAX_FRAME_BYTES) throw new BrokenAnswer('frame too long');
      if (size < length) break;
      const type = prefix[0] as number;
      prefix = null;
      let decoded: Frame;
      try {
        decoded = decodeFrame(type, take(length));
      } catch (error) {
        throw error instanceof BrokenAnswer ? error : new BrokenAnswer('frame cannot be read');
      }
      yield decoded;
      if (decoded.type === 'end') return;
    }
  }
  pending = [];
  throw new BrokenAnswer('the answer was cut');
}
