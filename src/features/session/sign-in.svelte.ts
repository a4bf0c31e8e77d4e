import type { Device, SignInResult, UnlockResult } from '#device/device.ts';

export type SignInProblem =
  | 'needLogin'
  | 'needPassword'
  | Extract<SignInResult, { ok: false }>['code']
  | Extract<UnlockResult, { ok: false }>['code'];

const loginProblems: ReadonlySet<SignInProblem> = new Set(['needLogin', 'noVault']);
const passwordProblems: ReadonlySet<SignInProblem> = new Set([
  'needPassword',
  'badCredentials',
  'badPassword',
]);

/** The form of sign-in and unlock. Where this device knows the login it unlocks, else it asks the gateway. */
export class SignInForm {
  login = $state('');
  password = $state('');
  /** Somebody new at a device that knows others. */
  newPerson = $state(false);
  busy = $state(false);
  #problem = $state.raw<SignInProblem | null>(null);
  retryAfterSeconds = $state(0);
  #device: Device;

  constructor(device: Device) {
    this.#device = device;
    const [first] = this.knownLogins;
    if (first !== undefined) this.login = first;
  }

  get knownLogins(): readonly string[] {
    const { state } = this.#device;
    return state.phase === 'locked' ? state.logins : [];
  }

  get unlocks(): boolean {
    return !this.newPerson && this.knownLogins.includes(this.login.trim());
  }

  get problem(): SignInProblem | null {
    return this.#problem;
  }

  /** Beside which field a problem belongs; `form` where neither is wrong. */
  get problemAt(): 'login' | 'password' | 'form' | null {
    const problem = this.#problem;
    if (!problem) return null;
    if (loginProblems.has(problem)) return 'login';
    return passwordProblems.has(problem) ? 'password' : 'form';
  }

  choose(login: string): void {
    this.login = login;
    this.#problem = null;
  }

  startNewPerson(isNew: boolean): void {
    this.newPerson = isNew;
    this.login = isNew ? '' : (this.knownLogins[0] ?? '');
    this.password = '';
    this.#problem = null;
  }

  async submit(): Promise<boolean> {
    if (this.busy) return false;
    const login = this.login.trim();
    if (login === '') return this.#fail('needLogin');
    if (this.password === '') return this.#fail('needPassword');
    this.busy = true;
    this.#problem = null;
    try {
      const result = this.unlocks
        ? await this.#device.unlock(login, this.password)
        : await this.#device.signIn(login, this.password);
      if (result.ok) {
        this.password = '';
        return true;
      }
      if ('retryAfterSeconds' in result) this.retryAfterSeconds = result.retryAfterSeconds ?? 0;
      return this.#fail(result.code);
    } finally {
      this.busy = false;
    }
  }

  #fail(problem: SignInProblem): false {
    this.#problem = problem;
    return false;
  }
}
