import { randomBytes } from 'node:crypto';
import { Argon2Thread, type Argon2Cost } from './argon2-thread.ts';

/** OWASP's first choice for Argon2id where memory is shared by many sign-ins. */
const DEFAULT_COST: Argon2Cost = { memorySize: 19_456, iterations: 2, parallelism: 1 };

/** Keeps passwords as PHC strings of Argon2id. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long for a missing hash (null) as for a wrong password, and is false then. */
  verify(password: string, hash: string | null): Promise<boolean>;
  close(): Promise<void>;
}

/** Keyboards differ in how they compose a character; a password is what it looks like. */
function normalise(password: string): string {
  return password.normalize('NFKC');
}

export function createPasswordHasher(cost: Argon2Cost = DEFAULT_COST): PasswordHasher {
  const thread = new Argon2Thread();
  const hash = async (password: string): Promise<string> =>
    (await thread.run({
      type: 'hash',
      password: normalise(password),
      salt: new Uint8Array(randomBytes(16)),
      cost,
    })) as string;
  let nobodys: Promise<string> | null = null;
  return {
    hash,
    async verify(password, known) {
      if (known === null) nobodys ??= hash(randomBytes(16).toString('hex'));
      const against = known ?? (await (nobodys as Promise<string>));
      const same = (await thread.run({
        type: 'verify',
        password: normalise(password),
        hash: against,
      })) as boolean;
      return same && known !== null;
    },
    close: () => thread.close(),
  };
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A first password to hand over on paper: four groups of four, about 79 bits, nothing that looks alike. */
export function generatePassword(): string {
  const letters: string[] = [];
  while (letters.length < 16) {
    for (const byte of randomBytes(32)) {
      if (byte < ALPHABET.length * 8 && letters.length < 16)
        letters.push(ALPHABET[byte % ALPHABET.length] ?? '');
    }
  }
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4).join('')).join('-');
}
