import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { couchRoles } from '../../couch/security.ts';
import { EmbeddedStore } from '../../src/gateway/store/embedded-store.ts';
import { candidateOf, findRefusal } from '../../src/gateway/store/validate-document.ts';
import type { StoredEntry } from '../../src/ledger/erasure.ts';
import { ERASER, newDatabaseName, rollCall, WRITER } from './sample-entries.ts';
import { attempts, claimedRevisions, wallCases, wallTable } from './second-wall-cases.ts';

let dataDir: string;
let store: EmbeddedStore;
let db: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'amenimo-wall-'));
  store = await EmbeddedStore.open(dataDir);
  db = newDatabaseName();
  await store.ensureDatabase(db);
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

describe('the second wall of the embedded store', () => {
  test('has a row for every role and a cell for every attempt', () => {
    expect(Object.keys(wallTable)).toEqual(expect.arrayContaining(Object.keys(couchRoles)));
    for (const { outcomes } of Object.values(wallTable))
      expect(Object.keys(outcomes).sort()).toEqual(Object.keys(attempts).sort());
  });

  test.for(wallCases.map((wall) => [wall.name, wall] as const))('%s', async ([, { as, make, outcome }]) => {
    const present = rollCall(db);
    await store.putEntries(db, [present], WRITER);
    const document = make(db, present) as StoredEntry;
    const claimed = { ...document, _revisions: claimedRevisions(document) };
    expect(findRefusal(db, claimed, present, as) ?? 'stored').toBe(outcome);
    const [put] = await store.putEntries(db, [document], as);
    expect(put?.outcome).toBe(outcome === 'stored' ? 'stored' : 'refused');
    const [kept] = await store.getEntries(db, [document._id]);
    const isNew = document._id !== present._id;
    expect(kept).toEqual(outcome === 'stored' ? document : isNew ? null : present);
  });

  test('keeps the records of the gateway from every role', () => {
    for (const records of ['accounts-city', 'audit-city', 'tray-s1']) {
      for (const [role, { as }] of Object.entries(wallTable)) {
        const candidate = candidateOf(rollCall(records));
        expect(findRefusal(records, candidate, null, as), role).toBe('notPermitted');
      }
    }
  });

  test('another body under the id and revision that are there changes nothing', async () => {
    const present = rollCall(db);
    await store.putEntries(db, [present], WRITER);
    const other = { ...present, cells: present.cells.map((cell) => ({ ...cell, value: { mark: 'sick' } })) };
    expect(await store.putEntries(db, [other], ERASER)).toMatchObject([{ outcome: 'known' }]);
    expect(await store.getEntries(db, [present._id])).toEqual([present]);
  });
});
