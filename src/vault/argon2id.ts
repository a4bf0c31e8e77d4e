import { argon2id } from 'hash-wasm';
import type { PasswordKdf } from './vault.ts';

/** Argon2id (RFC 9106) in WebAssembly: takes 64 MiB and a good part of a second of the thread it runs in. */
export const deriveByArgon2id: PasswordKdf = async (password, parameters) => {
  const bytes = await argon2id({
    password,
    salt: parameters.salt,
    memorySize: parameters.memoryKiB,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
  return new Uint8Array(bytes);
};
