import type { DocumentStore } from '../../store/document-store.ts';
import { NO_FACTORS, personFactorsShape, type PersonFactors } from './person-factors.ts';

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
}

/** How often a change is tried again after somebody else's. */
const MAX_CONFLICTS = 20;

/** One record for each person, `factors:<personId>`: what is used once is used by one of two at the same moment. */
export class StoredFactors {
  readonly #store: DocumentStore;
  readonly #db: string;

  constructor({ store, db }: Options) {
    this.#store = store;
    this.#db = db;
  }

  async read(personId: string): Promise<PersonFactors> {
    return (await this.#load(personId)).factors;
  }

  /** Replaces what is there by what `changeOf` makes of it; null from it changes nothing and gives false. */
  async change(
    personId: string,
    changeOf: (factors: PersonFactors) => PersonFactors | null,
  ): Promise<boolean> {
    for (let i = 0; i < MAX_CONFLICTS; i++) {
      const { factors, rev } = await this.#load(personId);
      const changed = changeOf(factors);
      if (!changed) return false;
      const put = await this.#store.putRecord(this.#db, {
        _id: recordId(personId),
        ...(rev === undefined ? {} : { _rev: rev }),
        ...changed,
      });
      if (put.ok) return true;
    }
    return false;
  }

  async #load(personId: string): Promise<{ factors: PersonFactors; rev: string | undefined }> {
    const record = await this.#store.getRecord(this.#db, recordId(personId));
    if (!record) return { factors: NO_FACTORS, rev: undefined };
    // A record that cannot be read must not turn into an account without a second factor.
    return { factors: personFactorsShape.parse(record), rev: record._rev };
  }
}

const recordId = (personId: string): string => `factors:${personId}`;
