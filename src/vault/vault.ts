import { utf8, type Bytes, type CryptoPort } from './crypto-port.ts';
import { openEnvelope, sealEnvelope, type EnvelopePlace } from './envelope.ts';

const KEY_BYTES = 32;
const SALT_BYTES = 32;

/** How a password becomes a key. Stored beside what it wraps, so that a later app may raise the figures. */
export interface KdfParameters {
  readonly algorithm: 'argon2id';
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly salt: Bytes;
}

/** Gives 32 bytes. Takes a good part of a second on purpose: run it off the main thread. */
export type PasswordKdf = (password: string, parameters: KdfParameters) => Promise<Bytes>;

/** The master key as it lies on the disk. */
export interface WrappedVault {
  readonly kdf: KdfParameters;
  readonly wrapped: Bytes;
}

export interface OpenVault {
  /** Derives every other key; cannot be exported, can be posted to a worker. */
  readonly root: CryptoKey;
  /** Kept only where the password was given, to wrap anew when it changes; overwritten by `forgetMaster`. */
  readonly master: Bytes;
}

/** Which vault of which person: a person whose new password did not open the old vault has several. */
export interface VaultName {
  readonly personId: string;
  readonly generation: number;
}

const placeOf = ({ personId, generation }: VaultName): EnvelopePlace => ({
  store: 'vault',
  name: `${personId}/${generation}`,
});

/** The same password typed on another keyboard is the same password. */
async function keyOfPassword(
  crypto: CryptoPort,
  kdf: PasswordKdf,
  password: string,
  parameters: KdfParameters,
): Promise<CryptoKey> {
  const bytes = await kdf(password.normalize('NFKC'), parameters);
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  bytes.fill(0);
  return key;
}

function rootOf(crypto: CryptoPort, master: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', master, 'HKDF', false, ['deriveKey']);
}

/** Wraps a master key by a password, with a fresh salt: at the vault's making, and when the password changes. */
export async function wrapMaster(
  crypto: CryptoPort,
  kdf: PasswordKdf,
  name: VaultName,
  password: string,
  master: Bytes,
): Promise<WrappedVault> {
  const parameters: KdfParameters = {
    algorithm: 'argon2id',
    memoryKiB: 65_536,
    iterations: 3,
    parallelism: 1,
    salt: crypto.random(SALT_BYTES),
  };
  const key = await keyOfPassword(crypto, kdf, password, parameters);
  return { kdf: parameters, wrapped: await sealEnvelope(crypto, key, placeOf(name), master) };
}

export async function createVault(
  crypto: CryptoPort,
  kdf: PasswordKdf,
  name: VaultName,
  password: string,
): Promise<OpenVault & { readonly stored: WrappedVault }> {
  const master = crypto.random(KEY_BYTES);
  const stored = await wrapMaster(crypto, kdf, name, password, master);
  return { root: await rootOf(crypto, master), master, stored };
}

/** Null where the password is another. */
export async function openVault(
  crypto: CryptoPort,
  kdf: PasswordKdf,
  name: VaultName,
  password: string,
  stored: WrappedVault,
): Promise<OpenVault | null> {
  const key = await keyOfPassword(crypto, kdf, password, stored.kdf);
  const master = await openEnvelope(crypto, key, placeOf(name), stored.wrapped);
  return master && { root: await rootOf(crypto, master), master };
}

export function forgetMaster(vault: Pick<OpenVault, 'master'>): void {
  vault.master.fill(0);
}

/** A fresh salt for `deriveKey`. Deleting it makes what was written under its key unreadable for good. */
export function newKeySalt(crypto: CryptoPort): Bytes {
  return crypto.random(SALT_BYTES);
}

/** The key of one store. The same root, salt and purpose give the same key; it cannot be exported. */
export function deriveKey(
  crypto: CryptoPort,
  root: CryptoKey,
  salt: Bytes,
  purpose: string,
): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(`amenimo/${purpose}`) },
    root,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}
