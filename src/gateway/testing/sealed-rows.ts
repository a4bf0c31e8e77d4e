import { webcrypto } from 'node:crypto';
import type { Entry } from '../../ledger/entry.ts';
import { streamKey, type Stream } from '../../ledger/stream.ts';
import { writeWireRow, type WireRow } from '../../sync/hand-in.ts';
import { utf8, type CryptoPort } from '../../vault/crypto-port.ts';
import { sealEnvelope } from '../../vault/envelope.ts';
import { journalPlace } from '../../vault/journal-place.ts';
import { createContentKey, importSchoolKey } from '../../vault/sealing.ts';
import type { Secrets } from '../secrets/secrets.ts';

const port: CryptoPort = {
  subtle: webcrypto.subtle as SubtleCrypto,
  random: (length) => webcrypto.getRandomValues(new Uint8Array(length)),
};

/** Rows as a device's journal keeps them, sealed to a school, on their way in somebody else's hands. */
export async function sealRows(
  secrets: Pick<Secrets, 'sealingKeys'>,
  schoolCode: string,
  stream: Stream,
  ...entries: readonly Entry[]
): Promise<WireRow[]> {
  const { publicKey } = await secrets.sealingKeys(schoolCode);
  const school = await importSchoolKey(port, schoolCode, publicKey as JsonWebKey);
  const vaultKey = await port.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const { key, wraps } = await createContentKey(port, vaultKey, school);
  const { school: wrap } = wraps;
  if (!wrap) throw new Error('no wrap for the school');
  return Promise.all(
    entries.map(async (entry) => {
      const row = { stream: streamKey(stream), id: entry._id };
      const sealed = await sealEnvelope(port, key, journalPlace(row), utf8(JSON.stringify(entry)));
      return writeWireRow({ ...row, sealed, wrap });
    }),
  );
}
