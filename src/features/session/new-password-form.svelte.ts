import type { ApiResult } from '#device/online-api.ts';
import type { ProofProblem } from '#features/session/proof-sentence.ts';

export type ChangePassword = (old: string, next: string) => Promise<ApiResult<unknown>>;
type Place = 'old' | 'next' | 'again' | 'form';

// Apart from the shell: few ever choose a password here.
const changeAtGateway: ChangePassword = async (old, next) =>
  (await import('#device/identity-api.ts')).changePassword(old, next);

/** The form of a password that a person chooses; the gateway judges it, or the device where it is the device's. */
export class NewPasswordForm {
  old = $state('');
  next = $state('');
  again = $state('');
  busy = $state(false);
  #problem = $state.raw<(ProofProblem & { at: Place }) | null>(null);
  #change: ChangePassword;
  /** Whether the present password has to be typed, or was a moment ago. */
  readonly asksOld: boolean;

  /** `known` is null where there is no present password. */
  constructor(known: string | null = '', change: ChangePassword = changeAtGateway) {
    this.asksOld = known === '';
    this.old = known ?? '';
    this.#change = change;
  }

  problemAt(place: Place): ProofProblem | null {
    return this.#problem?.at === place ? this.#problem : null;
  }

  /** The new password once it holds; null where it does not, which is said. */
  async submit(): Promise<string | null> {
    if (this.busy) return null;
    this.#problem = null;
    if (this.asksOld && this.old === '') return this.#fail('old', 'needPassword');
    if (this.next === '') return this.#fail('next', 'needPassword');
    if (this.next !== this.again) return this.#fail('again', 'passwordsDiffer');
    this.busy = true;
    try {
      const result = await this.#change(this.old, this.next);
      if (!result.ok) return this.#refuse(result.code, result.details.retryAfterSeconds);
      const chosen = this.next;
      this.old = this.next = this.again = '';
      return chosen;
    } finally {
      this.busy = false;
    }
  }

  #refuse(code: string, retryAfterSeconds: unknown): null {
    const at =
      code === 'badCredentials' && this.asksOld ? 'old' : code.startsWith('password') ? 'next' : 'form';
    return this.#fail(at, code, typeof retryAfterSeconds === 'number' ? retryAfterSeconds : 0);
  }

  #fail(at: Place, code: string, retryAfterSeconds = 0): null {
    this.#problem = { at, code, retryAfterSeconds };
    return null;
  }
}
