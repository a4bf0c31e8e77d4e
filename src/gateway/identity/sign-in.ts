import { MAX_PASSWORD_LENGTH } from '../../access/password-rule.ts';
import type { AccountDirectory } from './account-directory.ts';
import { parseLogin, type Account } from './account.ts';
import type { AddressAllowance } from './address-allowance.ts';
import type { LockOut } from './lock-out.ts';
import type { PasswordHasher } from './password.ts';
import type { FactorTries } from './second-factor/factor-tries.ts';

export type SignInResult =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly code: 'badCredentials' }
  | { readonly ok: false; readonly code: 'lockedOut'; readonly retryAfterSeconds: number };

interface Ports {
  readonly accounts: Pick<AccountDirectory, 'findByLogin'>;
  readonly hasher: PasswordHasher;
  readonly lockOut: LockOut;
  readonly addressAllowance: AddressAllowance;
  readonly factorTries: Pick<FactorTries, 'knows'>;
}

/**
 * Judges a login and a password. An unknown login, a locked account and one without a password cost the same
 * time, are counted the same and get the same answer as a wrong password.
 */
export async function signIn(
  { accounts, hasher, lockOut, addressAllowance, factorTries }: Ports,
  { login, password, address }: { login: string; password: string; address: string },
): Promise<SignInResult> {
  const known = parseLogin(login) ?? '';
  const account = await accounts.findByLogin(known);
  const crowded = addressAllowance.waitSeconds(address);
  // Who worked here before is not held up by whoever tries many logins from the same network.
  if (crowded > 0 && !(account && (await factorTries.knows(account.personId, address)))) {
    return { ok: false, code: 'lockedOut', retryAfterSeconds: crowded };
  }
  const retryAfterSeconds = lockOut.begin(known, address);
  if (retryAfterSeconds > 0) return { ok: false, code: 'lockedOut', retryAfterSeconds };
  addressAllowance.begin(address);
  const hash = account && account.lockedAt === null ? account.passwordHash : null;
  const right = await hasher
    .verify(password.slice(0, MAX_PASSWORD_LENGTH * 4), hash)
    .catch((error: unknown) => {
      // A hasher that had no time has not said that the password is wrong.
      lockOut.cancel(known, address);
      addressAllowance.cancel(address);
      throw error;
    });
  lockOut.end(known, address, right);
  if (right) addressAllowance.succeeded(address, known);
  else addressAllowance.failed(address);
  return account && right ? { ok: true, account } : { ok: false, code: 'badCredentials' };
}
