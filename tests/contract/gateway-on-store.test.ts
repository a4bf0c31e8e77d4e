import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { CouchStore } from '../../src/gateway/store/couch-store.ts';
import { EmbeddedStore } from '../../src/gateway/store/embedded-store.ts';
import { describeGatewayOnStore } from '../sync/gateway-on-store.ts';
import { describeHostileClient, smallTownDatabases } from '../sync/hostile-client.ts';
import { couchdbUrl, deployForTests, WITHOUT_COUCHDB } from './couch-server.ts';

if (!couchdbUrl) console.warn(`The gateway on CouchDB: ${WITHOUT_COUCHDB}`);

describe('embedded', () => {
  let folder: string;
  let store: EmbeddedStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amenimo-gateway-'));
    store = await EmbeddedStore.open(folder);
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  describeHostileClient('the embedded store', async () => store);
  describeGatewayOnStore('the embedded store', async () => store);
});

describe.skipIf(!couchdbUrl)('CouchDB', () => {
  const url = couchdbUrl ?? '';
  let store: CouchStore;
  beforeAll(async () => {
    store = new CouchStore({ url, proxySecret: await deployForTests(url) });
  });
  afterAll(async () => {
    for (const db of smallTownDatabases) await store.dropDatabase(db);
  });
  describeHostileClient('CouchDB', async () => store);
  describeGatewayOnStore('CouchDB', async () => store);
});
