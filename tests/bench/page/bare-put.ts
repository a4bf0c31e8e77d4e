import { openRawStore, putAll } from './raw-store.ts';

/** R8's and R9's floor: one strict transaction with one put of an entry as it is. */
export class BarePut {
  readonly #db: IDBDatabase;
  readonly #entry: object;
  #puts = 0;

  private constructor(db: IDBDatabase, entry: object) {
    this.#db = db;
    this.#entry = entry;
  }

  static async open(entry: object): Promise<BarePut> {
    return new BarePut(await openRawStore('bare'), entry);
  }

  /** `auto`: as everybody writes it. `commit`: as the product ends its own transaction. */
  async put(ending: 'commit' | 'auto'): Promise<void> {
    this.#puts += 1;
    await putAll(this.#db, [{ ...this.#entry, _id: `entry-${this.#puts}` }], 'strict', ending);
  }
}

export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
