import { expect, test } from 'vitest';
import { fromUtf8, utf8, type CryptoPort } from './crypto-port.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import {
  createContentKey,
  importSchoolKey,
  openContentKey,
  openContentKeyAsSchool,
  type SchoolWrap,
} from './sealing.ts';

const port: CryptoPort = {
  subtle: crypto.subtle,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
const place = { store: 'journal', name: 'row' };

const newVaultKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const newPair = () => crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);

async function schoolKeyOf(pair: CryptoKeyPair, code = 'B101') {
  return importSchoolKey(port, code, await crypto.subtle.exportKey('jwk', pair.publicKey));
}

test('[VA20] [VA21] a row opens with its vault and with its school, from its own wraps alone', async () => {
  const [vaultKey, pair] = await Promise.all([newVaultKey(), newPair()]);
  const content = await createContentKey(port, vaultKey, await schoolKeyOf(pair));
  const row = structuredClone({
    sealed: await sealEnvelope(port, content.key, place, utf8('{"mark":"sick"}')),
    wraps: content.wraps,
  });

  const own = await openContentKey(port, vaultKey, row.wraps);
  const school = await openContentKeyAsSchool(port, pair.privateKey, row.wraps.school as SchoolWrap);
  for (const key of [own, school]) {
    const opened = await openEnvelope(port, key as CryptoKey, place, row.sealed);
    expect(opened && fromUtf8(opened)).toBe('{"mark":"sick"}');
  }

  const stranger = await newPair();
  expect(await openContentKey(port, await newVaultKey(), row.wraps)).toBeNull();
  expect(await openContentKeyAsSchool(port, stranger.privateKey, row.wraps.school as SchoolWrap)).toBeNull();
});

test('[VA22] a wrap is bound to its school, that key and its sender', async () => {
  const [vaultKey, pair] = await Promise.all([newVaultKey(), newPair()]);
  const wrap = (await createContentKey(port, vaultKey, await schoolKeyOf(pair))).wraps.school as SchoolWrap;
  const other = (await createContentKey(port, vaultKey, await schoolKeyOf(pair))).wraps.school as SchoolWrap;
  const open = (changed: SchoolWrap) => openContentKeyAsSchool(port, pair.privateKey, changed);
  expect(await open(wrap)).not.toBeNull();
  expect(await open({ ...wrap, schoolCode: 'B102' })).toBeNull();
  expect(await open({ ...wrap, keyId: '0000000000000000' })).toBeNull();
  expect(await open({ ...wrap, ephemeral: other.ephemeral })).toBeNull();
});

test('[VA23] without a key of the school rows are wrapped for the vault alone', async () => {
  const vaultKey = await newVaultKey();
  const { wraps } = await createContentKey(port, vaultKey, null);
  expect(wraps.school).toBeNull();
  expect(await openContentKey(port, vaultKey, wraps)).not.toBeNull();
});
