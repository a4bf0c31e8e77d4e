import { randomBytes } from 'node:crypto';
import { openReplicationEndpoint } from './replication-endpoint.mjs';

/**
 * @typedef {object} Peer
 * @property {URL} url  where `/peer/` leads
 * @property {string} database
 * @property {string} name  for the output: what PouchDB replicated from
 * @property {() => Promise<void>} close
 */

/** The server that PouchDB replicates from: CouchDB where COUCHDB_URL names one. @param {string} json @returns {Promise<Peer>} */
export async function openPeer(json) {
  const address = process.env.COUCHDB_URL;
  return address ? openCouch(new URL(address), json) : openReplicationEndpoint(json);
}

/** @param {URL} url @param {string} json @returns {Promise<Peer>} */
async function openCouch(url, json) {
  const database = `amenimo-bench-${randomBytes(4).toString('hex')}`;
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const base = new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
  base.username = '';
  base.password = '';
  /** @param {string} method @param {string} path @param {string} [body] */
  const ask = async (method, path, body) => {
    const answer = await fetch(new URL(path, base), {
      method,
      headers: { authorization: `Basic ${btoa(login)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`CouchDB answered ${answer.status} to ${method} ${path}`);
    return answer.json();
  };
  const { version } = await ask('GET', '');
  await ask('PUT', database);
  const refused = await ask('POST', `${database}/_bulk_docs`, `{"new_edits":false,"docs":${json}}`);
  if (refused.length > 0) throw new Error(`CouchDB did not take ${refused.length} documents`);
  return {
    url,
    database,
    name: `CouchDB ${version}`,
    close: async () => {
      await ask('DELETE', database);
    },
  };
}
