import {
  endSessions,
  listOwnSessions,
  readOwnFactors,
  removeFactor,
  renewRecoveryCodes,
  type OwnFactors,
  type OwnSession,
} from '#device/identity-api.ts';
import type { ApiResult } from '#device/online-api.ts';
import { stepUp, withStepUp } from '#features/session/step-up.svelte.ts';

export type Trouble = 'offline' | 'signedOut' | 'trouble';

/** A person's own second factors and sessions, as the gateway last told them; nothing of it is kept. */
export class OwnSecurity {
  factors = $state.raw<OwnFactors | null>(null);
  sessions = $state.raw<readonly OwnSession[]>([]);
  trouble = $state.raw<Trouble | null>(null);
  busy = $state(false);
  /** Codes to be written down now; they are shown once. */
  freshCodes = $state.raw<readonly string[] | null>(null);

  #told: () => Promise<void>;

  /** `told`: the school's answer to who this is may be another now. */
  constructor(told: () => Promise<void> = () => Promise.resolve()) {
    this.#told = told;
  }

  get hasFactor(): boolean {
    return this.factors !== null && (this.factors.totp !== null || this.factors.passkeys.length > 0);
  }

  async load(): Promise<void> {
    this.busy = true;
    try {
      const [factors, sessions] = await Promise.all([readOwnFactors(), listOwnSessions()]);
      if (factors.ok && sessions.ok) {
        this.factors = factors.value;
        this.sessions = sessions.value;
        this.trouble = null;
      } else this.trouble = troubleOf([factors, sessions]);
    } finally {
      this.busy = false;
    }
  }

  /** A factor was added; with the first come recovery codes. */
  async took(codes: readonly string[] | null): Promise<void> {
    if (!codes) {
      await Promise.all([this.load(), this.#told()]);
      return;
    }
    // What the school says next may lead away from here: the codes are to be kept first.
    this.freshCodes = codes;
    await this.load();
  }

  /** The codes are written down. */
  async kept(): Promise<void> {
    this.freshCodes = null;
    await this.#told();
  }

  /** Shows a factor that is there, in a session that has not seen one. */
  async prove(): Promise<void> {
    if (await stepUp.ask('stepUpRequired')) await this.#told();
  }

  async renewCodes(): Promise<boolean> {
    const result = await withStepUp(renewRecoveryCodes);
    if (result.ok) await this.took(result.value);
    return isDoneOrGivenUp(result);
  }

  /** False where it failed and a person has to be told so. */
  async remove(factor: Parameters<typeof removeFactor>[0]): Promise<boolean> {
    const result = await withStepUp(() => removeFactor(factor));
    if (result.ok) await Promise.all([this.load(), this.#told()]);
    return isDoneOrGivenUp(result);
  }

  /** How many ended; null where it failed. */
  async end(which: Parameters<typeof endSessions>[0]): Promise<number | null> {
    const result = await endSessions(which);
    await this.load();
    if (result.ok) return result.value.ended;
    // Over already: what was wanted is so.
    return result.code === 'unknownSession' ? 1 : null;
  }
}

function troubleOf(results: readonly ApiResult<unknown>[]): Trouble {
  const codes = results.flatMap((result) => (result.ok ? [] : [result.code]));
  if (codes.includes('signedOut')) return 'signedOut';
  return codes.includes('offline') ? 'offline' : 'trouble';
}

function isDoneOrGivenUp(result: ApiResult<unknown>): boolean {
  return result.ok || result.code === 'stepUpRequired' || result.code === 'passwordRequired';
}
