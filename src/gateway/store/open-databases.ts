import { openLevelPouch, type LevelPouch } from './level-pouch.ts';

interface OpenDatabase {
  readonly pouch: Promise<LevelPouch>;
  users: number;
  /** The end of the last write: writes of one database wait for each other. */
  lastWrite: Promise<unknown>;
}

/**
 * The least recently used databases are closed: each costs four file handles and its caches, and a city has more
 * databases than it uses at one moment. One that is in use stays.
 */
export class OpenDatabases {
  /** In order of use, the longest unused first. */
  readonly #open = new Map<string, OpenDatabase>();
  /** A folder that is being closed must not be opened before that is done. */
  readonly #closing = new Map<string, Promise<void>>();

  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async read<T>(folder: string, work: (pouch: LevelPouch) => Promise<T>): Promise<T> {
    const database = await this.#take(folder);
    try {
      return await work(await database.pouch);
    } finally {
      database.users--;
      this.#closeUnused();
    }
  }

  /** What it has read is still so when it writes. */
  async write<T>(folder: string, work: (pouch: LevelPouch) => Promise<T>): Promise<T> {
    const database = await this.#take(folder);
    const written = database.lastWrite.then(async () => work(await database.pouch));
    database.lastWrite = written.catch(() => undefined);
    try {
      return await written;
    } finally {
      database.users--;
      this.#closeUnused();
    }
  }

  async #take(folder: string): Promise<OpenDatabase> {
    while (this.#closing.has(folder)) await this.#closing.get(folder);
    let database = this.#open.get(folder);
    if (!database) {
      database = { pouch: openLevelPouch(folder), users: 0, lastWrite: Promise.resolve() };
      database.pouch.catch(() => this.#open.delete(folder));
    }
    this.#open.delete(folder);
    this.#open.set(folder, database);
    database.users++;
    return database;
  }

  #closeUnused(): void {
    let excess = this.#open.size - this.#limit;
    for (const [folder, database] of this.#open) {
      if (excess <= 0) return;
      if (database.users > 0) continue;
      excess--;
      void this.#close(folder, database);
    }
  }

  #close(folder: string, database: OpenDatabase): Promise<void> {
    this.#open.delete(folder);
    const closed = database.lastWrite
      .then(() => database.pouch)
      .then((pouch) => pouch.close())
      .finally(() => this.#closing.delete(folder));
    this.#closing.set(folder, closed);
    return closed;
  }

  async close(folder: string): Promise<void> {
    await this.#closing.get(folder);
    const database = this.#open.get(folder);
    if (database) await this.#close(folder, database);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open].map(([folder, database]) => this.#close(folder, database)));
    await Promise.all(this.#closing.values());
  }
}
