import { randomBytes } from 'node:crypto';
import { generateSealingKeys } from './sealing-key.ts';
import type { SealingKeyPair, Secrets } from './secrets.ts';

/** Secrets that end with the process. */
export function createMemorySecrets(): Secrets {
  const pairs = new Map<string, Promise<SealingKeyPair>>();
  return {
    sessionKey: new Uint8Array(randomBytes(32)),
    factorKey: new Uint8Array(randomBytes(32)),
    stampKey: new Uint8Array(randomBytes(32)),
    auditKey: new Uint8Array(randomBytes(32)),
    sealingKeys(schoolCode) {
      const pair = pairs.get(schoolCode) ?? generateSealingKeys();
      pairs.set(schoolCode, pair);
      return pair;
    },
  };
}
