/** Bytes that WebCrypto and IndexedDB take as they are. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What the vault needs of its surroundings: the browser's and Node's `crypto` both offer it. */
export interface CryptoPort {
  readonly subtle: SubtleCrypto;
  /** Fresh random bytes of cryptographic quality. */
  readonly random: (length: number) => Bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Throws where the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
