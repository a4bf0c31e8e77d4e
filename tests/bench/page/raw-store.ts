/** IndexedDB with nothing on top of it: what the floors are made of. */
const STORE = 'entries';

export function openRawStore(name: string, index?: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: '_id' });
      if (index) store.createIndex(index, index);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB did not open'));
  });
}

/** One transaction, one put for each; resolves when the transaction is complete. */
export function putAll(
  db: IDBDatabase,
  documents: readonly unknown[],
  durability: 'strict' | 'relaxed',
  ending: 'commit' | 'auto' = 'commit',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, 'readwrite', { durability });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
    const store = transaction.objectStore(STORE);
    for (const document of documents) store.put(document);
    // Not waiting for the puts' own answers first.
    if (ending === 'commit') transaction.commit();
  });
}

export function getAll<T>(db: IDBDatabase): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const request = db.transaction(STORE).objectStore(STORE).getAll();
    request.onsuccess = () => resolve(request.result as T[]);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB did not answer'));
  });
}
