import type { PasswordProblem } from '../../access/password-rule.ts';
import type { Grant } from '../../access/subject.ts';
import type { Account } from './account.ts';

export interface NewAccount {
  readonly personId: string;
  readonly login: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  /** Left out: the account exists and cannot sign in until a password is set. */
  readonly password?: string;
  /** The password was made for the person, who has to choose an own one at the first sign-in. */
  readonly passwordChangeDue?: boolean;
}

export type AccountProblem =
  | 'loginTaken'
  | 'personTaken'
  | 'badLogin'
  | 'badAccount'
  | 'unknownAccount'
  /** Somebody else changed the account meanwhile. */
  | 'conflict'
  | PasswordProblem;

export type AccountResult =
  { readonly ok: true; readonly account: Account } | { readonly ok: false; readonly code: AccountProblem };

/** The board's accounts. What is changed here is so for every session at once. */
export interface AccountDirectory {
  createAccount(account: NewAccount): Promise<AccountResult>;
  findByLogin(login: string): Promise<Account | null>;
  findByPerson(personId: string): Promise<Account | null>;
  /** In order of login. */
  listAccounts(): Promise<Account[]>;
  /** `changeDue`: it was made for the person, who has to choose an own one at the next sign-in. */
  setPassword(personId: string, password: string, changeDue?: boolean): Promise<AccountResult>;
  setLocked(personId: string, locked: boolean): Promise<AccountResult>;
  /** Gives these grants; those not among them end today and stay in the account as ended. */
  setGrants(personId: string, grants: readonly Grant[]): Promise<AccountResult>;
  /** Puts these grants in the place of all; `conflict` where they are no longer those of `before`. */
  rewriteGrants(before: Account, grants: readonly Grant[]): Promise<AccountResult>;
  setName(personId: string, name: string): Promise<AccountResult>;
}
