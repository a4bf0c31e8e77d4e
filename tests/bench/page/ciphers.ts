import type { Bytes, CryptoPort } from '#vault/crypto-port.ts';
import { webCrypto } from '#device/web-crypto.ts';

const TAG_BYTES = 16;

/** The vault's port with a cipher that copies: same envelopes, same lengths, no encryption. For R12 alone. */
export const noCipher: CryptoPort = {
  random: webCrypto.random,
  subtle: {
    encrypt: async (_algorithm: unknown, _key: unknown, plain: Bytes) => {
      const copy = new Uint8Array(plain.length + TAG_BYTES);
      copy.set(plain);
      return copy.buffer;
    },
    decrypt: async (_algorithm: unknown, _key: unknown, sealed: Bytes) =>
      sealed.slice(0, sealed.length - TAG_BYTES).buffer,
  } as unknown as SubtleCrypto,
};
