import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DamagedSecret, openSecretFiles } from './secret-files.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'amenimo-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('the secrets of a data folder', () => {
  it('are made once and are the same at the next start', async () => {
    const first = await openSecretFiles(dataDir);
    const pair = await first.sealingKeys('S1');
    const second = await openSecretFiles(dataDir);
    expect(second.sessionKey).toEqual(first.sessionKey);
    expect(second.stampKey).toEqual(first.stampKey);
    expect(await second.sealingKeys('S1')).toEqual(pair);
    expect(first.sessionKey).not.toEqual(first.stampKey);
    expect(first.sessionKey).toHaveLength(32);
  });

  it('differ by school, and the public half holds no private part', async () => {
    const secrets = await openSecretFiles(dataDir);
    const [one, two] = [await secrets.sealingKeys('S1'), await secrets.sealingKeys('S2')];
    expect(one.publicKey).not.toEqual(two.publicKey);
    expect(one.publicKey).toEqual({ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) });
    expect(one.privateKey.d).toEqual(expect.any(String));
  });

  it('are made once where two ask at the same moment', async () => {
    const [a, b] = await Promise.all([openSecretFiles(dataDir), openSecretFiles(dataDir)]);
    expect(a.stampKey).toEqual(b.stampKey);
    expect(await a.sealingKeys('S1')).toEqual(await b.sealingKeys('S1'));
  });

  it.skipIf(process.platform === 'win32')('can be read by this user alone', async () => {
    await (await openSecretFiles(dataDir)).sealingKeys('S1');
    const folder = join(dataDir, 'secrets');
    const names = await readdir(folder);
    expect(names.sort()).toEqual([
      'audit-key.json',
      'factor-key.json',
      'sealing-s1.json',
      'session-key.json',
      'stamp-key.json',
    ]);
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('are never replaced where one is damaged', async () => {
    await openSecretFiles(dataDir);
    await writeFile(join(dataDir, 'secrets/stamp-key.json'), '{"key":"short"}');
    await expect(openSecretFiles(dataDir)).rejects.toBeInstanceOf(DamagedSecret);
  });
});
