import './testing/browser-storage.ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { utf8 } from '../vault/crypto-port.ts';
import { newKeySalt, type PasswordKdf } from '../vault/vault.ts';
import { Drafts } from './drafts.ts';
import { PersonDatabase } from './person-database.ts';
import { MemoryDrafts } from './testing/memory-drafts.ts';
import { PersonVaults, type UnlockedVault } from './person-vault.ts';
import { webCrypto } from './web-crypto.ts';

const quickKdf: PasswordKdf = async (password, { salt }) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...utf8(password), ...salt])));
const vaults = new PersonVaults(webCrypto, quickKdf);
const KEY = 'remark/s1/2026-06-01';
const OTHER = 'remark/s2/2026-06-01';
const TEXT = '三十九度の熱';

let serial = 0;
let db: PersonDatabase;
let vault: UnlockedVault;

function openDrafts(of: UnlockedVault = vault): Drafts {
  return new Drafts({ db, keys: () => vaults.draftKeys(db, of), now: () => 1_000 }, webCrypto);
}

const rows = () => db.drafts.toArray();
const diskIsFull = () => {
  throw new DOMException('full', 'QuotaExceededError');
};

beforeEach(async () => {
  serial += 1;
  db = new PersonDatabase(`drafts-${serial}`);
  vault = await vaults.create(db, `drafts-${serial}`, 'password');
});

describe.each([
  { twin: 'on the disk', open: () => openDrafts() },
  { twin: 'in memory', open: () => new MemoryDrafts() },
])('drafts $twin', ({ open }) => {
  test('[DE70] each key has one draft, the last', async () => {
    const drafts = open();
    expect(await drafts.find(KEY)).toBeNull();
    expect(await drafts.save(KEY, { text: '三' })).toEqual({ ok: true });
    await drafts.save(KEY, { text: TEXT });
    await drafts.save(OTHER, { text: '遅れて来る' });
    expect(await drafts.find(KEY)).toEqual({ key: KEY, at: 1_000, value: { text: TEXT } });
    expect((await drafts.list()).map(({ key }) => key).sort()).toEqual([KEY, OTHER]);
  });

  test('[DE77] a dropped draft is gone, and no other', async () => {
    const drafts = open();
    await drafts.save(KEY, { text: TEXT });
    await drafts.save(OTHER, { text: '遅れて来る' });
    expect(await drafts.drop(KEY)).toEqual({ ok: true });
    expect(await drafts.drop(KEY)).toEqual({ ok: true });
    expect(await drafts.find(KEY)).toBeNull();
    expect((await drafts.list()).map(({ key }) => key)).toEqual([OTHER]);
  });
});

