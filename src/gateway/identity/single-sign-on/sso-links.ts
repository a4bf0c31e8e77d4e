import { createHmac } from 'node:crypto';
import type { DocumentStore } from '../../store/document-store.ts';

interface Options {
  readonly store: DocumentStore;
  /** The board's accounts. */
  readonly db: string;
  readonly key: Uint8Array;
}

/** Which account a provider's person is: once linked, a login that the provider gives to somebody else leads nowhere. */
export class SsoLinks {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #key: Uint8Array;

  constructor({ store, db, key }: Options) {
    this.#store = store;
    this.#db = db;
    this.#key = key;
  }

  async findPerson(issuer: string, sub: string): Promise<string | null> {
    const record = await this.#store.getRecord(this.#db, this.#recordId('identity', issuer, sub));
    return typeof record?.personId === 'string' ? record.personId : null;
  }

  /** Links both ways; false where the account belongs to another of the provider's people already. */
  async link(issuer: string, sub: string, personId: string): Promise<boolean> {
    const taken = await this.#store.putRecord(this.#db, {
      _id: this.#recordId('account', issuer, personId),
      identity: this.#recordId('identity', issuer, sub),
    });
    if (!taken.ok) {
      const owner = await this.#store.getRecord(this.#db, this.#recordId('account', issuer, personId));
      if (owner?.identity !== this.#recordId('identity', issuer, sub)) return false;
    }
    await this.#store.putRecord(this.#db, { _id: this.#recordId('identity', issuer, sub), personId });
    return (await this.findPerson(issuer, sub)) === personId;
  }

  #recordId(side: 'identity' | 'account', issuer: string, id: string): string {
    const hash = createHmac('sha256', this.#key)
      .update(JSON.stringify([side, issuer, id]))
      .digest('hex');
    return `sso:${hash.slice(0, 40)}`;
  }
}
