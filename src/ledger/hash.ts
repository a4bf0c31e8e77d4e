import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** First 128 bits of SHA-256, as 32 lower-case hexadecimal digits. */
export type Hash = string;

export const HASH_PATTERN = /^[0-9a-f]{32}$/;

export function hashText(text: string): Hash {
  return bytesToHex(sha256(utf8ToBytes(text)).subarray(0, 16));
}
