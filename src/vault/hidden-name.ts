import { utf8, type Bytes, type CryptoPort } from './crypto-port.ts';

const NAME_BYTES = 16;

/** The key that hides one store's names. The same root, salt and purpose give the same key; it cannot be exported. */
export function deriveNameKey(
  crypto: CryptoPort,
  root: CryptoKey,
  salt: Bytes,
  purpose: string,
): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(`amenimo/${purpose}/names`) },
    root,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
}

/** 128 bits of HMAC-SHA-256 in hex: the same name is found again with the key, and told to nobody without it. */
export async function hiddenName(crypto: CryptoPort, key: CryptoKey, name: string): Promise<string> {
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(name)));
  return [...mac.subarray(0, NAME_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
