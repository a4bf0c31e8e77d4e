import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import leveldown from 'leveldown';
import PouchDB from 'pouchdb-core';
import LevelAdapter from 'pouchdb-adapter-leveldb-core';

const DATABASE = 'bench';

/** @this {unknown} @param {object} options @param {unknown} callback */
function LevelDownAdapter(options, callback) {
  const adapter = /** @type {any} */ (LevelAdapter);
  adapter.call(this, { ...options, db: leveldown }, callback);
}
LevelDownAdapter.valid = () => true;
LevelDownAdapter.use_prefix = false;

/**
 * As much of CouchDB's replication protocol as a pull needs, over PouchDB and LevelDB in this process: for machines
 * without CouchDB.
 *
 * @param {string} json @returns {Promise<import('./peer.mjs').Peer>}
 */
export async function openReplicationEndpoint(json) {
  const folder = mkdtempSync(join(tmpdir(), 'amenimo-bench-peer-'));
  /** @type {any} */ (PouchDB).adapter('bench-leveldb', LevelDownAdapter, true);
  const db = new PouchDB(join(folder, 'db'), { adapter: 'bench-leveldb' });
  await db.bulkDocs(JSON.parse(json), { new_edits: false });
  const server = createServer((request, response) => {
    answer(db, request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      (error) => {
        response.writeHead(error.status ?? 500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: error.name, reason: error.message }));
      },
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    database: DATABASE,
    name: 'a minimal replication endpoint on pouchdb-core and LevelDB (COUCHDB_URL is not set)',
    close: async () => {
      server.closeAllConnections();
      server.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * @param {any} db @param {import('node:http').IncomingMessage} request
 * @returns {Promise<{ status: number, body: unknown }>}
 */
async function answer(db, request) {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [database, resource = '', id = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (database === '') return { status: 200, body: { couchdb: 'Welcome', uuid: 'amenimo-bench' } };
  if (database !== DATABASE) return { status: 404, body: { error: 'not_found' } };
  if (resource === '') {
    if (request.method === 'PUT') return { status: 412, body: { error: 'file_exists' } };
    const { doc_count, update_seq } = await db.info();
    return { status: 200, body: { db_name: DATABASE, doc_count, update_seq, instance_start_time: '0' } };
  }
  if (resource === '_changes') {
    const since = Number(url.searchParams.get('since') ?? 0);
    const limit = Number(url.searchParams.get('limit') ?? 25);
    return { status: 200, body: await db.changes({ since, limit, style: 'all_docs' }) };
  }
  if (resource === '_bulk_get') {
    const { docs } = JSON.parse(await bodyOf(request));
    return { status: 200, body: await db.bulkGet({ docs, revs: true, latest: true }) };
  }
  if (resource === '_local') {
    const local = `_local/${id}`;
    if (request.method === 'GET') return { status: 200, body: await db.get(local) };
    return { status: 201, body: await db.put({ ...JSON.parse(await bodyOf(request)), _id: local }) };
  }
  return { status: 404, body: { error: 'not_found' } };
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}
