import type { Device } from '#device/device.ts';
import type { OpenResult } from '#device/single-sign-on.ts';
import { NewPasswordForm } from '#features/session/new-password-form.svelte.ts';

type Refused = Extract<OpenResult, { ok: false }>['code'];
export type OpeningProblem = 'needPassword' | Exclude<Refused, 'passwordChangeRequired'>;

/** The form of the password that opens one device, for a person whose session has begun without one. */
export class DeviceOpening {
  readonly login: string;
  /** There are records of this person here, locked by a password. */
  readonly hasRecords: boolean;
  password = $state('');
  busy = $state(false);
  #choosing = $state.raw<NewPasswordForm | null>(null);
  #problem = $state.raw<OpeningProblem | null>(null);
  readonly #device: Device;
  readonly #finish: () => void;

  /** `finish`: the records are open, or the person goes back. */
  constructor(device: Device, login: string, step: 'password' | 'newPassword', finish: () => void) {
    this.#device = device;
    this.login = login;
    this.#finish = finish;
    this.hasRecords = step === 'password';
    if (!this.hasRecords) this.chooseAnother();
  }

  /** The form of a new password, where one is to be chosen. */
  get choosing(): NewPasswordForm | null {
    return this.#choosing;
  }

  get problem(): OpeningProblem | null {
    return this.#problem;
  }

  chooseAnother(): void {
    this.password = '';
    this.#problem = null;
    this.#choosing = new NewPasswordForm(null, async (_none, next) => {
      const result = await this.#device.singleSignOn.choosePassword(next);
      return result.ok ? { ok: true, value: null } : { ok: false, code: codeOf(result.code), details: {} };
    });
  }

  backToPassword(): void {
    this.#choosing = null;
    this.#problem = null;
  }

  async submit(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.#problem = null;
    try {
      const done = this.#choosing ? (await this.#choosing.submit()) !== null : await this.#open();
      if (done) this.#finish();
      return done;
    } finally {
      this.busy = false;
    }
  }

  giveUp(): void {
    this.#finish();
  }

  async #open(): Promise<boolean> {
    if (this.password === '') return this.#fail('needPassword');
    const result = await this.#device.singleSignOn.open(this.password);
    if (!result.ok) return this.#fail(codeOf(result.code));
    this.password = '';
    return true;
  }

  #fail(problem: OpeningProblem): false {
    this.#problem = problem;
    return false;
  }
}

/** Somebody gave the person a password of the school's meanwhile: the next sign-in says what is to be done. */
function codeOf(code: Refused): Exclude<Refused, 'passwordChangeRequired'> {
  return code === 'passwordChangeRequired' ? 'signedOut' : code;
}
