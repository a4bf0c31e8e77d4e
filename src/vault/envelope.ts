import { utf8, type Bytes, type CryptoPort } from './crypto-port.ts';

const IV_BYTES = 12;

/** What an envelope is bound to: the store it lies in and its name there. It opens nowhere else. */
export interface EnvelopePlace {
  readonly store: string;
  readonly name: string;
}

/** The length stands first, so that no store and name can be read as another pair. */
function associatedData({ store, name }: EnvelopePlace): Bytes {
  return utf8(`${store.length}:${store}/${name}`);
}

/** AES-256-GCM with a fresh 96-bit IV, which stands before the ciphertext. */
export async function sealEnvelope(
  crypto: CryptoPort,
  key: CryptoKey,
  place: EnvelopePlace,
  plain: Bytes,
): Promise<Bytes> {
  const iv = crypto.random(IV_BYTES);
  const algorithm = { name: 'AES-GCM', iv, additionalData: associatedData(place) };
  const cipher = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
  const sealed = new Uint8Array(IV_BYTES + cipher.length);
  sealed.set(iv);
  sealed.set(cipher, IV_BYTES);
  return sealed;
}

/** Null where the key, the place or a bit differs. */
export async function openEnvelope(
  crypto: CryptoPort,
  key: CryptoKey,
  place: EnvelopePlace,
  sealed: Bytes,
): Promise<Bytes | null> {
  if (sealed.length <= IV_BYTES) return null;
  const algorithm = {
    name: 'AES-GCM',
    iv: sealed.subarray(0, IV_BYTES),
    additionalData: associatedData(place),
  };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(IV_BYTES)));
  } catch {
    return null;
  }
}
