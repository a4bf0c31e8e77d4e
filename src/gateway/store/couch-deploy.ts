import { OLDEST_COUCHDB, serverSettings, type ServerSetting } from '../../../couch/server-settings.ts';
import { CouchClient, proxyHeaders } from './couch-client.ts';
import { deployDatabase } from './couch-database.ts';
import { isDatabaseName } from './database-name.ts';

const SYSTEM_DATABASES = ['_users', '_replicator', '_global_changes'];
const PROBE = 'amenimo-probe';
const SHORTEST_SECRET = 32;
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1', 'localhost'];
const SETTLE_MS = 5_000;

/** Why a server is not deployed to. None of these is repaired silently: somebody may have been in already. */
export type DeployRefusal =
  /** No administrator's name and password in the address, or not the server's. */
  | { readonly code: 'notAdministrator' }
  | { readonly code: 'versionTooOld'; readonly version: string; readonly oldest: string }
  /** Anybody is administrator without any credentials. */
  | { readonly code: 'adminParty' }
  /** A bare header makes anybody anyone: proxy authentication without its secret. */
  | { readonly code: 'proxyAuthenticationOpen' }
  | { readonly code: 'proxySecretTooShort'; readonly shortest: number }
  /**
   * The settings are written, and proxy authentication does not work yet: CouchDB reads `authentication_handlers`
   * only when it starts. Restart it and deploy again.
   */
  | { readonly code: 'restartNeeded' };

/** What works and deserves a look. */
export type DeployWarning =
  /** CouchDB listens beyond this machine; only the gateway may reach it, so a firewall has to see to that. */
  { readonly code: 'publicAddress'; readonly node: string; readonly address: string };

export type DeployResult =
  | { readonly ok: false; readonly refusal: DeployRefusal }
  | {
      readonly ok: true;
      readonly version: string;
      /** `section/key` of each setting that was not so before. Values are not named: one is the secret. */
      readonly changedSettings: readonly string[];
      readonly createdDatabases: readonly string[];
      /** The databases that now carry this version's validation and security. */
      readonly databases: readonly string[];
      readonly warnings: readonly DeployWarning[];
    };

export interface DeployOptions {
  readonly proxySecret: string;
  /** How long a changed setting may take to reach every worker of the server. */
  readonly settleMs?: number;
}

/**
 * Makes a CouchDB ready: server settings on every node, the system's databases, validation and security of every
 * database of ours. Safe to repeat. Throws `StoreUnavailable` where the server does not answer.
 */
export async function deployCouch(
  url: string,
  { proxySecret, settleMs = SETTLE_MS }: DeployOptions,
): Promise<DeployResult> {
  const couch = new CouchClient(url, proxySecret);
  const refuse = (refusal: DeployRefusal): DeployResult => ({ ok: false, refusal });
  if (proxySecret.length < SHORTEST_SECRET) {
    return refuse({ code: 'proxySecretTooShort', shortest: SHORTEST_SECRET });
  }
  if (await isBelieved(couch, {})) return refuse({ code: 'adminParty' });
  if (await isProxyAuthenticationOpen(couch)) return refuse({ code: 'proxyAuthenticationOpen' });
  if (!(await knowsAdministrator(couch))) return refuse({ code: 'notAdministrator' });
  const { version } = (await couch.asAdmin<{ version: string }>({ method: 'GET', path: '' })).body;
  if (!isNewEnough(version)) {
    return refuse({ code: 'versionTooOld', version, oldest: OLDEST_COUCHDB.join('.') });
  }

  const { nodes, changedSettings, warnings } = await deploySettings(couch, serverSettings(proxySecret));
  if (!(await settles(() => isTokenBelieved(couch, proxySecret), settleMs)))
    return refuse({ code: 'restartNeeded' });
  if ((await isTokenBelieved(couch, `${proxySecret}x`)) || (await isProxyAuthenticationOpen(couch))) {
    return refuse({ code: 'proxyAuthenticationOpen' });
  }
  const createdDatabases = await createSystemDatabases(couch, nodes);
  const all = await couch.asAdmin<string[]>({ method: 'GET', path: '_all_dbs' });
  const databases = all.body.filter(isDatabaseName).sort();
  for (const db of databases) await deployDatabase(couch, db);
  return { ok: true, version, changedSettings, createdDatabases, databases, warnings };
}

