import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the secret lies that gateway and CouchDB share, unless the environment gives it. */
export function proxySecretPath(dataDir: string): string {
  return join(dataDir, 'secrets', 'couchdb-proxy-secret');
}

/** `COUCHDB_PROXY_SECRET`, else the file in the data folder, else null. */
export async function findProxySecret(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  if (env['COUCHDB_PROXY_SECRET']) return env['COUCHDB_PROXY_SECRET'];
  const path = proxySecretPath(dataDir);
  if (!existsSync(path)) return null;
  return (await readFile(path, 'utf8')).trim() || null;
}

/** The secret to deploy with; makes one, readable by this user alone, where there is none. */
export async function ensureProxySecret(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const present = await findProxySecret(dataDir, env);
  if (present !== null) return present;
  const secret = randomBytes(32).toString('hex');
  const path = proxySecretPath(dataDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return secret;
}
