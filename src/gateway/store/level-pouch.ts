import PouchDB from 'pouchdb-core';
import LevelAdapter from 'pouchdb-adapter-leveldb-core';
import { SyncedLevelDown } from './synced-leveldown.ts';

function SyncedLevelAdapter(
  this: unknown,
  options: { name: string },
  callback: (error: Error | null) => void,
) {
  LevelAdapter.call(this, { ...options, db: SyncedLevelDown }, callback);
}
SyncedLevelAdapter.valid = () => true;
// The name is the folder's path as it stands.
SyncedLevelAdapter.use_prefix = false;

interface WithAdapters {
  adapter(id: string, adapter: typeof SyncedLevelAdapter, preferred: boolean): void;
}
(PouchDB as unknown as WithAdapters).adapter('synced-leveldb', SyncedLevelAdapter, true);

/** One open database. */
export type LevelPouch = PouchDB.Database;

export async function openLevelPouch(folder: string): Promise<LevelPouch> {
  const pouch = new PouchDB(folder, {
    adapter: 'synced-leveldb',
    // A replaced body (an erased entry's text, a record's earlier state) leaves in the same write.
    auto_compaction: true,
    revs_limit: 20,
  } as PouchDB.Configuration.DatabaseConfiguration);
  // PouchDB opens in the background and reports a failure with the first call.
  await pouch.info();
  return pouch;
}
