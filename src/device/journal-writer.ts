import type { Entry } from '../ledger/entry.ts';
import type { StreamKey } from '../ledger/stream.ts';
import { utf8, type CryptoPort } from '../vault/crypto-port.ts';
import { sealEnvelope } from '../vault/envelope.ts';
import { journalPlace } from '../vault/journal-place.ts';
import type { ContentKey } from '../vault/sealing.ts';
import type { JournalRow, PersonDatabase } from './person-database.ts';

export type AppendResult =
  | { readonly ok: true; readonly seq: number; readonly at: number }
  | { readonly ok: false; readonly code: 'storageFull' | 'storageTrouble' };

/**
 * Puts one entry on the disk: one AES-GCM operation, one strict transaction. It goes past Dexie's own queue, which
 * would cost as much again as the write.
 */
export async function appendToJournal(
  crypto: CryptoPort,
  db: PersonDatabase,
  row: { stream: StreamKey; entry: Entry; at: number; generation: number; content: ContentKey },
): Promise<AppendResult> {
  const { stream, entry, at, generation, content } = row;
  const id = entry._id;
  const sealed = await sealEnvelope(
    crypto,
    content.key,
    journalPlace({ stream, id }),
    utf8(JSON.stringify(entry)),
  );
  const stored: JournalRow = {
    id,
    stream,
    ...(entry.group === undefined ? {} : { group: entry.group }),
    state: 'waiting',
    at,
    generation,
    sealed,
    wraps: content.wraps,
  };
  try {
    return { ok: true, seq: await addRow(db.backendDB(), stored), at };
  } catch (error) {
    if (isQuotaError(error)) return { ok: false, code: 'storageFull' };
  }
  // The connection may have died under us (InvalidStateError: Safari does that to tabs in the background).
  try {
    db.close({ disableAutoOpen: false });
    await db.open();
    return { ok: true, seq: await addRow(db.backendDB(), stored), at };
  } catch (error) {
    return { ok: false, code: isQuotaError(error) ? 'storageFull' : 'storageTrouble' };
  }
}

/** Resolves after the transaction is on the disk: a put's own success can still be taken back. */
function addRow(db: IDBDatabase, row: JournalRow): Promise<number> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction('journal', 'readwrite', { durability: 'strict' });
    const request = transaction.objectStore('journal').add(row);
    transaction.oncomplete = () => resolve(request.result as number);
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
    transaction.commit();
  });
}

export function isQuotaError(error: unknown): boolean {
  const { name, inner } = error as { name?: unknown; inner?: unknown };
  if (name === 'QuotaExceededError') return true;
  return typeof inner === 'object' && inner !== null && isQuotaError(inner);
}
