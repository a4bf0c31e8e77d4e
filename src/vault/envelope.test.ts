import { expect, test } from 'vitest';
import { fromUtf8, utf8, type CryptoPort } from './crypto-port.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';

const port: CryptoPort = {
  subtle: crypto.subtle,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const place = { store: 'journal', name: 'register:2026-06:attendance:00' };

test('[VA10] the same text twice gives two envelopes, each with its IV in front', async () => {
  const one = await sealEnvelope(port, key, place, utf8('病'));
  const two = await sealEnvelope(port, key, place, utf8('病'));
  expect(one.subarray(0, 12)).not.toEqual(two.subarray(0, 12));
  expect(one.subarray(12)).not.toEqual(two.subarray(12));
  expect(one).toHaveLength(12 + 3 + 16);
});

test('[VA11] an envelope opens only whole, in its store and under its name', async () => {
  const sealed = await sealEnvelope(port, key, place, utf8('病'));
  const opened = await openEnvelope(port, key, place, sealed);
  expect(opened && fromUtf8(opened)).toBe('病');
  expect(await openEnvelope(port, key, { ...place, store: 'drafts' }, sealed)).toBeNull();
  expect(await openEnvelope(port, key, { ...place, name: 'other' }, sealed)).toBeNull();
  expect(await openEnvelope(port, key, { store: 'journal/x', name: 'y' }, sealed)).toBeNull();
  expect(await openEnvelope(port, key, place, sealed.subarray(0, sealed.length - 1))).toBeNull();
  expect(await openEnvelope(port, key, place, sealed.subarray(0, 5))).toBeNull();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await openEnvelope(port, key, place, changed)).toBeNull();
  }
});
