import type { SecondFactorKind, SecondFactorProof, SecondFactorStep } from '#device/identity-api.ts';
import { usePasskey, type PasskeyAnswer } from '#device/passkey-ceremony.ts';
import type { ProofProblem } from '#features/session/proof-sentence.ts';

/** The form of one second factor: which of the ways that there are, and what was typed. */
export class SecondFactorForm {
  readonly step: SecondFactorStep;
  code = $state('');
  #kind: SecondFactorKind = $state('totp');
  #problem = $state.raw<ProofProblem | null>(null);
  #askPasskey: (options: unknown) => Promise<PasskeyAnswer>;

  constructor(step: SecondFactorStep, askPasskey = usePasskey) {
    this.step = step;
    this.#kind = step.factors[0] ?? 'totp';
    this.#askPasskey = askPasskey;
  }

  get kind(): SecondFactorKind {
    return this.#kind;
  }

  get otherKinds(): readonly SecondFactorKind[] {
    return this.step.factors.filter((kind) => kind !== this.#kind);
  }

  get problem(): ProofProblem | null {
    return this.#problem;
  }

  choose(kind: SecondFactorKind): void {
    this.#kind = kind;
    this.code = '';
    this.#problem = null;
  }

  type(code: string): void {
    this.code = code;
    this.#problem = null;
  }

  refuse(problem: ProofProblem): void {
    this.#problem = problem;
    this.code = '';
  }

  /** What is to be shown to the gateway; null where there is nothing yet, which is said. */
  async makeProof(): Promise<SecondFactorProof | null> {
    this.#problem = null;
    if (this.#kind === 'passkey') {
      const answer = await this.#askPasskey(this.step.passkey);
      if (answer.ok) return { kind: 'passkey', response: answer.response };
      this.#problem = { code: 'passkeyCancelled' };
      return null;
    }
    if (this.code.trim() === '') {
      this.#problem = { code: 'needCode' };
      return null;
    }
    return { kind: this.#kind, code: this.code };
  }
}
