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
import { withStepUp } from '#features/session/step-up.svelte.ts';

export type Trouble = 'offline' | 'signedOut' | 'trouble';

/** A person's own second factors and sessions, as the gateway last told them; nothing of it is kept. */
export class OwnSecurity {
  factors = $state.raw<OwnFactors | null>(null);
  sessions = $state.raw<readonly OwnSession[]>([]);
  trouble = $state.raw<Trouble | null>(null);
  busy = $state(false);
  /** Codes to be written down now; they are shown once. */
  freshCodes = $state.raw<readonly string[] | null>(null);

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
    if (codes) this.freshCodes = codes;
    await this.load();
  }

  async renewCodes(): Promise<boolean> {
    const result = await withStepUp(renewRecoveryCodes);
    if (result.ok) await this.took(result.value);
    return isDoneOrGivenUp(result);
  }

  /** False where it failed and a person has to be told so. */
  async remove(factor: Parameters<typeof removeFactor>[0]): Promise<boolean> {
    const result = await withStepUp(() => removeFactor(factor));
    if (result.ok) await this.load();
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
