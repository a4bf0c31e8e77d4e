import { randomBytes } from 'node:crypto';
import { CouchClient } from '../../src/gateway/store/couch-client.ts';
import { deployCouch } from '../../src/gateway/store/couch-deploy.ts';

/** The real CouchDB of this run, with an administrator's name and password; undefined: there is none. */
export const couchdbUrl: string | undefined = process.env['COUCHDB_URL'] || undefined;

export const WITHOUT_COUCHDB =
  'skipped: COUCHDB_URL is not set, nothing here was tried against a real CouchDB';

/**
 * Deploys to the server and gives the secret in use. A secret that the server has already stays: others may be using
 * the same server.
 */
export async function deployForTests(url: string): Promise<string> {
  const admin = new CouchClient(url, null);
  const { body } = await admin.asAdmin<Record<string, string>>({
    method: 'GET',
    path: '_node/_local/_config/chttpd_auth',
  });
  const present = body['secret'] ?? '';
  const proxySecret =
    process.env['COUCHDB_PROXY_SECRET'] ?? (present.length >= 32 ? present : randomBytes(32).toString('hex'));
  const result = await deployCouch(url, { proxySecret });
  if (!result.ok) throw new Error(`the CouchDB of COUCHDB_URL cannot be deployed to: ${result.refusal.code}`);
  return proxySecret;
}
