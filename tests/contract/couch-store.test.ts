import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CouchClient, type CouchResponse } from '../../src/gateway/store/couch-client.ts';
import { deployCouch } from '../../src/gateway/store/couch-deploy.ts';
import { CouchStore } from '../../src/gateway/store/couch-store.ts';
import { StoreUnavailable, type UserContext } from '../../src/gateway/store/document-store.ts';
import { eraseEntry } from '../../src/ledger/erasure.ts';
import { couchdbUrl, deployForTests, WITHOUT_COUCHDB } from './couch-server.ts';
import { badEntries, ERASER, newDatabaseName, READER, rollCall, WRITER } from './sample-entries.ts';

if (!couchdbUrl) console.warn(`CouchDB's second wall and deploy: ${WITHOUT_COUCHDB}`);

describe.skipIf(!couchdbUrl)('CouchDB, with the gateway gone round', () => {
  const url = couchdbUrl ?? '';
  let proxySecret: string;
  let store: CouchStore;
  let couch: CouchClient;
  let db: string;

  beforeAll(async () => {
    proxySecret = await deployForTests(url);
    store = new CouchStore({ url, proxySecret });
    couch = new CouchClient(url, proxySecret);
    db = newDatabaseName();
    await store.ensureDatabase(db);
  });

  afterAll(() => store.dropDatabase(db));

  type Failure = { id: string; error: string; reason: string };

  function write(docs: readonly object[], as: UserContext): Promise<CouchResponse<Failure[]>> {
    return couch.as<Failure[]>(as, {
      method: 'POST',
      path: `${db}/_bulk_docs`,
      body: { docs, new_edits: false },
      expect: [400, 401, 403],
    });
  }

  test('a sound entry is accepted in its own author’s name', async () => {
    const entry = rollCall(db);
    expect((await write([entry], WRITER)).body).toEqual([]);
    expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
  });

  test('another user’s entry is refused', async () => {
    const entry = rollCall(db);
    const { body } = await write([entry], { ...WRITER, name: 'teacher-2' });
    expect(body).toMatchObject([{ id: entry._id, error: 'forbidden', reason: 'wrongAuthor' }]);
  });

  test.for(badEntries.map((bad) => [bad.what, bad] as const))(
    '%s is refused by CouchDB itself',
    async ([, bad]) => {
      const document = bad.make(db);
      const { status, body } = await write([document], WRITER);
      if (bad.unreadable) expect(status).toBe(400);
      else expect(body).toMatchObject([{ id: document._id, error: 'forbidden', reason: bad.code }]);
      expect(await store.getEntries(db, [document._id])).toEqual([null]);
    },
  );

  test('the administrator’s password opens no way round the shape of an entry', async () => {
    const entry = rollCall(db, { by: 'teacher-2' });
    const sibling = { ...entry, _rev: `1-${'f'.repeat(32)}` };
    const { body } = await couch.asAdmin<Failure[]>({
      method: 'POST',
      path: `${db}/_bulk_docs`,
      body: { docs: [sibling, entry], new_edits: false },
    });
    expect(body).toMatchObject([{ error: 'forbidden', reason: 'wrongRevision' }]);
    expect(await store.getEntries(db, [entry._id])).toEqual([entry]);
  });

  test('an ordinary edit, with a revision that CouchDB chooses, is refused', async () => {
    const { _rev: _, ...document } = rollCall(db);
    const { status } = await couch.as(WRITER, {
      method: 'PUT',
      path: `${db}/${encodeURIComponent(document._id)}`,
      body: document,
      expect: [403],
    });
    expect(status).toBe(403);
  });

  test('a second erasure beside the one that the id names is refused', async () => {
    const entry = rollCall(db);
    await store.putEntries(db, [entry], WRITER);
    const erasure = eraseEntry(entry, WRITER.name, 1, 'wrong pupil');
    const [hash = ''] = entry._id.split(':').slice(-1);
    const fake = {
      ...erasure,
      _rev: `2-${'e'.repeat(32)}`,
      _revisions: { start: 2, ids: ['e'.repeat(32), hash] },
    };
    expect((await write([fake], WRITER)).body).toMatchObject([{ reason: 'wrongRevision' }]);
    await store.putEntries(db, [erasure], ERASER);
    expect((await write([fake], WRITER)).body).toMatchObject([{ reason: 'wrongRevision' }]);
    expect(await store.findConflicts(db)).toEqual([]);
  });

  test('a role that may only read cannot write, and one without any role cannot even read', async () => {
    const entry = rollCall(db);
    expect((await write([entry], READER)).body).toMatchObject([{ reason: 'notPermitted' }]);
    const nobody = { name: WRITER.name, roles: [] };
    expect((await write([entry], nobody)).status).toBe(403);
    const read = await couch.as(nobody, { method: 'GET', path: db, expect: [403] });
    expect(read.status).toBe(403);
  });

  test('the gateway’s records are the administrator’s alone', async () => {
    const accounts = newDatabaseName('accounts');
    await store.ensureDatabase(accounts);
    try {
      await store.putRecord(accounts, { _id: 'account:a' });
      for (const method of ['GET', 'PUT'] as const) {
        const { status } = await couch.as(WRITER, {
          method,
          path: `${accounts}/account%3Aa`,
          ...(method === 'PUT' ? { body: {} } : {}),
          expect: [403],
        });
        expect(status).toBe(403);
      }
    } finally {
      await store.dropDatabase(accounts);
    }
  });

  test('a name without its token is nobody, and so is a stranger', async () => {
    const names = { 'X-Auth-CouchDB-UserName': WRITER.name, 'X-Auth-CouchDB-Roles': '_admin' };
    for (const headers of [names, { ...names, 'X-Auth-CouchDB-Token': '0'.repeat(64) }, {}]) {
      const { status } = await couch.asStranger(headers as Record<string, string>, {
        method: 'GET',
        path: db,
        expect: [401],
      });
      expect(status).toBe(401);
    }
  });

  test('a gateway with another secret finds the store unavailable and blames no entry', async () => {
    const stranger = new CouchStore({ url, proxySecret: 'x'.repeat(64) });
    await expect(stranger.putEntries(db, [rollCall(db)], WRITER)).rejects.toThrow(StoreUnavailable);
    const without = new CouchStore({ url, proxySecret: null });
    await expect(without.putEntries(db, [rollCall(db)], WRITER)).rejects.toThrow(StoreUnavailable);
  });
});

