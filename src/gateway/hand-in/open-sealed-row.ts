import { webcrypto } from 'node:crypto';
import { parseStreamKey } from '../../ledger/stream.ts';
import { fromUtf8, type CryptoPort } from '../../vault/crypto-port.ts';
import { openEnvelope } from '../../vault/envelope.ts';
import { journalPlace } from '../../vault/journal-place.ts';
import { importSchoolKey, openContentKeyAsSchool } from '../../vault/sealing.ts';
import type { SealedRow } from '../../sync/hand-in.ts';
import type { Secrets } from '../secrets/secrets.ts';

const port: CryptoPort = {
  subtle: webcrypto.subtle as SubtleCrypto,
  random: (length) => webcrypto.getRandomValues(new Uint8Array(length)),
};

/** Opens rows with the private key of one school; made anew for each request. */
export class SchoolOpener {
  readonly #schoolCode: string;
  readonly #keyId: string;
  readonly #privateKey: CryptoKey;
  /** Rows of one session share a content key: one agreement for many. */
  readonly #contentKeys = new Map<string, Promise<CryptoKey | null>>();

  private constructor(schoolCode: string, keyId: string, privateKey: CryptoKey) {
    this.#schoolCode = schoolCode;
    this.#keyId = keyId;
    this.#privateKey = privateKey;
  }

  static async of(secrets: Pick<Secrets, 'sealingKeys'>, schoolCode: string): Promise<SchoolOpener> {
    const pair = await secrets.sealingKeys(schoolCode);
    const { keyId } = await importSchoolKey(port, schoolCode, pair.publicKey as JsonWebKey);
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const privateKey = await port.subtle.importKey('jwk', pair.privateKey as JsonWebKey, curve, false, [
      'deriveBits',
    ]);
    return new SchoolOpener(schoolCode, keyId, privateKey);
  }

  /** What was sealed; null where it is another school's, another key's, spoiled, or no entry of that id. */
  async open(row: SealedRow): Promise<unknown> {
    const { schoolCode, keyId } = row.wrap;
    if (schoolCode !== this.#schoolCode || keyId !== this.#keyId || !parseStreamKey(row.stream)) return null;
    const name = `${row.wrap.ephemeral.join()}/${row.wrap.wrapped.join()}`;
    const opening = this.#contentKeys.get(name) ?? this.#openContentKey(row);
    this.#contentKeys.set(name, opening);
    const key = await opening;
    const plain = key && (await openEnvelope(port, key, journalPlace(row), row.sealed));
    if (!plain) return null;
    try {
      return JSON.parse(fromUtf8(plain));
    } catch {
      return null;
    }
  }

  async #openContentKey(row: SealedRow): Promise<CryptoKey | null> {
    try {
      return await openContentKeyAsSchool(port, this.#privateKey, row.wrap);
    } catch {
      // No point of the curve, or no key of that length.
      return null;
    }
  }
}