/** Whether these headers alone make a stranger somebody. */
async function isBelieved(couch: CouchClient, headers: Record<string, string>): Promise<boolean> {
  const { name, roles } = await whoIs(couch, headers);
  return name !== null || roles.includes('_admin');
}

async function whoIs(
  couch: CouchClient,
  headers: Record<string, string>,
): Promise<{ name: string | null; roles: readonly string[] }> {
  const { status, body } = await couch.asStranger<{ userCtx: { name: string | null; roles: string[] } }>(
    headers,
    { method: 'GET', path: '_session', expect: [401, 403] },
  );
  return status < 400 ? body.userCtx : { name: null, roles: [] };
}

/**
 * Asked from outside, because that is where the danger is: the configuration may say one thing and do another. With
 * `proxy_use_secret` on and no secret set, CouchDB 3.5 still believes a bare header; an empty secret makes a token that
 * anybody can compute.
 */
async function isProxyAuthenticationOpen(couch: CouchClient): Promise<boolean> {
  const bare = { 'X-Auth-CouchDB-UserName': PROBE, 'X-Auth-CouchDB-Roles': '_admin' };
  const withEmptySecret = { ...proxyHeaders(PROBE, [], ''), 'X-Auth-CouchDB-Roles': '_admin' };
  return (await isBelieved(couch, bare)) || (await isBelieved(couch, withEmptySecret));
}

async function isTokenBelieved(couch: CouchClient, secret: string): Promise<boolean> {
  return (await whoIs(couch, proxyHeaders(PROBE, [], secret))).name === PROBE;
}

async function knowsAdministrator(couch: CouchClient): Promise<boolean> {
  const { status, body } = await couch.asAdmin<{ userCtx: { roles: string[] } }>({
    method: 'GET',
    path: '_session',
    expect: [401, 403],
  });
  return status < 400 && body.userCtx.roles.includes('_admin');
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_COUCHDB;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

async function deploySettings(couch: CouchClient, settings: readonly ServerSetting[]) {
  const membership = await couch.asAdmin<{ all_nodes: string[] }>({ method: 'GET', path: '_membership' });
  const nodes = membership.body.all_nodes;
  const changedSettings = new Set<string>();
  const warnings: DeployWarning[] = [];
  for (const node of nodes) {
    const config = `_node/${encodeURIComponent(node)}/_config`;
    const { body: present } = await couch.asAdmin<Record<string, Record<string, string>>>({
      method: 'GET',
      path: config,
    });
    const address = present['chttpd']?.['bind_address'] ?? 'any';
    if (!LOOPBACK_ADDRESSES.includes(address)) warnings.push({ code: 'publicAddress', node, address });
    for (const { section, key, value } of settings) {
      if (present[section]?.[key] === value) continue;
      await couch.asAdmin({
        method: 'PUT',
        path: `${config}/${section}/${key}`,
        body: JSON.stringify(value),
        answersText: true,
      });
      changedSettings.add(`${section}/${key}`);
    }
  }
  return { nodes, changedSettings: [...changedSettings], warnings };
}

async function createSystemDatabases(couch: CouchClient, nodes: readonly string[]): Promise<string[]> {
  const created: string[] = [];
  for (const db of SYSTEM_DATABASES) {
    const { status } = await couch.asAdmin({
      method: 'PUT',
      path: db,
      query: { n: Math.min(3, nodes.length) },
      expect: [412],
    });
    if (status !== 412) created.push(db);
  }
  return created;
}

async function settles(check: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}
