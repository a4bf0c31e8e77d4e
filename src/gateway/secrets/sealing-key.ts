import { webcrypto } from 'node:crypto';
import type { SealingKeyPair } from './secrets.ts';

/** Makes the ECDH key pair that rows handed in under a locked vault are sealed to. */
export async function generateSealingKeys(): Promise<SealingKeyPair> {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const { kty, crv, x, y, d } = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  // What a browser says of a key's uses (`ext`, `key_ops`) is for whoever imports it to decide.
  const publicKey = { kty, crv, x, y } as webcrypto.JsonWebKey;
  return { publicKey, privateKey: { ...publicKey, d } as webcrypto.JsonWebKey };
}
