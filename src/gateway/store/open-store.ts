import type { DocumentStore } from './document-store.ts';
import { CouchStore } from './couch-store.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { findProxySecret } from './proxy-secret.ts';

export interface StoreSettings {
  readonly dataDir: string;
  /** null: the embedded store in `dataDir`. */
  readonly couchdbUrl: string | null;
}

/**
 * The store that the settings name. The embedded one throws `DataFolderBusy` where another process has the folder;
 * CouchDB is first spoken to with the first request (`ping`).
 */
export async function openStore(
  { dataDir, couchdbUrl }: StoreSettings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DocumentStore> {
  if (couchdbUrl === null) return EmbeddedStore.open(dataDir);
  return new CouchStore({ url: couchdbUrl, proxySecret: await findProxySecret(dataDir, env) });
}
