import type { ApiResult } from '#device/online-api.ts';

/**
 * What the gateway asked for: a second factor shown anew, or, of whom it has none, the password again. The codes of
 * its refusals.
 */
export type StepUpNeed = 'stepUpRequired' | 'passwordRequired';

const needs: ReadonlySet<string> = new Set<StepUpNeed>(['stepUpRequired', 'passwordRequired']);
const isNeed = (code: string): code is StepUpNeed => needs.has(code);

/** The one question of its kind that a screen may have open; StepUpDialog shows it. */
export class StepUp {
  #need = $state.raw<StepUpNeed | null>(null);
  #waiting: ((passed: boolean) => void)[] = [];

  /** What is being asked for; `null` while nothing is. */
  get need(): StepUpNeed | null {
    return this.#need;
  }

  /** Whether the person proved it. Two who ask at once are answered by one proof. */
  ask(need: StepUpNeed): Promise<boolean> {
    this.#need ??= need;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  settle(passed: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#need = null;
    for (const resolve of waiting) resolve(passed);
  }
}

export const stepUp = new StepUp();

/**
 * Asks the gateway; where it wants a fresh proof of who is there, asks the person for it and repeats the question.
 * Given up, the refusal is handed back with its code `stepUpRequired` or `passwordRequired`, which needs no sentence.
 */
export async function withStepUp<T>(
  ask: () => Promise<ApiResult<T>>,
  asker: Pick<StepUp, 'ask'> = stepUp,
): Promise<ApiResult<T>> {
  const result = await ask();
  if (result.ok || !isNeed(result.code)) return result;
  return (await asker.ask(result.code)) ? ask() : result;
}
