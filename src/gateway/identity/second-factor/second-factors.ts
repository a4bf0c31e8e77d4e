import type { Clock } from '../../clock.ts';
import type { DocumentStore } from '../../store/document-store.ts';
import { openText, sealText } from './factor-seal.ts';
import { findPasskeyUse, type PasskeySite } from './passkeys.ts';
import {
  kindsOf,
  NO_FACTORS,
  type Passkey,
  type PersonFactors,
  type SecondFactorKind,
} from './person-factors.ts';
import { hashRecoveryCode, newRecoveryCodes, useRecoveryHash } from './recovery-codes.ts';
import { StoredFactors } from './stored-factors.ts';
import { findTotpStep } from './totp.ts';

const MAX_PASSKEYS = 20;

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly key: Uint8Array;
  readonly now: Clock;
  /** What a telephone's clock shows; the practice city lives at another time. */
  readonly phoneNow: Clock;
}

/** Everybody's second factors: what they are, whether a proof is right, and how they come and go. */
export class SecondFactors {
  readonly #stored: StoredFactors;
  readonly #key: Uint8Array;
  readonly #now: Clock;
  readonly #phoneNow: Clock;

  constructor({ store, db, key, now, phoneNow }: Options) {
    this.#stored = new StoredFactors({ store, db });
    this.#key = key;
    this.#now = now;
    this.#phoneNow = phoneNow;
  }

  read(personId: string): Promise<PersonFactors> {
    return this.#stored.read(personId);
  }

  /** What can be asked of this person; empty where there is no second factor. */
  async kindsOf(personId: string): Promise<SecondFactorKind[]> {
    return kindsOf(await this.read(personId));
  }

  /** Uses six digits; each time step is good once. */
  useTotp(personId: string, code: string): Promise<boolean> {
    return this.#stored.change(personId, (factors) => {
      const { totp } = factors;
      const secret = totp && openText(this.#key, totpPlace(personId), totp.secret);
      if (!totp || secret === null) return null;
      const step = findTotpStep(secret, code, this.#phoneNow(), totp.lastStep);
      return step === null ? null : { ...factors, totp: { ...totp, lastStep: step } };
    });
  }

  /** Uses a recovery code up. */
  useRecoveryCode(personId: string, code: string): Promise<boolean> {
    const hash = hashRecoveryCode(this.#key, personId, code);
    return this.#stored.change(personId, (factors) => {
      const hashes = factors.recovery && useRecoveryHash(factors.recovery.hashes, hash);
      return factors.recovery && hashes ? { ...factors, recovery: { ...factors.recovery, hashes } } : null;
    });
  }

  /** Uses a passkey's answer to `challenge`; the counter may not stand still where there is one. */
  async usePasskey(
    personId: string,
    site: PasskeySite,
    challenge: string,
    response: { readonly id: string },
  ): Promise<boolean> {
    const { passkeys } = await this.read(personId);
    const passkey = passkeys.find(({ id }) => id === response.id);
    const counter = passkey ? await findPasskeyUse(site, challenge, passkey, response) : null;
    if (!passkey || counter === null) return false;
    return this.#stored.change(personId, (factors) => {
      const present = factors.passkeys.find(({ id }) => id === passkey.id);
      // Used meanwhile by somebody else's copy: of two one is false, so neither counts twice.
      if (!present || present.counter !== passkey.counter) return null;
      const used = { ...present, counter, lastUsedAt: this.#now() };
      return { ...factors, passkeys: factors.passkeys.map((each) => (each.id === used.id ? used : each)) };
    });
  }

  /** Keeps a secret whose first code was shown; false where the code is wrong. Replaces the one before. */
  addTotp(personId: string, secret: string, code: string): Promise<boolean> {
    const now = this.#now();
    return this.#stored.change(personId, (factors) => {
      const step = findTotpStep(secret, code, this.#phoneNow(), 0);
      if (step === null) return null;
      const sealed = sealText(this.#key, totpPlace(personId), secret);
      return { ...factors, totp: { secret: sealed, addedAt: now, lastStep: step } };
    });
  }

  /** False where this very passkey is there already, or there are too many. */
  addPasskey(personId: string, passkey: Omit<Passkey, 'addedAt' | 'lastUsedAt'>): Promise<boolean> {
    return this.#stored.change(personId, (factors) => {
      const known = factors.passkeys.some(({ id }) => id === passkey.id);
      if (known || factors.passkeys.length >= MAX_PASSKEYS) return null;
      const added = { ...passkey, addedAt: this.#now(), lastUsedAt: null };
      return { ...factors, passkeys: [...factors.passkeys, added] };
    });
  }

  /** Ten new codes instead of those before; null where there is no factor that they could stand in for. */
  async renewRecoveryCodes(personId: string): Promise<string[] | null> {
    const codes = newRecoveryCodes();
    const hashes = codes.map((code) => hashRecoveryCode(this.#key, personId, code));
    const changed = await this.#stored.change(personId, (factors) =>
      kindsOf(factors).length === 0 ? null : { ...factors, recovery: { hashes, madeAt: this.#now() } },
    );
    return changed ? codes : null;
  }

  removeTotp(personId: string): Promise<boolean> {
    return this.#stored.change(personId, (factors) =>
      factors.totp ? withoutLoneCodes({ ...factors, totp: null }) : null,
    );
  }

  removePasskey(personId: string, id: string): Promise<boolean> {
    return this.#stored.change(personId, (factors) => {
      const passkeys = factors.passkeys.filter((each) => each.id !== id);
      return passkeys.length === factors.passkeys.length ? null : withoutLoneCodes({ ...factors, passkeys });
    });
  }

  /** Takes all away; false where there were none. */
  removeAll(personId: string): Promise<boolean> {
    return this.#stored.change(personId, (factors) =>
      kindsOf(factors).length === 0 && factors.recovery === null ? null : NO_FACTORS,
    );
  }
}

/** Recovery codes stand in for a factor; alone they would be none. */
function withoutLoneCodes(factors: PersonFactors): PersonFactors {
  return kindsOf(factors).length === 0 ? { ...factors, recovery: null } : factors;
}

const totpPlace = (personId: string): string => `totp:${personId}`;
