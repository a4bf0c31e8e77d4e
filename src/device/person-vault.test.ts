import './testing/browser-storage.ts';
import { beforeEach, expect, test } from 'vitest';
import { utf8 } from '../vault/crypto-port.ts';
import type { PasswordKdf } from '../vault/vault.ts';
import { PersonDatabase } from './person-database.ts';
import { PersonVaults, type Profile, type UnlockedVault } from './person-vault.ts';
import { STREAM } from './testing/entries.ts';
import { webCrypto } from './web-crypto.ts';

const quickKdf: PasswordKdf = async (password, { salt }) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...utf8(password), ...salt])));
const vaults = new PersonVaults(webCrypto, quickKdf);
const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
const profile: Profile = {
  person: { id: 't-1', login: 't0001', name: '担任 花', grants: [] },
  streams: [{ key: STREAM, schoolCode: 'B101', schoolName: '試小学校' }],
  sealing: { B101: { kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '' } },
  factors: ['password', 'totp'],
  secondFactor: 'present',
};

let serial = 0;
let db: PersonDatabase;
beforeEach(() => {
  serial += 1;
  db = new PersonDatabase(`v${serial}`);
});

test('[DE60] a vault opens with its password alone, and gives the profile without a network', async () => {
  expect(await vaults.open(db, 't-1', 'right password')).toBe('none');
  const vault = await vaults.create(db, 't-1', 'right password');
  await vaults.saveProfile(db, vault, profile);
  expect(await vaults.open(db, 't-1', 'wrong password')).toBe('badPassword');
  const opened = (await vaults.open(db, 't-1', 'right password')) as UnlockedVault;
  expect(await vaults.readProfile(db, opened)).toEqual(profile);
});

test('[DE41] the person’s name lies in no row of the database', async () => {
  const vault = await vaults.create(db, 't-1', 'right password');
  await vaults.saveProfile(db, vault, profile);
  const rows = await db.meta.toArray();
  const bytes = rows.flatMap(({ value }) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : [],
  );
  const text = JSON.stringify(rows) + bytes.join();
  expect(bytes.length).toBeGreaterThan(0);
  for (const word of ['担任', '試小学校', 't0001']) expect(text).not.toContain(word);
});

test('[DE61] another password makes a vault beside the old one', async () => {
  const old = await vaults.create(db, 't-1', 'old password');
  expect(await vaults.open(db, 't-1', 'new password')).toBe('badPassword');
  const fresh = await vaults.create(db, 't-1', 'new password');
  expect([old.generation, fresh.generation]).toEqual([1, 2]);
  expect(await db.readMeta('vault/1')).toBeDefined();
  expect(await vaults.open(db, 't-1', 'new password')).toMatchObject({ generation: 2 });
});

test('[VA4] an open vault takes a changed password over', async () => {
  const vault = await vaults.create(db, 't-1', 'old password');
  await vaults.saveProfile(db, vault, profile);
  expect(await vaults.rewrap(db, 't-1', vault, 'new password')).toBe(true);
  expect(await vaults.open(db, 't-1', 'old password')).toBe('badPassword');
  const opened = (await vaults.open(db, 't-1', 'new password')) as UnlockedVault;
  expect(opened.generation).toBe(1);
  expect(await vaults.readProfile(db, opened)).toEqual(profile);
});

test('[VA21] each school of the profile gets a content key that it can open', async () => {
  const vault = await vaults.create(db, 't-1', 'password');
  const keys = await vaults.contentKeys(db, vault, profile);
  expect(keys.get('B101')?.wraps.school).toMatchObject({ schoolCode: 'B101' });
});