describe.skipIf(!couchdbUrl)('deploying to CouchDB', () => {
  const url = couchdbUrl ?? '';
  const config = '_node/_local/_config/chttpd_auth/proxy_use_secret';
  const isLocal = couchdbUrl !== undefined && ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);

  function setProxyUseSecret(value: 'true' | 'false'): Promise<unknown> {
    const admin = new CouchClient(url, null);
    return admin.asAdmin({ method: 'PUT', path: config, body: JSON.stringify(value), answersText: true });
  }

  test('a second deployment changes nothing', async () => {
    const proxySecret = await deployForTests(url);
    expect(await deployCouch(url, { proxySecret })).toMatchObject({
      ok: true,
      changedSettings: [],
      createdDatabases: [],
    });
  });

  test('a database of ours from before gets validation and security, a foreign one is left alone', async () => {
    const admin = new CouchClient(url, null);
    const [ours, foreign] = [newDatabaseName(), newDatabaseName().replace('register-', 'x')];
    for (const path of [ours, foreign]) await admin.asAdmin({ method: 'PUT', path });
    try {
      await deployForTests(url);
      const design = (db: string) =>
        admin.asAdmin({ method: 'GET', path: `${db}/_design/amenimo`, expect: [404] });
      expect((await design(ours)).status).toBe(200);
      expect((await design(foreign)).status).toBe(404);
    } finally {
      for (const path of [ours, foreign]) await admin.asAdmin({ method: 'DELETE', path });
    }
  });

  // It opens the server for a moment, so only one on this machine is asked.
  test.skipIf(!isLocal)('a server that believes a bare header is refused and left as it was', async () => {
    const proxySecret = await deployForTests(url);
    await setProxyUseSecret('false');
    try {
      expect(await deployCouch(url, { proxySecret })).toEqual({
        ok: false,
        refusal: { code: 'proxyAuthenticationOpen' },
      });
      const { body } = await new CouchClient(url, null).asAdmin({
        method: 'GET',
        path: config,
        answersText: true,
      });
      expect(body).toBe('false');
    } finally {
      await setProxyUseSecret('true');
    }
    expect((await deployCouch(url, { proxySecret })).ok).toBe(true);
  });

  test('a wrong password and a short secret are refused', async () => {
    const wrong = new URL(url);
    wrong.password = 'not-the-password';
    expect(await deployCouch(wrong.href, { proxySecret: 'x'.repeat(64) })).toEqual({
      ok: false,
      refusal: { code: 'notAdministrator' },
    });
    expect(await deployCouch(url, { proxySecret: 'short' })).toMatchObject({
      ok: false,
      refusal: { code: 'proxySecretTooShort' },
    });
  });
});

