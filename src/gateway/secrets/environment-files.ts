import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that hold a secret and may come from a file: `<NAME>_FILE` names it. */
export const secretNames = ['COUCHDB_URL', 'COUCHDB_PROXY_SECRET'] as const;
export type SecretName = (typeof secretNames)[number];

export type EnvironmentResult =
  | { readonly ok: true; readonly env: Environment }
  /** The file cannot be read or is empty. Going on without it would mean another store, or none of its secrets. */
  | { readonly ok: false; readonly name: SecretName };

/** The environment with the secrets that lie in files; what the environment says itself comes first. */
export function readEnvironmentFiles(env: Environment): EnvironmentResult {
  const filled: Record<string, string | undefined> = { ...env };
  for (const name of secretNames) {
    const path = env[`${name}_FILE`];
    if (env[name] || !path) continue;
    const secret = readSecret(path);
    if (secret === null) return { ok: false, name };
    filled[name] = secret;
  }
  return { ok: true, env: filled };
}

function readSecret(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
