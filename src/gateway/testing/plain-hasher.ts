import type { PasswordHasher } from '../identity/password.ts';

/** Takes no time, for tests that are not about passwords. */
export const plainHasher: PasswordHasher = {
  hash: async (password) => `$argon2id$${Buffer.from(password).toString('base64')}`,
  verify: async (password, hash) => hash === `$argon2id$${Buffer.from(password).toString('base64')}`,
  close: async () => undefined,
};
