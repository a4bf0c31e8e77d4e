import { hkdfSync } from 'node:crypto';
import type { Page } from '@playwright/test';
import { deriveByArgon2id } from '../../../src/vault/argon2id.ts';
import type { Bytes, CryptoPort } from '../../../src/vault/crypto-port.ts';
import { openVault, type KdfParameters } from '../../../src/vault/vault.ts';

const nodeCrypto: CryptoPort = {
  subtle: globalThis.crypto.subtle,
  random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};

interface StoredVaults {
  /** Of the one person who has used this device. */
  readonly personId: string;
  /** Every record of the person's `meta` store; bytes as base64. */
  readonly records: Readonly<Record<string, unknown>>;
}

/**
 * Every key of a person's vaults on this device, raw, computed from what lies in the browser's stores and the
 * password: what a search of the disk must not find.
 */
export async function rawVaultKeys(page: Page, password: string): Promise<ReadonlyMap<string, Buffer>> {
  const { personId, records } = await readStoredVaults(page);
  const keys = new Map<string, Buffer>();
  for (const [name, record] of Object.entries(records)) {
    if (!name.startsWith('vault/')) continue;
    const generation = Number(name.slice('vault/'.length));
    const { kdf, wrapped } = record as { kdf: KdfParameters; wrapped: Bytes };
    const parameters = { ...kdf, salt: bytesOf(kdf.salt) };
    const stored = { kdf: parameters, wrapped: bytesOf(wrapped) };
    const derive: typeof deriveByArgon2id = async (text, given) => {
      const key = await deriveByArgon2id(text, given);
      keys.set(`key of the password ${generation}`, Buffer.from(key));
      return key;
    };
    const opened = await openVault(nodeCrypto, derive, { personId, generation }, password, stored);
    if (!opened) continue;
    const master = Buffer.from(opened.master);
    keys.set(`master key ${generation}`, master);
    for (const [salted, salt] of Object.entries(records)) {
      if (!salted.startsWith('salt/')) continue;
      const purpose = salted.slice('salt/'.length);
      const derived = hkdfSync('sha256', master, bytesOf(salt), `amenimo/${purpose}`, 32);
      keys.set(`key of ${purpose} ${generation}`, Buffer.from(derived));
    }
  }
  return keys;
}

function bytesOf(value: unknown): Bytes {
  const { base64 } = value as { base64: string };
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

async function readStoredVaults(page: Page): Promise<StoredVaults> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => /^p-(.+)-journal$/.exec(name ?? '')?.[1]);
    const persons = names.filter((name) => name !== undefined);
    const [personId] = persons;
    if (personId === undefined || persons.length > 1)
      throw new Error(`${persons.length} persons on this device`);
    const plain = (value: unknown): unknown => {
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        return { base64: btoa(String.fromCharCode(...bytes)) };
      }
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
    };
    const wait = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB refuses'));
      });
    const db = await wait(indexedDB.open(`p-${personId}-journal`));
    const rows = await wait(db.transaction('meta').objectStore('meta').getAll());
    db.close();
    const records = Object.fromEntries(
      (rows as { key: string; value: unknown }[]).map(({ key, value }) => [key, plain(value)]),
    );
    return { personId, records };
  });
}