describe('a CouchDB that is not as it should be', () => {
  const servers: Server[] = [];

  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A server that gives these answers, by path; `null` breaks off in the middle. */
  async function listen(
    answer: (path: string, headers: NodeJS.Dict<string | string[]>) => [number, object] | null | undefined,
  ): Promise<string> {
    const server = createServer((request, response) => {
      const given = answer(request.url ?? '', request.headers);
      if (given === undefined) return;
      response.writeHead(given?.[0] ?? 200, { 'content-type': 'application/json' });
      if (given) response.end(JSON.stringify(given[1]));
      else response.write('{"rows":[', () => response.destroy());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://admin:pw@127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  const proxySecret = 's'.repeat(64);
  const session = (name: string | null, roles: string[]): [number, object] => [
    200,
    { userCtx: { name, roles } },
  ];
  const db = 'register-t1-2026';

  test('nobody listening, an error of the server, a broken answer and silence are all "unavailable"', async () => {
    const urls = [
      'http://admin:pw@127.0.0.1:1/',
      await listen(() => [500, { error: 'internal_server_error' }]),
      await listen(() => [503, { error: 'maintenance' }]),
      await listen(() => null),
      await listen(() => undefined),
    ];
    for (const url of urls) {
      const store = new CouchStore({ url, proxySecret, timeoutMs: 300 });
      await expect(store.ping()).rejects.toThrow(StoreUnavailable);
      await expect(store.putEntries(db, [rollCall(db)], WRITER)).rejects.toThrow(StoreUnavailable);
      await expect(store.getEntries(db, ['x'])).rejects.toThrow(StoreUnavailable);
      await expect(store.getRecord('accounts-t1', 'a')).rejects.toThrow(StoreUnavailable);
    }
  });

  test('a write that too few nodes have is not acknowledged', async () => {
    const url = await listen((path) => (path.includes('_bulk_docs') ? [202, []] : [200, { rows: [] }]));
    const store = new CouchStore({ url, proxySecret });
    await expect(store.putEntries(db, [rollCall(db)], WRITER)).rejects.toThrow(StoreUnavailable);
  });

  test('an error never carries an entry’s body or the token', async () => {
    const url = await listen((path) =>
      path.includes('_bulk_docs') ? [400, { error: 'bad_request' }] : [200, { rows: [] }],
    );
    const store = new CouchStore({ url, proxySecret });
    const error = await store.putEntries(db, [rollCall(db)], WRITER).catch((thrown: unknown) => thrown);
    const text = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error);
    expect(text).toContain('400');
    expect(text).not.toMatch(/pupil-|present|[0-9a-f]{64}/);
  });

  test('a server on which everybody is administrator is refused', async () => {
    const url = await listen(() => session(null, ['_admin']));
    expect(await deployCouch(url, { proxySecret })).toEqual({ ok: false, refusal: { code: 'adminParty' } });
  });

  test('an old server is refused', async () => {
    const url = await listen((path, headers) => {
      if (path === '/_session')
        return headers['authorization'] ? session('admin', ['_admin']) : session(null, []);
      return [200, { version: '3.4.3' }];
    });
    expect(await deployCouch(url, { proxySecret })).toEqual({
      ok: false,
      refusal: { code: 'versionTooOld', version: '3.4.3', oldest: '3.5' },
    });
  });

  test('a server that does not believe the token yet must be started anew', async () => {
    const url = await listen((path, headers) => {
      if (path === '/_session')
        return headers['authorization'] ? session('admin', ['_admin']) : session(null, []);
      if (path === '/_membership') return [200, { all_nodes: ['couchdb@127.0.0.1'] }];
      if (path.includes('_config')) return [200, { chttpd: { bind_address: '0.0.0.0' } }];
      return [200, { version: '3.5.1' }];
    });
    expect(await deployCouch(url, { proxySecret, settleMs: 0 })).toEqual({
      ok: false,
      refusal: { code: 'restartNeeded' },
    });
  });
});
