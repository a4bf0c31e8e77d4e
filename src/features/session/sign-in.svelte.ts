import type { Device, ShownProof, SignInResult, UnlockResult } from '#device/device.ts';
import type { SecondFactorStep } from '#device/identity-api.ts';
import { NewPasswordForm } from '#features/session/new-password-form.svelte.ts';
import { SecondFactorForm } from '#features/session/second-factor-form.svelte.ts';
import { singleSignOn } from '#features/session/single-sign-on.svelte.ts';

export type SignInProblem =
  | 'needLogin'
  | 'needPassword'
  | Exclude<
      Extract<SignInResult, { ok: false }>['code'],
      'secondFactorRequired' | 'passwordChangeRequired' | 'badProof'
    >
  | Extract<UnlockResult, { ok: false }>['code'];

const loginProblems: ReadonlySet<SignInProblem> = new Set(['needLogin', 'noVault']);
const passwordProblems: ReadonlySet<SignInProblem> = new Set([
  'needPassword',
  'badCredentials',
  'badPassword',
]);

/** What is asked for now. `records`: the password that locks what is on this device, after a passkey. */
export type SignInStage =
  | { readonly name: 'password' }
  | { readonly name: 'secondFactor'; readonly form: SecondFactorForm; readonly resumes: boolean }
  | { readonly name: 'newPassword'; readonly form: NewPasswordForm }
  | { readonly name: 'records' };

/** The form of sign-in and unlock. Where this device knows the login it unlocks, else it asks the gateway. */
export class SignInForm {
  login = $state('');
  password = $state('');
  /** Somebody new at a device that knows others. */
  newPerson = $state(false);
  busy = $state(false);
  #problem = $state.raw<SignInProblem | null>(null);
  retryAfterSeconds = $state(0);
  #stage = $state.raw<SignInStage>({ name: 'password' });
  #device: Device;

  /** `login`: whose device is open already, and only the session has ended. */
  constructor(device: Device, login?: string) {
    this.#device = device;
    const [first] = this.knownLogins;
    this.login = login ?? first ?? '';
  }

  get stage(): SignInStage {
    return this.#stage;
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
    const login = this.login.trim();
    if (login === '') return this.#fail('needLogin');
    if (this.password === '') return this.#fail('needPassword');
    const unlocks = this.unlocks && this.#stage.name === 'password';
    const shown: ShownProof | undefined = this.#stage.name === 'records' ? { kind: 'session' } : undefined;
    return this.#ask(() =>
      unlocks ? this.#device.unlock(login, this.password) : this.#device.signIn(login, this.password, shown),
    );
  }

  /** The school's passkey instead of a password; where the records here are locked, theirs is asked for next. */
  async usePasskey(): Promise<boolean> {
    return this.#ask(async () => {
      const result = await this.#device.signInWithPasskey();
      if (!result.ok || result.open) return result;
      if (result.devicePassword && !result.passwordChangeDue) await singleSignOn.arrive(this.#device);
      else this.continueAs(result.login, result.passwordChangeDue);
      return null;
    });
  }

  /** A session has begun without a password; `due`: the school's has to be changed first. */
  continueAs(login: string, due: boolean): void {
    this.login = login;
    this.password = '';
    this.#stage = due ? { name: 'newPassword', form: new NewPasswordForm() } : { name: 'records' };
  }

  /** After an unlock the password need not be typed again: the school asks for the rest alone. */
  resume(step: SecondFactorStep): void {
    this.#stage = { name: 'secondFactor', form: new SecondFactorForm(step), resumes: true };
  }

  async showSecondFactor(): Promise<boolean> {
    const stage = this.#stage;
    if (stage.name !== 'secondFactor') return false;
    const { form, resumes } = stage;
    return this.#ask(async () => {
      const proof = await form.makeProof();
      if (!proof) return null;
      const result = resumes
        ? await this.#device.continueSession(proof)
        : await this.#device.signIn(this.login.trim(), this.password, {
            kind: 'secondFactor',
            ticket: form.step.ticket,
            proof,
          });
      if (result.ok || (result.code !== 'badProof' && result.code !== 'lockedOut')) return result;
      form.refuse(result);
      return null;
    });
  }

  async choosePassword(): Promise<boolean> {
    const stage = this.#stage;
    if (stage.name !== 'newPassword') return false;
    return this.#ask(async () => {
      const chosen = await stage.form.submit();
      if (chosen === null) return null;
      this.password = chosen;
      return this.#device.signIn(this.login.trim(), chosen, { kind: 'session' });
    });
  }

  /** Back to the password, with nothing shown yet. */
  startAgain(): void {
    this.#stage = { name: 'password' };
    this.password = '';
    this.#problem = null;
  }

  /** null from `ask`: nothing was decided, or it is said elsewhere. */
  async #ask(ask: () => Promise<SignInResult | UnlockResult | { ok: true } | null>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.#problem = null;
    try {
      const result = await ask();
      if (!result) return false;
      if (!result.ok) return this.#refuse(result);
      this.password = '';
      this.#stage = { name: 'password' };
      return true;
    } finally {
      this.busy = false;
    }
  }

  #refuse(result: Extract<SignInResult | UnlockResult, { ok: false }>): false {
    if (result.code === 'secondFactorRequired') {
      const form = new SecondFactorForm(result.step);
      this.#stage = { name: 'secondFactor', form, resumes: false };
      return false;
    }
    if (result.code === 'passwordChangeRequired') {
      this.#stage = { name: 'newPassword', form: new NewPasswordForm(this.password) };
      return false;
    }
    if ('retryAfterSeconds' in result) this.retryAfterSeconds = result.retryAfterSeconds ?? 0;
    return this.#fail(result.code === 'badProof' ? 'badCredentials' : result.code);
  }

  #fail(problem: SignInProblem): false {
    this.#problem = problem;
    return false;
  }
}
