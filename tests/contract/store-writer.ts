/** A process of its own that writes to the embedded store until it is killed: `store-writer <dataDir> <db>`. */
import { EmbeddedStore } from '../../src/gateway/store/embedded-store.ts';
import { rollCall, WRITER } from './sample-entries.ts';

const [dataDir = '', db = ''] = process.argv.slice(2);
const store = await EmbeddedStore.open(dataDir);
await store.ensureDatabase(db);
for (;;) {
  const [outcome] = await store.putEntries(db, [rollCall(db, { pupils: 35 })], WRITER);
  if (outcome?.outcome !== 'stored') throw new Error('not stored');
  process.stdout.write(`${outcome.id}\n`);
}
