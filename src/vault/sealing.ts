import { utf8, type Bytes, type CryptoPort } from './crypto-port.ts';
import { openEnvelope, sealEnvelope, type EnvelopePlace } from './envelope.ts';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const KEY_BYTES = 32;

/** A school's public key, as the gateway hands it out. */
export interface SchoolKey {
  readonly schoolCode: string;
  /** Names the key among a school's keys: `keyIdOf` its JWK. */
  readonly keyId: string;
  readonly publicKey: CryptoKey;
}

/** A content key that only the school's private key opens. */
export interface SchoolWrap {
  readonly schoolCode: string;
  readonly keyId: string;
  /** The sender's one-time public key, uncompressed point. */
  readonly ephemeral: Bytes;
  readonly wrapped: Bytes;
}

/** Both wraps lie in every row: a row can be opened with nothing else beside it. */
export interface Wraps {
  readonly vault: Bytes;
  /** Null where no key of the school was known yet. */
  readonly school: SchoolWrap | null;
}

/** Encrypts rows during one session, so that a row costs one AES-GCM operation. */
export interface ContentKey {
  readonly key: CryptoKey;
  readonly wraps: Wraps;
}

const VAULT_PLACE: EnvelopePlace = { store: 'journal', name: 'content-key' };

function schoolPlace(wrap: Pick<SchoolWrap, 'schoolCode' | 'keyId'>): EnvelopePlace {
  return { store: `school/${wrap.schoolCode}`, name: wrap.keyId };
}

function importContentKey(crypto: CryptoPort, bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** First 64 bits of SHA-256 over the JWK's point. */
async function keyIdOf(crypto: CryptoPort, jwk: JsonWebKey): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(`${jwk.x}.${jwk.y}`)));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Throws where the JWK is no public key of P-256. */
export async function importSchoolKey(
  crypto: CryptoPort,
  schoolCode: string,
  jwk: JsonWebKey,
): Promise<SchoolKey> {
  const point = { kty: jwk.kty ?? '', crv: jwk.crv ?? '', x: jwk.x ?? '', y: jwk.y ?? '' };
  const publicKey = await crypto.subtle.importKey('jwk', point, CURVE, true, []);
  return { schoolCode, keyId: await keyIdOf(crypto, jwk), publicKey };
}

/** ECDH, then HKDF over both public keys, so that a wrap is bound to its sender's key and to the school's. */
async function sharedKey(
  crypto: CryptoPort,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  ephemeral: Bytes,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256);
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: ephemeral, info: utf8('amenimo/seal-to-school') },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    [usage],
  );
}

async function wrapForSchool(crypto: CryptoPort, school: SchoolKey, content: Bytes): Promise<SchoolWrap> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const key = await sharedKey(crypto, pair.privateKey, school.publicKey, ephemeral, 'encrypt');
  const { schoolCode, keyId } = school;
  const wrapped = await sealEnvelope(crypto, key, schoolPlace({ schoolCode, keyId }), content);
  return { schoolCode, keyId, ephemeral, wrapped };
}

/** A fresh content key, wrapped for this vault and, where its key is known, for the school. */
export async function createContentKey(
  crypto: CryptoPort,
  vaultKey: CryptoKey,
  school: SchoolKey | null,
): Promise<ContentKey> {
  const content = crypto.random(KEY_BYTES);
  const [key, vault, forSchool] = await Promise.all([
    importContentKey(crypto, content),
    sealEnvelope(crypto, vaultKey, VAULT_PLACE, content),
    school ? wrapForSchool(crypto, school, content) : null,
  ]);
  content.fill(0);
  return { key, wraps: { vault, school: forSchool } };
}

/** The content key of a row of this vault; null where it is another vault's. */
export async function openContentKey(
  crypto: CryptoPort,
  vaultKey: CryptoKey,
  wraps: Wraps,
): Promise<CryptoKey | null> {
  const content = await openEnvelope(crypto, vaultKey, VAULT_PLACE, wraps.vault);
  return content && importContentKey(crypto, content);
}

/** The content key of a row, opened at the school with its private key (usage `deriveBits`). */
export async function openContentKeyAsSchool(
  crypto: CryptoPort,
  privateKey: CryptoKey,
  wrap: SchoolWrap,
): Promise<CryptoKey | null> {
  const sender = await crypto.subtle.importKey('raw', wrap.ephemeral, CURVE, true, []);
  const key = await sharedKey(crypto, privateKey, sender, wrap.ephemeral, 'decrypt');
  const content = await openEnvelope(crypto, key, schoolPlace(wrap), wrap.wrapped);
  return content && importContentKey(crypto, content);
}