test('[DE70] each change overwrites one row, and what comes quickly is written once', async () => {
  const drafts = openDrafts();
  const put = vi.spyOn(db.drafts, 'bulkPut');
  const results = await Promise.all(['三', '三十', TEXT].map((text) => drafts.save(KEY, { text })));
  expect(results).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
  expect(put).toHaveBeenCalledTimes(1);
  const first = await rows();
  expect(first).toHaveLength(1);
  expect(await openDrafts().find(KEY)).toEqual({ key: KEY, at: 1_000, value: { text: TEXT } });

  await drafts.save(KEY, { text: '平熱' });
  const second = await rows();
  expect(second.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
  expect((await openDrafts().find(KEY))?.value).toEqual({ text: '平熱' });
});

test('[DE70] it does not wait for the typing to end, and goes at once when asked', async () => {
  const drafts = openDrafts();
  let typed = 0;
  const saved = drafts.save(KEY, { typed }).then(() => typed);
  const typing = setInterval(() => void drafts.save(KEY, { typed: (typed += 1) }), 50);
  // Fifty more keystrokes would be a wait for the pause.
  expect(await saved).toBeLessThan(50);
  clearInterval(typing);

  const asked = performance.now();
  void drafts.save(OTHER, { text: TEXT });
  await drafts.flush();
  expect(performance.now() - asked).toBeLessThan(250);
  expect((await openDrafts().find(OTHER))?.value).toEqual({ text: TEXT });
});

test('[DE71] a row tells neither the pupil nor the text', async () => {
  await openDrafts().save(KEY, { text: TEXT });
  const [row] = await rows();
  const bytes = Buffer.from(row?.sealed ?? new Uint8Array()).toString();
  const readable = JSON.stringify({ ...row, sealed: '' }) + bytes;
  expect(bytes.length).toBeGreaterThan(0);
  for (const word of ['s1', '2026', 'remark', TEXT, 'text']) expect(readable).not.toContain(word);
  expect(Object.keys(row ?? {}).sort()).toEqual(['key', 'sealed']);
});

test('[DE71] a row under another key is nobody’s', async () => {
  const drafts = openDrafts();
  await drafts.save(KEY, { text: TEXT });
  await drafts.save(OTHER, { text: '遅れて来る' });
  const [one, two] = await rows();
  if (!one || !two) throw new Error('no rows');
  await db.drafts.bulkPut([
    { ...one, sealed: two.sealed },
    { ...two, sealed: one.sealed },
  ]);
  expect([await drafts.find(KEY), await drafts.find(OTHER)]).toEqual([null, null]);
  expect(await drafts.list()).toEqual([]);
});

test('[DE72] what an older vault wrote or the disk spoiled is passed over', async () => {
  await openDrafts().save(KEY, { text: TEXT });
  const fresh = await vaults.create(db, `drafts-${serial}`, 'another password');
  const drafts = openDrafts(fresh);
  expect(await drafts.find(KEY)).toBeNull();
  expect(await drafts.list()).toEqual([]);
  await drafts.save(KEY, { text: '新しい' });
  expect(await rows()).toHaveLength(2);
  expect((await openDrafts().find(KEY))?.value).toEqual({ text: TEXT });

  const [spoiled] = await rows();
  if (!spoiled) throw new Error('no row');
  spoiled.sealed[20] = (spoiled.sealed[20] ?? 0) ^ 1;
  await db.drafts.put(spoiled);
  expect((await openDrafts(fresh).list()).length + (await openDrafts().list()).length).toBe(1);
});

test('[DE72] lost salts make a new key and not a failure', async () => {
  await openDrafts().save(KEY, { text: TEXT });
  await db.writeMeta(`salt/${vault.generation}/drafts`, newKeySalt(webCrypto));
  expect(await openDrafts().find(KEY)).toBeNull();
  expect(await openDrafts().save(KEY, { text: TEXT })).toEqual({ ok: true });
});

test('[DE73] a full disk is said, what was kept stays, and the next change goes', async () => {
  const drafts = openDrafts();
  await drafts.save(KEY, { text: TEXT });
  const full = vi.spyOn(db.drafts, 'bulkPut').mockImplementation(diskIsFull);
  expect(await drafts.save(KEY, { text: `${TEXT}、迎え` })).toEqual({ ok: false, code: 'storageFull' });
  expect((await drafts.find(KEY))?.value).toEqual({ text: TEXT });
  full.mockRestore();
  expect(await drafts.save(KEY, { text: '平熱' })).toEqual({ ok: true });
  expect((await openDrafts().find(KEY))?.value).toEqual({ text: '平熱' });
});

test('[DE73] a disk that was full at the first draft takes the second', async () => {
  const full = vi.spyOn(db, 'saltOf').mockImplementation(diskIsFull);
  const drafts = openDrafts();
  expect(await drafts.save(KEY, { text: TEXT })).toEqual({ ok: false, code: 'storageFull' });
  full.mockRestore();
  expect(await drafts.save(KEY, { text: TEXT })).toEqual({ ok: true });
});

test('[DE77] a dropped draft is gone, whatever was still on its way', async () => {
  const drafts = openDrafts();
  await drafts.save(KEY, { text: TEXT });
  void drafts.save(KEY, { text: `${TEXT}、迎え` });
  void drafts.save(OTHER, { text: '遅れて来る' });
  expect(await drafts.drop(KEY)).toEqual({ ok: true });
  expect(await drafts.find(KEY)).toBeNull();
  expect((await openDrafts().list()).map(({ key }) => key)).toEqual([OTHER]);
});
