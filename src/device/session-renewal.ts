import type { SecondFactorStep } from './identity-api.ts';
import { askSession, beginSession, type SessionAnswer } from './session-api.ts';
import type { SyncView } from './views.ts';

export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/**
 * A session ends over night, or with a browser that was killed before its cookie was on the disk. Who has just proved
 * the password to the vault need not type it again for the school: as soon as the school answers, a new session
 * begins. The password stays in memory until then and no longer.
 */
export class SessionRenewal {
  readonly #personId: string;
  readonly #deviceId: string;
  readonly #takeUp: (session: SessionAnswer, password: string) => Promise<void>;
  readonly #askSecondFactor: (step: SecondFactorStep) => void;
  #credentials: Credentials | null;
  #busy = false;
  #last: SyncView | null = null;

  constructor(
    personId: string,
    deviceId: string,
    credentials: Credentials,
    takeUp: (session: SessionAnswer, password: string) => Promise<void>,
    askSecondFactor: (step: SecondFactorStep) => void,
  ) {
    this.#personId = personId;
    this.#deviceId = deviceId;
    this.#credentials = credentials;
    this.#takeUp = takeUp;
    this.#askSecondFactor = askSecondFactor;
  }

  /** Asks the school once; without an answer the password is kept for when there is one. */
  try(): void {
    if (!this.#credentials || this.#busy) return;
    this.#busy = true;
    void this.#renew(this.#credentials)
      .catch(reportError)
      .finally(() => (this.#busy = false));
  }

  /** The exchange is the first to learn that a session has ended, or that it has not. */
  follow(sync: SyncView): void {
    const before = this.#last;
    this.#last = sync;
    if (sync.phase === 'signedOut') {
      if (before?.phase !== 'signedOut') this.try();
    } else if (before && sync.lastContactAt !== before.lastContactAt) {
      this.#credentials = null;
    }
  }

  /** The device was locked: nothing is left to renew. */
  end(): void {
    this.#credentials = null;
  }

  async #renew(credentials: Credentials): Promise<void> {
    const present = await askSession();
    if (present.ok && present.session.person.id === this.#personId) this.#credentials = null;
    if (!this.#credentials || (!present.ok && present.code !== 'badCredentials')) return;
    const begun = await beginSession(credentials.login, credentials.password, this.#deviceId);
    if (!this.#credentials) return;
    // The school may know another password by now: then the screen asks for it.
    if (begun.ok || begun.code === 'badCredentials' || begun.code === 'secondFactorRequired')
      this.#credentials = null;
    if (!begun.ok && begun.code === 'secondFactorRequired') this.#askSecondFactor(begun.step);
    if (begun.ok && begun.session.person.id === this.#personId && !begun.session.passwordChangeDue)
      await this.#takeUp(begun.session, credentials.password);
  }
}
