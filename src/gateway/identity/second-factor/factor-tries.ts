import { createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';
import type { DocumentStore } from '../../store/document-store.ts';
import { waitAfter } from '../lock-out.ts';
import { networkOf } from '../network-of.ts';

/** Tries are forgotten after a quiet day. */
const FORGET_MS = 86_400_000;
const MAX_PLACES = 20;
const MAX_CONFLICTS = 50;

const bucketShape = z.object({ failed: z.int(), lastFailedAt: z.int() });
const triesShape = z.object({
  /** Where the person signed in whole before, the latest last: each counts by itself. */
  places: z.array(z.extend(bucketShape, { place: z.string() })),
  elsewhere: bucketShape,
});
type Tries = z.infer<typeof triesShape>;
type Bucket = z.infer<typeof bucketShape>;

const NO_TRIES: Tries = { places: [], elsewhere: { failed: 0, lastFailedAt: 0 } };

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly key: Uint8Array;
  readonly now: Clock;
}

/**
 * Slows down guessing of second factors for each account over all addresses, and over restarts. A network from which
 * the person has signed in before counts by itself, so that nobody outside can lock it.
 */
export class FactorTries {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #key: Uint8Array;
  readonly #now: Clock;

  constructor({ store, db, key, now }: Options) {
    this.#store = store;
    this.#db = db;
    this.#key = key;
    this.#now = now;
  }

  /** Asks to try: seconds to wait, or 0. The try counts as failed before it is made: many at once are many. */
  async begin(personId: string, address: string): Promise<number> {
    const place = this.#placeOf(address);
    let waitSeconds = 0;
    await this.#change(personId, (tries, now) => {
      const bucket = tries.places.find((each) => each.place === place) ?? tries.elsewhere;
      const failed = now - bucket.lastFailedAt < FORGET_MS ? bucket.failed : 0;
      const waitMs = bucket.lastFailedAt + waitAfter(failed) - now;
      waitSeconds = waitMs > 0 ? Math.ceil(waitMs / 1000) : 0;
      if (waitSeconds > 0) return null;
      return withBucket(tries, place, { failed: failed + 1, lastFailedAt: now });
    });
    return waitSeconds;
  }

  /** The whole proof was right: this place is known from now on and starts afresh. `begun`: it was asked to try. */
  async succeed(personId: string, address: string, begun: boolean): Promise<void> {
    const place = this.#placeOf(address);
    await this.#change(personId, (tries) => {
      const others = tries.places.filter((each) => each.place !== place);
      const known = tries.places.find((each) => each.place === place);
      const elsewhere = known || !begun ? tries.elsewhere : undoOne(tries.elsewhere);
      if (known?.failed === 0 && known === tries.places.at(-1)) return null;
      const places = [...others, { place, failed: 0, lastFailedAt: 0 }].slice(-MAX_PLACES);
      return { places, elsewhere };
    });
  }

  /** Whether the person has signed in from this network before. */
  async knows(personId: string, address: string): Promise<boolean> {
    const { tries } = await this.#load(personId);
    const place = this.#placeOf(address);
    return tries.places.some((each) => each.place === place);
  }

  async forget(personId: string): Promise<void> {
    await this.#change(personId, ({ places }) => ({
      places: places.map(({ place }) => ({ place, failed: 0, lastFailedAt: 0 })),
      elsewhere: NO_TRIES.elsewhere,
    }));
  }

  async #change(personId: string, changeOf: (tries: Tries, now: number) => Tries | null): Promise<void> {
    for (let i = 0; i < MAX_CONFLICTS; i++) {
      const { tries, rev } = await this.#load(personId);
      const changed = changeOf(tries, this.#now());
      if (!changed) return;
      const put = await this.#store.putRecord(this.#db, {
        _id: recordId(personId),
        ...(rev === undefined ? {} : { _rev: rev }),
        ...changed,
      });
      if (put.ok) return;
    }
    throw new Error('tries of one person conflict without end');
  }

  async #load(personId: string): Promise<{ tries: Tries; rev: string | undefined }> {
    const record = await this.#store.getRecord(this.#db, recordId(personId));
    return record
      ? { tries: triesShape.parse(record), rev: record._rev }
      : { tries: NO_TRIES, rev: undefined };
  }

  /** The store learns no address. */
  #placeOf(address: string): string {
    return createHmac('sha256', this.#key)
      .update(`place\0${networkOf(address)}`)
      .digest('base64url')
      .slice(0, 22);
  }
}

const recordId = (personId: string): string => `tries:${personId}`;

function withBucket(tries: Tries, place: string, bucket: Bucket): Tries {
  if (!tries.places.some((each) => each.place === place)) return { ...tries, elsewhere: bucket };
  return {
    ...tries,
    places: tries.places.map((each) => (each.place === place ? { place, ...bucket } : each)),
  };
}

/** The right try was counted as a wrong one too; those of others stay. */
function undoOne(bucket: Bucket): Bucket {
  return { ...bucket, failed: Math.max(0, bucket.failed - 1) };
}
