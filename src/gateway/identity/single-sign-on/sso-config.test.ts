import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSentences } from '../../messages.ts';
import { readSsoConfig } from './sso-config.ts';

const SECRET = 'a secret that stands alone';
let folder: string;
let serial = 0;

const whole = {
  name: '市の共通ID',
  issuer: 'https://id.city.example',
  clientId: 'amenimo',
  clientSecretFile: 'client.secret',
  publicUrl: 'https://amenimo.city.example',
  groups: {
    office: [{ role: 'officeStaff', schoolCode: 'B101' }],
    board: [{ role: 'boardSupervisor' }],
  },
};

async function fileWith(content: unknown): Promise<string> {
  const path = join(folder, `single-sign-on-${serial++}.json`);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** What a start says of a file's fault, without the file's own place. */
async function faultOf(content: unknown): Promise<string> {
  const path = await fileWith(content);
  const error: unknown = await readSsoConfig(path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'BadSsoConfig' });
  const { message } = error as Error;
  const { ja, en } = startSentences.badSsoConfig(message);
  expect(ja).toContain(message);
  expect(en).toContain(message);
  expect(message).not.toContain(SECRET);
  return message.replace(path, 'file');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amenimo-sso-config-'));
  await writeFile(join(folder, 'client.secret'), `${SECRET}\n`);
  await writeFile(join(folder, 'empty.secret'), '\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('the file of single sign-on', () => {
  it('is read with its secret, which lies beside it, and what it leaves out', async () => {
    const config = await readSsoConfig(await fileWith(whole));
    expect(config).toMatchObject({
      name: '市の共通ID',
      clientSecret: SECRET,
      scopes: ['openid', 'profile'],
      loginClaim: 'preferred_username',
      groupsClaim: 'groups',
      groups: { board: [{ role: 'boardSupervisor', schoolCode: null }] },
      secondFactorMethods: ['mfa', 'otp', 'hwk'],
    });
    expect(config).not.toHaveProperty('clientSecretFile');
  });

  it('may name a provider on this very machine without a certificate, and no other', async () => {
    for (const issuer of ['http://127.0.0.1:8350', 'http://localhost:8350', 'http://[::1]:8350'])
      expect((await readSsoConfig(await fileWith({ ...whole, issuer }))).issuer).toBe(issuer);
    for (const issuer of ['http://id.city.example', 'http://127.0.0.1.evil.example', 'ftp://localhost', 'id'])
      expect(await faultOf({ ...whole, issuer })).toBe('file: issuer');
    expect(await faultOf({ ...whole, publicUrl: 'http://amenimo.city.example' })).toBe('file: publicUrl');
  });

  it('is refused with the place of its fault', async () => {
    const { issuer: _issuer, ...withoutIssuer } = whole;
    const cases: readonly (readonly [unknown, string])[] = [
      ['{ "name": ', 'file: not JSON'],
      [[], 'file: '],
      [withoutIssuer, 'file: issuer'],
      [{ ...whole, name: '' }, 'file: name'],
      [{ ...whole, clientSecret: SECRET }, 'file: '],
      [{ ...whole, loginClaim: 'preferred username' }, 'file: loginClaim'],
      [{ ...whole, groups: { a: [{ role: 'headmaster', schoolCode: 'B101' }] } }, 'file: groups.a.0.role'],
      [
        { ...whole, groups: { a: [{ role: 'principal', schoolCode: 'b-1' }] } },
        'file: groups.a.0.schoolCode',
      ],
      [
        { ...whole, groups: { a: [{ role: 'principal', schoolCode: 'B101', until: 1 }] } },
        'file: groups.a.0',
      ],
    ];
    for (const [content, fault] of cases) expect(await faultOf(content)).toBe(fault);
  });

  it('gives a role of the board no school, and a role of a school one', async () => {
    const groupsOf = (role: object) => ({ ...whole, groups: { ok: [], wrong: [role] } });
    expect(await faultOf(groupsOf({ role: 'boardAdministrator', schoolCode: 'B101' }))).toBe(
      'file: groups.wrong',
    );
    expect(await faultOf(groupsOf({ role: 'principal' }))).toBe('file: groups.wrong');
  });

  it('is refused without its secret', async () => {
    const missing = join(folder, 'nowhere.secret');
    const refused = readSsoConfig(await fileWith({ ...whole, clientSecretFile: 'nowhere.secret' }));
    await expect(refused).rejects.toThrow(`${missing}: cannot be read`);
    expect(await faultOf({ ...whole, clientSecretFile: 'empty.secret' })).toBe('file: clientSecretFile');
    await expect(readSsoConfig(join(folder, 'nowhere.json'))).rejects.toThrow('nowhere.json: cannot be read');
  });
});
