import { holdsName, MIN_PASSWORD_WEIGHT, passwordWeight } from './password-weight.ts';

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;

export type PasswordProblem =
  | 'passwordTooShort'
  | 'passwordTooLong'
  /** Made of what everybody tries first. */
  | 'passwordTooCommon'
  /** Holds the person's login or name. */
  | 'passwordHasName';

/** Of a password that opens an account or what lies on a device. `about`: the person's login and name. */
export function findPasswordProblem(password: string, about: readonly string[] = []): PasswordProblem | null {
  // Keyboards differ in how they compose a character; a password is what it looks like.
  const length = [...password.normalize('NFKC')].length;
  if (length < MIN_PASSWORD_LENGTH) return 'passwordTooShort';
  if (length > MAX_PASSWORD_LENGTH) return 'passwordTooLong';
  if (holdsName(password, about)) return 'passwordHasName';
  return passwordWeight(password) < MIN_PASSWORD_WEIGHT ? 'passwordTooCommon' : null;
}
