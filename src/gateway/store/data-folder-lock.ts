import leveldown from 'leveldown';

/** Another process has the data folder open. */
export class DataFolderBusy extends Error {
  override readonly name = 'DataFolderBusy';
  readonly folder: string;
  constructor(folder: string) {
    super(`another process is using the data folder ${folder}`);
    this.folder = folder;
  }
}

/**
 * One process per data folder, told at the start and not when some database is first touched. The lock is an empty
 * LevelDB kept open: the system's own file lock, which ends with the process however that ends.
 */
export async function lockDataFolder(folder: string, lockFolder: string): Promise<() => Promise<void>> {
  const lock = leveldown(lockFolder);
  await new Promise<void>((resolve, reject) => {
    lock.open({}, (error) => {
      if (!error) resolve();
      else if (/lock/i.test(error.message)) reject(new DataFolderBusy(folder));
      else reject(error);
    });
  });
  return () => new Promise((resolve, reject) => lock.close((error) => (error ? reject(error) : resolve())));
}
