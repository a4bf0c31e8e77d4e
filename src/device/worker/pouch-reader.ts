/** A document that PouchDB keeps, at its winning revision. */
export interface KeptDocument {
  readonly id: string;
  readonly rev: string;
  /** Undefined where the browser has lost it. */
  readonly body: unknown;
}

/** PouchDB's own record of a document. */
interface Head {
  readonly id: string;
  readonly winningRev: string;
  readonly deletedOrLocal: '0' | '1';
}

const HEADS = 'document-store';
const BODIES = 'by-sequence';

/**
 * Reads a database of PouchDB's `idb` adapter in transactions that write nothing: PouchDB itself writes on every
 * opening, and cannot be opened on a full disk.
 */
export class PouchReader {
  readonly #name: string;
  #connection: IDBDatabase | null = null;

  constructor(name: string) {
    this.#name = `_pouch_${name}`;
  }

  /** All documents, or those of some ids that there are, in the order of their ids or of these. */
  async read(ids?: readonly string[]): Promise<KeptDocument[]> {
    const connection = this.#connection ?? (await this.#connect());
    if (!connection) return [];
    try {
      return await readDocuments(connection, ids);
    } catch (error) {
      // Browsers close connections of tabs in the background.
      if ((error as DOMException).name !== 'InvalidStateError') throw error;
      const next = await this.#connect();
      return next ? readDocuments(next, ids) : [];
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #connect(): Promise<IDBDatabase | null> {
    this.close();
    const connection = await openExisting(this.#name);
    if (!connection) return null;
    this.#connection = connection;
    const forget = () => {
      connection.close();
      if (this.#connection === connection) this.#connection = null;
    };
    connection.onversionchange = forget;
    connection.onclose = forget;
    return connection;
  }
}

/** Null where there is no such database: it is PouchDB's to make. */
function openExisting(name: string): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    let isMissing = false;
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
      isMissing = true;
      request.transaction?.abort();
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      if (isMissing) resolve(null);
      else reject(request.error ?? new DOMException('blocked', 'InvalidStateError'));
    };
  });
}

function readDocuments(connection: IDBDatabase, ids: readonly string[] | undefined): Promise<KeptDocument[]> {
  return new Promise((resolve, reject) => {
    const transaction = connection.transaction([HEADS, BODIES], 'readonly');
    const heads = transaction.objectStore(HEADS);
    const bodies = transaction.objectStore(BODIES).index('_doc_id_rev');
    const documents: KeptDocument[] = [];
    const take = (head: Head | undefined) => {
      if (!head || head.deletedOrLocal === '1') return;
      const { id, winningRev: rev } = head;
      const request = bodies.get(`${id}::${rev}`);
      request.onsuccess = () => documents.push({ id, rev, body: request.result as unknown });
    };
    if (ids) {
      for (const id of ids) {
        const request = heads.get(id);
        request.onsuccess = () => take(request.result as Head | undefined);
      }
    } else {
      const request = heads.getAll();
      request.onsuccess = () => (request.result as Head[]).forEach(take);
    }
    transaction.oncomplete = () => resolve(documents);
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
  });
}
