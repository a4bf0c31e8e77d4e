import type { CryptoPort } from '../vault/crypto-port.ts';

/** The browser's own cryptography, in a page as in a worker. */
export const webCrypto: CryptoPort = {
  subtle: crypto.subtle,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

export function randomHex(bytes: number): string {
  return [...webCrypto.random(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
