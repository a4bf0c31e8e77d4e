import type { AccountDirectory } from './account-directory.ts';
import { parseLogin, type Account } from './account.ts';
import type { LockOut } from './lock-out.ts';
import { MAX_PASSWORD_LENGTH, type PasswordHasher } from './password.ts';

export type SignInResult =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly code: 'badCredentials' }
  | { readonly ok: false; readonly code: 'lockedOut'; readonly retryAfterSeconds: number };

interface Ports {
  readonly accounts: Pick<AccountDirectory, 'findByLogin'>;
  readonly hasher: PasswordHasher;
  readonly lockOut: LockOut;
}

/**
 * Judges a login and a password. An unknown login, a locked account and one without a password cost the same
 * time, are counted the same and get the same answer as a wrong password.
 */
export async function signIn(
  { accounts, hasher, lockOut }: Ports,
  { login, password, address }: { login: string; password: string; address: string },
): Promise<SignInResult> {
  const known = parseLogin(login) ?? '';
  const retryAfterSeconds = lockOut.begin(known, address);
  if (retryAfterSeconds > 0) return { ok: false, code: 'lockedOut', retryAfterSeconds };
  let right = false;
  try {
    const account = await accounts.findByLogin(known);
    const hash = account && account.lockedAt === null ? account.passwordHash : null;
    right = await hasher.verify(password.slice(0, MAX_PASSWORD_LENGTH * 4), hash);
    return account && right ? { ok: true, account } : { ok: false, code: 'badCredentials' };
  } finally {
    lockOut.end(known, address, right);
  }
}
