import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { CouchClient } from '../../src/gateway/store/couch-client.ts';
import { CouchStore } from '../../src/gateway/store/couch-store.ts';
import { EmbeddedStore } from '../../src/gateway/store/embedded-store.ts';
import { openLevelPouch } from '../../src/gateway/store/level-pouch.ts';
import { couchdbUrl, deployForTests, WITHOUT_COUCHDB } from './couch-server.ts';
import { describeDocumentStore } from './document-store.contract.ts';

describe('the embedded store', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'amenimo-store-'));
  });

  afterAll(async () => {
    await rm(dataDir, { recursive: true });
  });

  describeDocumentStore({
    open: () => EmbeddedStore.open(dataDir),
    async writeAround(store, db, documents) {
      await store.close();
      const pouch = await openLevelPouch(join(dataDir, 'db', db));
      await pouch.bulkDocs([...documents], { new_edits: false });
      await pouch.close();
      return EmbeddedStore.open(dataDir);
    },
  });
});

if (!couchdbUrl) console.warn(`CouchStore: ${WITHOUT_COUCHDB}`);

describe.skipIf(!couchdbUrl)('CouchDB', () => {
  const url = couchdbUrl ?? '';
  let proxySecret: string;

  beforeAll(async () => {
    proxySecret = await deployForTests(url);
  });

  describeDocumentStore({
    open: async () => new CouchStore({ url, proxySecret }),
    async writeAround(store, db, documents) {
      const admin = new CouchClient(url, null);
      const path = `${db}/_design/amenimo`;
      const { body } = await admin.asAdmin<{ _rev: string }>({ method: 'GET', path });
      await admin.asAdmin({ method: 'DELETE', path, query: { rev: body._rev } });
      await admin.asAdmin({
        method: 'POST',
        path: `${db}/_bulk_docs`,
        body: { docs: documents, new_edits: false },
      });
      await store.ensureDatabase(db);
      return store;
    },
  });
});
