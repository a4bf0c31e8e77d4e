import type { Hash } from './hash.ts';

const MODULUS = 1n << 128n;

/** Sum of hashes modulo 2¹²⁸: the same for the same set in any order, and cheap to add to or take from. */
export type Digest = string;

export const EMPTY_DIGEST: Digest = '0'.repeat(32);

function toHex(value: bigint): Digest {
  return value.toString(16).padStart(32, '0');
}

export function addToDigest(digest: Digest, hashes: Iterable<Hash>): Digest {
  let sum = BigInt(`0x${digest}`);
  for (const hash of hashes) sum += BigInt(`0x${hash}`);
  return toHex(sum % MODULUS);
}

/** Joins digests of disjoint sets. */
export function sumDigests(digests: Iterable<Digest>): Digest {
  return addToDigest(EMPTY_DIGEST, digests);
}

export function takeFromDigest(digest: Digest, hash: Hash): Digest {
  return toHex((((BigInt(`0x${digest}`) - BigInt(`0x${hash}`)) % MODULUS) + MODULUS) % MODULUS);
}
