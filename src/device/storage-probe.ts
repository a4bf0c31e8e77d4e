import { isQuotaError } from './journal-writer.ts';
import { withTimeLimit } from './time-limit.ts';

const LIMIT_MS = 5_000;
const NAME = 'amenimo-probe';
/** The largest entry: what is said to have room must have it for a save. */
const PROBE_BYTES = 65_536;

export type StorageProblem = 'noStorage' | 'noCrypto' | 'storageFull';

/** Whether this browser offers what the device stands on at all. Throws TimeLimitExceeded where storage hangs. */
export async function findStorageProblem(): Promise<StorageProblem | null> {
  if (typeof crypto === 'undefined' || !('subtle' in crypto)) return 'noCrypto';
  if (typeof indexedDB === 'undefined') return 'noStorage';
  try {
    // A blob too: private windows take plain values and then hang or fail on blobs, as PouchDB's opening does.
    await withTimeLimit(writeAndRead(new Blob([new Uint8Array(PROBE_BYTES)])), LIMIT_MS);
    return null;
  } catch (error) {
    if (isQuotaError(error)) return 'storageFull';
    if (error instanceof DOMException) return 'noStorage';
    throw error;
  }
}

function writeAndRead(value: Blob): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    // The request's own error says only that it came to nothing; why is the transaction's to say.
    let making: IDBTransaction | null = null;
    request.onupgradeneeded = () => {
      making = request.transaction;
      request.result.createObjectStore('probe');
    };
    request.onerror = () =>
      reject(making?.error ?? request.error ?? new DOMException('blocked', 'InvalidStateError'));
    request.onsuccess = () => {
      const db = request.result;
      const transaction = db.transaction('probe', 'readwrite');
      transaction.objectStore('probe').put(value, 'probe');
      transaction.onabort = () => {
        db.close();
        reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
      };
      transaction.oncomplete = () => {
        db.close();
        indexedDB.deleteDatabase(NAME);
        resolve();
      };
    };
  });
}

/** Removes a PouchDB database without opening it. */
export function deletePouchDatabase(name: string): Promise<void> {
  const removed = new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(`_pouch_${name}`);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
    request.onblocked = () => resolve();
  });
  return withTimeLimit(removed, LIMIT_MS).catch(() => undefined);
}
