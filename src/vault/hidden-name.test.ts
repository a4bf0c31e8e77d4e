import { expect, test } from 'vitest';
import type { CryptoPort } from './crypto-port.ts';
import { deriveNameKey, hiddenName } from './hidden-name.ts';

const port: CryptoPort = {
  subtle: crypto.subtle,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
const rootOf = (bytes: Uint8Array<ArrayBuffer>) =>
  crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);

test('[VA7] a name is found again with the key, and by no other', async () => {
  const root = await rootOf(port.random(32));
  const salt = port.random(32);
  const key = await deriveNameKey(port, root, salt, 'drafts');
  const name = await hiddenName(port, key, 's1/2026-06-01');
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(await hiddenName(port, await deriveNameKey(port, root, salt, 'drafts'), 's1/2026-06-01')).toBe(name);

  const others = [
    await hiddenName(port, key, 's2/2026-06-01'),
    await hiddenName(port, await deriveNameKey(port, root, salt, 'other'), 's1/2026-06-01'),
    await hiddenName(port, await deriveNameKey(port, root, port.random(32), 'drafts'), 's1/2026-06-01'),
    await hiddenName(
      port,
      await deriveNameKey(port, await rootOf(port.random(32)), salt, 'drafts'),
      's1/2026-06-01',
    ),
  ];
  expect(new Set([name, ...others]).size).toBe(5);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
});
