import { utf8 } from '../../vault/crypto-port.ts';
import { createContentKey, importSchoolKey } from '../../vault/sealing.ts';
import { appendToJournal } from '../journal-writer.ts';
import type { PersonDatabase } from '../person-database.ts';
import { webCrypto } from '../web-crypto.ts';
import { markOf, STREAM } from './entries.ts';

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const school = crypto.subtle.generateKey(curve, true, ['deriveBits']);

/** Writes rows as a vault of that generation does; their ids, in order. */
export async function writeRows(
  db: PersonDatabase,
  count: number,
  { generation = 1, by = 't-1', sealed = true, note = '' } = {},
): Promise<string[]> {
  if (!db.isOpen()) await db.open();
  await db.writeMeta(`vault/${generation}`, {
    kdf: { algorithm: 'argon2id', memoryKiB: 1, iterations: 1, parallelism: 1, salt: utf8('salt') },
    wrapped: utf8('wrapped'),
  });
  const vaultKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const jwk = await crypto.subtle.exportKey('jwk', (await school).publicKey);
  const schoolKey = sealed ? await importSchoolKey(webCrypto, 'B101', jwk) : null;
  const content = await createContentKey(webCrypto, vaultKey, schoolKey);
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const entry = markOf(`s${i}`, '2026-06-10', 'sick', [], by, note === '' ? undefined : note);
    const written = await appendToJournal(webCrypto, db, {
      stream: STREAM,
      entry,
      at: 1,
      generation,
      content,
    });
    if (!written.ok) throw new Error(written.code);
    ids.push(entry._id);
  }
  return ids;
}
