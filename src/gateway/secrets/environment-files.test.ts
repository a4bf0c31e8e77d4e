import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironmentFiles } from './environment-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'amenimo-secrets-'));
  writeFileSync(join(folder, 'url'), 'http://admin:pw@couchdb:5984\n');
  writeFileSync(join(folder, 'empty'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('secrets in files', () => {
  it('are read where a file is named, without the line’s end', () => {
    const read = readEnvironmentFiles({ COUCHDB_URL_FILE: join(folder, 'url'), PORT: '80' });
    expect(read).toMatchObject({
      ok: true,
      env: { COUCHDB_URL: 'http://admin:pw@couchdb:5984', PORT: '80' },
    });
  });

  it('give way to what the environment says itself', () => {
    const env = { COUCHDB_URL: 'http://other:5984', COUCHDB_URL_FILE: join(folder, 'missing') };
    expect(readEnvironmentFiles(env)).toMatchObject({ ok: true, env });
    expect(readEnvironmentFiles({ COUCHDB_URL: '', PORT: '80' })).toMatchObject({
      ok: true,
      env: { PORT: '80' },
    });
  });

  it('that are missing or empty are no reason to go on without', () => {
    for (const file of ['missing', 'empty', '.']) {
      const env = { COUCHDB_PROXY_SECRET_FILE: join(folder, file) };
      expect(readEnvironmentFiles(env)).toEqual({ ok: false, name: 'COUCHDB_PROXY_SECRET' });
    }
  });
});
