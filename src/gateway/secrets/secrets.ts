import type { webcrypto } from 'node:crypto';

/** An EC P-256 key of a school: the public half goes to devices, which seal journal rows to it. */
export interface SealingKeyPair {
  readonly publicKey: webcrypto.JsonWebKey;
  readonly privateKey: webcrypto.JsonWebKey;
}

/** What the gateway alone knows. */
export interface Secrets {
  /** 256 bits under which session tokens are kept. */
  readonly sessionKey: Uint8Array;
  /** 256 bits under which second factors are kept. */
  readonly factorKey: Uint8Array;
  /** 256 bits that seal the gateway's stamps. */
  readonly stampKey: Uint8Array;
  /** 256 bits that seal the audit's chain, and name it: a gateway with another key writes another chain. */
  readonly auditKey: Uint8Array;
  /** The key pair of a school; made on the first call. */
  sealingKeys(schoolCode: string): Promise<SealingKeyPair>;
}
