import leveldown, { type LevelDown } from 'leveldown';

/** The open LevelDBs by folder, for what PouchDB gives no way to. */
const open = new Map<string, LevelDown>();

/**
 * LevelDB whose every write has reached the disk when it is acknowledged. PouchDB passes no write option down; without
 * `sync` an acknowledged entry lives in the page cache only and a power cut takes it.
 */
export function SyncedLevelDown(folder: string): LevelDown {
  const level = leveldown(folder);
  const { _put, _del, _batch, _close } = level;
  level._put = (key, value, options, done) => _put.call(level, key, value, { ...options, sync: true }, done);
  level._del = (key, options, done) => _del.call(level, key, { ...options, sync: true }, done);
  level._batch = (operations, options, done) =>
    _batch.call(level, operations, { ...options, sync: true }, done);
  level._close = (done) => {
    open.delete(folder);
    _close.call(level, done);
  };
  open.set(folder, level);
  return level;
}

// PouchDB's adapter looks for it on the constructor.
SyncedLevelDown.destroy = leveldown.destroy;

/** Rewrites the files of an open LevelDB, so that what was deleted is no longer in any of them. */
export async function compactFolder(folder: string): Promise<void> {
  const level = open.get(folder);
  if (!level) throw new Error(`not open: ${folder}`);
  await new Promise<void>((resolve, reject) => {
    level.compactRange(Buffer.from([0]), Buffer.alloc(16, 0xff), (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
