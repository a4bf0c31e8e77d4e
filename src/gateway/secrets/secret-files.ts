import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { generateSealingKeys } from './sealing-key.ts';
import type { SealingKeyPair, Secrets } from './secrets.ts';

const keyFile = z.object({ key: z.string().check(z.regex(/^[0-9a-f]{64}$/)) });
const jwk = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() });
const pairFile = z.object({ publicKey: jwk, privateKey: z.extend(jwk, { d: z.string() }) });

/** A secret that is there and cannot be read: a new one in its place would make every stamp and session worthless. */
export class DamagedSecret extends Error {
  override readonly name = 'DamagedSecret';
  readonly path: string;
  constructor(path: string) {
    super(`the secret in ${path} cannot be read`);
    this.path = path;
  }
}

/** Opens the secrets in `<dataDir>/secrets`, readable by this user alone; makes what is missing. */
export async function openSecretFiles(dataDir: string): Promise<Secrets> {
  const folder = join(dataDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const key = async (name: string): Promise<Uint8Array> => {
    const file = await readOrMake(folder, name, keyFile, async () => ({
      key: randomBytes(32).toString('hex'),
    }));
    return new Uint8Array(Buffer.from(file.key, 'hex'));
  };
  const pairs = new Map<string, Promise<SealingKeyPair>>();
  return {
    sessionKey: await key('session-key.json'),
    factorKey: await key('factor-key.json'),
    stampKey: await key('stamp-key.json'),
    auditKey: await key('audit-key.json'),
    sealingKeys(schoolCode) {
      const name = `sealing-${schoolCode.toLowerCase()}.json`;
      const pair =
        pairs.get(schoolCode) ??
        (readOrMake(folder, name, pairFile, generateSealingKeys) as Promise<SealingKeyPair>);
      pairs.set(schoolCode, pair);
      pair.catch(() => pairs.delete(schoolCode));
      return pair;
    },
  };
}

async function readOrMake<T>(
  folder: string,
  name: string,
  shape: z.ZodMiniType<T>,
  make: () => Promise<unknown>,
): Promise<T> {
  const path = join(folder, name);
  const present = await readSecret(path, shape);
  if (present !== null) return present;
  await writeSecret(path, await make());
  const written = await readSecret(path, shape);
  if (written === null) throw new DamagedSecret(path);
  return written;
}

async function readSecret<T>(path: string, shape: z.ZodMiniType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) throw new DamagedSecret(path);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, and never over one that another process has just made. */
async function writeSecret(path: string, content: unknown): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(content));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
