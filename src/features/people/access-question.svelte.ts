import type { ApiResult } from '#device/online-api.ts';
import { troubleOf, type PeopleTrouble } from '#features/people/messages.ts';
import type { AccessAnswer } from '#features/people/people-api.ts';

/** The answer to "what may this person see", with the trouble where there is none. */
export class AccessQuestion {
  answer = $state.raw<AccessAnswer | null>(null);
  trouble = $state.raw<PeopleTrouble | null>(null);
  #lastQuestion = 0;

  async ask(question: () => Promise<ApiResult<AccessAnswer>>): Promise<void> {
    const number = ++this.#lastQuestion;
    const result = await question();
    if (number !== this.#lastQuestion) return;
    this.trouble = result.ok ? null : troubleOf(result);
    if (result.ok) this.answer = result.value;
  }
}
