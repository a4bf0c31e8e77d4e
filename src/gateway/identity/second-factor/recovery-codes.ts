import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';

const CODE_COUNT = 10;
/** Nothing that looks alike on paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUP_LENGTH = 5;

/** Ten codes of two groups, about 50 bits each, to be shown once. */
export function newRecoveryCodes(): string[] {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const codes = new Set<string>();
  while (codes.size < CODE_COUNT) codes.add(`${group()}-${group()}`);
  return [...codes];
}

/** A keyed hash: a code has too much chance in it to be guessed, and the store's reader lacks the key. */
export function hashRecoveryCode(key: Uint8Array, personId: string, code: string): string {
  const letters = code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return createHmac('sha256', key).update(`recovery code\0${personId}\0${letters}`).digest('base64url');
}

/** The hashes that are left when this code is used; null where it is none of them. Looks at each, however it ends. */
export function useRecoveryHash(hashes: readonly string[], hash: string): string[] | null {
  const asked = Buffer.from(hash, 'base64url');
  let found: string | null = null;
  for (const each of hashes) {
    const kept = Buffer.from(each, 'base64url');
    if (kept.length === asked.length && timingSafeEqual(kept, asked)) found = each;
  }
  return found === null ? null : hashes.filter((each) => each !== found);
}
