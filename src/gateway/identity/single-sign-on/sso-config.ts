import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import { boardRoles, roles, type Grant } from '../../../access/subject.ts';
import { gradeLevels } from '../../../domain/roster/roster.ts';

/** A role that membership of one of the provider's groups stands for; its dates are those of the school year. */
export type GroupRole = Omit<Grant, 'from' | 'until'>;

/** How people of the board sign in with an OpenID Connect provider. */
export interface SsoConfig {
  /** On the button: 「<name>でログイン」. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where browsers reach this gateway: the redirect address is made from it and from nothing in a request. */
  readonly publicUrl: string;
  readonly scopes: readonly string[];
  /** The claim that holds the login of the account here. */
  readonly loginClaim: string;
  readonly groupsClaim: string;
  readonly groups: Readonly<Record<string, readonly GroupRole[]>>;
  /** Values of `amr` that mean the provider has seen a second factor. */
  readonly secondFactorMethods: readonly string[];
}

export class BadSsoConfig extends Error {
  override readonly name = 'BadSsoConfig';
}

const identifier = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
const roleShape = z.strictObject({
  role: z.enum(roles),
  schoolCode: z._default(z.nullable(z.string().check(z.regex(/^[A-Z0-9]{1,40}$/))), null),
  homeroomId: z.optional(identifier),
  classId: z.optional(identifier),
  gradeLevel: z.optional(z.enum(gradeLevels)),
});
const claim = z.string().check(z.regex(/^[A-Za-z0-9_.:/-]{1,100}$/));

const fileShape = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(40)),
  issuer: z.string().check(z.refine(isSafeUrl)),
  clientId: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Beside the file; the secret itself never stands in a file that people edit and pass around. */
  clientSecretFile: z.string().check(z.minLength(1)),
  publicUrl: z.string().check(z.refine(isSafeUrl)),
  scopes: z._default(z.array(z.string().check(z.regex(/^[\w.:/-]{1,100}$/))).check(z.maxLength(20)), [
    'openid',
    'profile',
  ]),
  loginClaim: z._default(claim, 'preferred_username'),
  groupsClaim: z._default(claim, 'groups'),
  groups: z.record(z.string(), z.array(roleShape).check(z.maxLength(50))),
  secondFactorMethods: z._default(z.array(z.string()), ['mfa', 'otp', 'hwk']),
});

/** `https`, or `http` to this very machine. */
function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
  );
}

/** Reads the file that `SINGLE_SIGN_ON_FILE` names. Throws BadSsoConfig with the place of the fault. */
export async function readSsoConfig(path: string): Promise<SsoConfig> {
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadSsoConfig(`${path}: not JSON`);
  }
  const parsed = fileShape.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadSsoConfig(`${path}: ${issue?.path.join('.') ?? ''}`);
  }
  const { clientSecretFile, ...rest } = parsed.data;
  for (const [group, granted] of Object.entries(rest.groups)) {
    if (granted.some(({ role, schoolCode }) => boardRoles.has(role) !== (schoolCode === null)))
      throw new BadSsoConfig(`${path}: groups.${group}`);
  }
  const clientSecret = (await readText(resolve(dirname(path), clientSecretFile))).trim();
  if (clientSecret === '') throw new BadSsoConfig(`${path}: clientSecretFile`);
  return { ...rest, clientSecret } as unknown as SsoConfig;
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new BadSsoConfig(`${path}: cannot be read`);
  });
}
