import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { couchRoles } from '../../couch/security.ts';
import {
  CouchClient,
  proxyHeaders,
  type CouchRequest,
  type CouchResponse,
} from '../../src/gateway/store/couch-client.ts';
import { CouchStore } from '../../src/gateway/store/couch-store.ts';
import type { UserContext } from '../../src/gateway/store/document-store.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import type { StoredEntry } from '../../src/ledger/erasure.ts';
import { couchdbUrl, deployForTests, WITHOUT_COUCHDB } from './couch-server.ts';
import { badEntries, newDatabaseName, rollCall, WRITER } from './sample-entries.ts';
import { claimedRevisions, wallCases, wallTable } from './second-wall-cases.ts';

if (!couchdbUrl) console.warn(`going round the gateway: ${WITHOUT_COUCHDB}`);

function withoutPassword(url: string): string {
  const bare = new URL(url);
  bare.username = bare.password = '';
  return bare.href;
}

const REFUSED = [400, 401, 403, 404, 405, 409, 412, 413, 415];

describe.skipIf(!couchdbUrl)('CouchDB’s own rules, without the gateway', () => {
  const url = couchdbUrl ?? '';
  let secret: string;
  let couch: CouchClient;
  let store: CouchStore;
  let db: string;
  let accounts: string;
  let present: Entry;

  beforeAll(async () => {
    secret = await deployForTests(url);
    couch = new CouchClient(url, secret);
    store = new CouchStore({ url, proxySecret: secret });
    db = newDatabaseName();
    accounts = newDatabaseName('accounts');
    await store.ensureDatabase(db);
    await store.ensureDatabase(accounts);
    await store.putRecord(accounts, { _id: 'account:a', passwordHash: 'x' });
    present = rollCall(db);
    await store.putEntries(db, [present], WRITER);
  });
  afterAll(async () => {
    await store.dropDatabase(db);
    await store.dropDatabase(accounts);
  });

  /** As replication writes: with the revisions that the document claims. */
  function replicate(document: StoredEntry, as: UserContext): Promise<CouchResponse<{ reason: string }[]>> {
    const claimed = { _revisions: claimedRevisions(document) };
    return couch.as(as, {
      method: 'POST',
      path: `${db}/_bulk_docs`,
      body: { docs: [{ ...document, ...claimed }], new_edits: false },
      expect: REFUSED,
    });
  }

  test.for(wallCases.map((wall) => [wall.name, wall] as const))('%s', async ([, { as, make, outcome }]) => {
    const own = rollCall(db);
    await store.putEntries(db, [own], WRITER);
    const document = make(db, own) as StoredEntry;
    const { status, body } = await replicate(document, as);
    const [kept] = await store.getEntries(db, [document._id]);
    if (outcome === 'stored') {
      expect(body).toEqual([]);
      expect(kept?._rev).toBe(document._rev);
      return;
    }
    // Without a role of ours the door is shut; with one, the validation says why.
    if (!as.roles.some((role) => Object.values<string>(couchRoles).includes(role))) expect(status).toBe(403);
    else expect(body).toMatchObject([{ error: 'forbidden', reason: outcome }]);
    expect(kept).toEqual(document._id === own._id ? own : null);
    expect(await store.findConflicts(db)).toEqual([]);
  });

  test('every role is refused every entry that no store may keep', async () => {
    const shapeOnly = badEntries.filter(({ code }) => code !== 'wrongAuthor');
    for (const role of [couchRoles.writer, couchRoles.import, couchRoles.handback, couchRoles.eraser]) {
      for (const { make, what } of shapeOnly) {
        const document = make(db) as StoredEntry;
        await couch.as(
          { name: WRITER.name, roles: [role] },
          {
            method: 'POST',
            path: `${db}/_bulk_docs`,
            body: { docs: [document], new_edits: false },
            expect: REFUSED,
          },
        );
        expect(await store.getEntries(db, [document._id]), `${role}: ${what}`).toEqual([null]);
      }
    }
  });

  /** What no role may do, by the path below the server's root. */
  const forbidden: readonly [string, (database: string, accounts: string) => CouchRequest][] = [
    [
      'replaces the validation',
      (at) => ({
        method: 'PUT',
        path: `${at}/_design/amenimo`,
        body: { validate_doc_update: 'function(){}' },
      }),
    ],
    ['adds a design document', (at) => ({ method: 'PUT', path: `${at}/_design/x`, body: { views: {} } })],
    [
      'makes an index',
      (at) => ({ method: 'POST', path: `${at}/_index`, body: { index: { fields: ['by'] } } }),
    ],
    ['replaces the security object', (at) => ({ method: 'PUT', path: `${at}/_security`, body: {} })],
    [
      'forgets revisions',
      (at) => ({ method: 'PUT', path: `${at}/_revs_limit`, body: '1', answersText: true }),
    ],
    ['compacts', (at) => ({ method: 'POST', path: `${at}/_compact`, body: {} })],
    ['drops the database', (at) => ({ method: 'DELETE', path: at })],
    ['makes a database', (at) => ({ method: 'PUT', path: `${at}-more` })],
    ['lists the databases', () => ({ method: 'GET', path: '_all_dbs' })],
    ['reads the server’s settings', () => ({ method: 'GET', path: '_node/_local/_config' })],
    [
      'changes the server’s settings',
      () => ({
        method: 'PUT',
        path: '_node/_local/_config/chttpd_auth/proxy_use_secret',
        body: '"false"',
        answersText: true,
      }),
    ],
    ['makes an administrator', () => ({ method: 'PUT', path: '_node/_local/_config/admins/x', body: '"x"' })],
    ['reads CouchDB’s users', () => ({ method: 'GET', path: '_users/_all_docs' })],
    [
      'sets up a replication',
      () => ({ method: 'POST', path: '_replicator', body: { source: 'x', target: 'y' } }),
    ],
    ['reads accounts', (_, records) => ({ method: 'GET', path: `${records}/account%3Aa` })],
    ['lists accounts', (_, records) => ({ method: 'GET', path: `${records}/_all_docs?include_docs=true` })],
    ['follows accounts', (_, records) => ({ method: 'GET', path: `${records}/_changes` })],
    ['writes an account', (_, records) => ({ method: 'PUT', path: `${records}/account%3Ab`, body: {} })],
    [
      'writes a document that is no entry',
      (at) => ({ method: 'PUT', path: `${at}/anything`, body: { any: 1 } }),
    ],
    [
      'writes with a revision of CouchDB’s choice',
      (at) => ({ method: 'POST', path: at, body: { _id: rollCall(at)._id, kind: 'attendance' } }),
    ],
  ];

  /** The rules of the database as they stand: what must be the same afterwards. */
  async function rulesOf(): Promise<unknown> {
    const read = async (path: string, query?: CouchRequest['query']) =>
      (await couch.asAdmin({ method: 'GET', path, ...(query ? { query } : {}), answersText: true })).body;
    return [
      await read(`${db}/_security`),
      await read(`${db}/_all_docs`, { startkey: '"_design"', endkey: '"_design0"', include_docs: true }),
      await read(`${db}/_revs_limit`),
      await read('_node/_local/_config/chttpd_auth'),
      await read('_node/_local/_config/admins'),
      await read(`${accounts}/account%3Aa`),
    ];
  }

  test.for(forbidden.map(([what, make]) => [what, make] as const))('no role %s', async ([what, make]) => {
    const before = await rulesOf();
    for (const [role, { as }] of Object.entries(wallTable)) {
      const { method, path, body } = make(db, accounts);
      // Not through the client: to some of these CouchDB says its no with 500.
      const answer = await fetch(new URL(path, withoutPassword(url)), {
        method,
        headers: { 'content-type': 'application/json', ...proxyHeaders(as.name, as.roles, secret) },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      });
      expect(answer.status, `${role} ${what}`).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).not.toContain('passwordHash');
    }
    expect(await rulesOf()).toEqual(before);
    expect([await store.hasDatabase(db), await store.hasDatabase(`${db}-more`)]).toEqual([true, false]);
    expect(await store.getEntries(db, [present._id])).toEqual([present]);
  });

  test('an attachment, a deletion and a purge of an entry are refused', async () => {
    const path = `${db}/${encodeURIComponent(present._id)}`;
    const query = { rev: present._rev };
    for (const request of [
      { method: 'PUT', path: `${path}/photo.png`, query, body: 'x' },
      { method: 'DELETE', path, query },
      { method: 'POST', path: `${db}/_purge`, body: { [present._id]: [present._rev] } },
    ] as const satisfies CouchRequest[]) {
      for (const [role, { as }] of Object.entries(wallTable)) {
        const { status } = await couch.as(as, { ...request, expect: REFUSED });
        expect(status, `${role} ${request.method} ${request.path.replace(path, '')}`).toBeGreaterThanOrEqual(
          400,
        );
      }
    }
    expect(await store.getEntries(db, [present._id])).toEqual([present]);
  });

  test('headers without the secret’s token make nobody anybody, whatever they claim', async () => {
    const name = { 'X-Auth-CouchDB-UserName': WRITER.name, 'X-Auth-CouchDB-Roles': couchRoles.writer };
    const admin = { 'X-Auth-CouchDB-UserName': 'admin', 'X-Auth-CouchDB-Roles': '_admin' };
    const forged = proxyHeaders(WRITER.name, WRITER.roles, `${secret}x`);
    const othersToken = proxyHeaders('teacher-2', WRITER.roles, secret);
    for (const headers of [
      {},
      name,
      admin,
      { ...name, 'X-Auth-CouchDB-Token': '' },
      { ...admin, 'X-Auth-CouchDB-Token': 'undefined' },
      { ...proxyHeaders(WRITER.name, WRITER.roles, '') },
      forged,
      // A token is a name's own.
      { ...othersToken, 'X-Auth-CouchDB-UserName': WRITER.name },
    ] as Record<string, string>[]) {
      for (const path of [db, accounts, '_all_dbs', `${db}/_all_docs`]) {
        const { status } = await couch.asStranger(headers, { method: 'GET', path, expect: REFUSED });
        expect(status).toBe(401);
      }
      const write = await couch.asStranger(headers, {
        method: 'POST',
        path: `${db}/_bulk_docs`,
        body: { docs: [rollCall(db)], new_edits: false },
        expect: REFUSED,
      });
      expect(write.status).toBe(401);
    }
  });
});
