import type { StreamKey } from '../../ledger/stream.ts';
import type { PersonDatabase } from '../person-database.ts';

const PREFIX = 'holdUntil/';

/** When the permits end under which streams lie on this disk: a device that is offline then drops them by itself. */
export class PermitEnds {
  readonly #db: PersonDatabase;
  readonly #ends: Map<StreamKey, number>;

  private constructor(db: PersonDatabase, ends: Map<StreamKey, number>) {
    this.#db = db;
    this.#ends = ends;
  }

  static async read(db: PersonDatabase): Promise<PermitEnds> {
    const rows = await db.meta.where('key').startsWith(PREFIX).toArray();
    return new PermitEnds(
      db,
      new Map(rows.map(({ key, value }) => [key.slice(PREFIX.length), Number(value)])),
    );
  }

  /** null: the stream is held without a permit, or no more. */
  async note(stream: StreamKey, until: number | null): Promise<void> {
    if ((this.#ends.get(stream) ?? null) === until) return;
    if (until === null) {
      await this.#db.meta.delete(PREFIX + stream);
      this.#ends.delete(stream);
    } else {
      await this.#db.writeMeta(`holdUntil/${stream}`, until);
      this.#ends.set(stream, until);
    }
  }

  /** The streams whose permit is over; `now` is by the school's clock. */
  over(now: number): StreamKey[] {
    return [...this.#ends].filter(([, until]) => until <= now).map(([stream]) => stream);
  }
}
