import { describe, expect, test } from 'vitest';
import { deriveByArgon2id } from './argon2id.ts';
import { fromUtf8, utf8, type CryptoPort } from './crypto-port.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { createVault, deriveKey, newKeySalt, openVault, wrapMaster, type PasswordKdf } from './vault.ts';

const port: CryptoPort = {
  subtle: crypto.subtle,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** Stands in for Argon2id where only its contract matters: 32 bytes of password and salt. */
const quickKdf: PasswordKdf = async (password, { salt }) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...utf8(password), ...salt])));

const name = { personId: 't-1', generation: 1 };
const place = { store: 'blocks', name: 'a/1' };

describe('vault', () => {
  test('[VA1] the master key is random, and stored only wrapped by Argon2id', async () => {
    const vault = await createVault(port, deriveByArgon2id, name, 'correct horse battery');
    expect(vault.stored.kdf).toMatchObject({
      algorithm: 'argon2id',
      memoryKiB: 65_536,
      iterations: 3,
      parallelism: 1,
    });
    expect(vault.master).toHaveLength(32);
    expect(vault.stored.wrapped).toHaveLength(12 + 32 + 16);
    const opened = await openVault(port, deriveByArgon2id, name, 'correct horse battery', vault.stored);
    expect(opened?.master).toEqual(vault.master);
    const other = await createVault(port, quickKdf, name, 'correct horse battery');
    expect(other.master).not.toEqual(vault.master);
  });

  test('[VA2] another password, person or generation opens nothing', async () => {
    const { stored } = await createVault(port, quickKdf, name, 'one password here');
    expect(await openVault(port, quickKdf, name, 'another password', stored)).toBeNull();
    expect(
      await openVault(port, quickKdf, { ...name, personId: 't-2' }, 'one password here', stored),
    ).toBeNull();
    expect(
      await openVault(port, quickKdf, { ...name, generation: 2 }, 'one password here', stored),
    ).toBeNull();
  });

  test('[VA3] any Unicode form of the password is the same password', async () => {
    const { stored } = await createVault(port, quickKdf, name, 'ガッコウ2026');
    expect(await openVault(port, quickKdf, name, 'ｶﾞｯｺｳ２０２６', stored)).not.toBeNull();
  });

  test('[VA4] a changed password keeps the master key', async () => {
    const { master, stored } = await createVault(port, quickKdf, name, 'old password 1');
    const again = await wrapMaster(port, quickKdf, name, 'new password 2', master);
    expect(again.kdf.salt).not.toEqual(stored.kdf.salt);
    expect((await openVault(port, quickKdf, name, 'new password 2', again))?.master).toEqual(master);
    expect(await openVault(port, quickKdf, name, 'old password 1', again)).toBeNull();
  });

  test('[VA5] each store has a key of its own that cannot be exported', async () => {
    const { root } = await createVault(port, quickKdf, name, 'p');
    const salt = newKeySalt(port);
    const key = await deriveKey(port, root, salt, 'blocks/a');
    const sealed = await sealEnvelope(port, key, place, utf8('内容'));
    const same = await deriveKey(port, root, salt, 'blocks/a');
    const other = await deriveKey(port, root, salt, 'blocks/b');
    expect(fromUtf8((await openEnvelope(port, same, place, sealed)) ?? utf8(''))).toBe('内容');
    expect(await openEnvelope(port, other, place, sealed)).toBeNull();
    expect([key.extractable, root.extractable]).toEqual([false, false]);
  });

  test('[VA6] without its salt a store cannot be read again', async () => {
    const { root } = await createVault(port, quickKdf, name, 'p');
    const sealed = await sealEnvelope(
      port,
      await deriveKey(port, root, newKeySalt(port), 'blocks/a'),
      place,
      utf8('x'),
    );
    const anew = await deriveKey(port, root, newKeySalt(port), 'blocks/a');
    expect(await openEnvelope(port, anew, place, sealed)).toBeNull();
  });
});
