import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppServer, practiceDataFolder } from '../tools/app-server.mjs';
import { expect, test } from './support/city-test.ts';
import { LOGINS, PASSWORD } from './support/people.ts';

const WRONG_PASSWORD = 'not-the-password-of-anybody';
const PROXY_SECRET = '5f0c1b7a'.repeat(8);
const COUCH_PASSWORD = 'pw-of-the-database-9137';
/** The server keeps its last words; all that is said here must be among them. */
const KEPT_OUTPUT = 20_000;

interface Secret {
  readonly what: string;
  readonly text: string;
}

/** Every secret that lies in the data folder, in each form that it might be printed in. */
function secretsOf(dataFolder: string): Secret[] {
  const folder = join(dataFolder, 'secrets');
  return readdirSync(folder).flatMap((file) => {
    const values: string[] = [];
    const collect = (value: unknown, name = ''): void => {
      if (typeof value === 'string' && (name === 'd' || name === 'key')) values.push(value);
      else if (typeof value === 'object' && value !== null)
        for (const [member, each] of Object.entries(value)) collect(each, member);
    };
    collect(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return values.flatMap((text) => {
      const bytes = Buffer.from(text, 'hex');
      const forms =
        bytes.length === 32 ? [text, bytes.toString('base64'), bytes.toString('base64url')] : [text];
      return forms.map((form) => ({ what: file, text: form }));
    });
  });
}

/** What any user of the machine may read of a process and of those that it started. */
function visibleArguments(pid: number): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => Number(name) === pid || parentOf(name) === pid)
    .map((name) => readFileSync(join('/proc', name, 'cmdline'), 'utf8'))
    .join('\n');
}

function parentOf(pid: string): number {
  try {
    return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(join('/proc', pid, 'stat'), 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

test('no secret is in the output or the arguments of the server, whatever it is asked', async () => {
  test.skip(process.platform !== 'linux', 'arguments of processes are read from /proc');
  const server = new AppServer({
    dataFolder: await practiceDataFolder(),
    env: { LOG_LEVEL: 'debug', COUCHDB_PROXY_SECRET: PROXY_SECRET },
  });
  try {
    await server.start();
    const seen: Secret[] = [
      { what: 'a password', text: PASSWORD },
      { what: 'a wrong password', text: WRONG_PASSWORD },
      { what: 'the proxy secret', text: PROXY_SECRET },
      ...secretsOf(server.dataFolder),
    ];
    expect(seen.length).toBeGreaterThan(8);
    const ask = (method: string, path: string, body?: unknown, cookie = ''): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { origin: server.url, 'content-type': 'application/json', cookie },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      });
    const before = server.output;
    for (const login of [LOGINS.homeroomTeacher, LOGINS.principal, LOGINS.board]) {
      const answer = await ask('POST', '/api/session', { login, password: PASSWORD, device: 'd' });
      const cookies = answer.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
      const cookie = cookies.join('; ');
      for (const each of cookies) seen.push({ what: 'a token', text: each.slice(each.indexOf('=') + 1) });
      await (
        await ask(
          'POST',
          '/api/exchange',
          { protocol: 1, app: 'x', device: 'd', streams: {}, push: [] },
          cookie,
        )
      ).arrayBuffer();
      await ask('POST', '/api/exchange', `{"password":"${PASSWORD}"`, cookie);
      await ask('GET', `/api/board/today?date=${PASSWORD}`, undefined, cookie);
      await ask('GET', `/api/${PASSWORD}`, undefined, cookie);
      await ask('DELETE', '/api/session', undefined, cookie);
    }
    await ask('POST', '/api/session', { login: LOGINS.office, password: WRONG_PASSWORD, device: 'd' });
    // A person's slip: the password typed into the field of the login.
    await ask('POST', '/api/session', { login: PASSWORD, password: WRONG_PASSWORD, device: 'd' });
    const args = visibleArguments(server.pid ?? 0);
    const command = await server.command('account', 'list');
    await server.stop();
    // It has said something, at its most talkative, and nothing of it is lost.
    expect(server.output.length).toBeGreaterThan(before.length);
    expect(server.output.length).toBeLessThan(KEPT_OUTPUT);
    expect(server.output).toContain('signedIn');
    expect(args).toContain('start.js');
    const said = server.output + command.output + args;
    // The practice city's own welcome names its published password once, before anybody has asked anything.
    const afterwards = said.slice(before.length);
    for (const { what, text } of seen) expect(afterwards.includes(text), what).toBe(false);
  } finally {
    await server.remove();
  }
});

test('a start that fails says nothing of the secrets it was given', async () => {
  const dataFolder = await practiceDataFolder();
  const url = `http://admin:${COUCH_PASSWORD}@127.0.0.1:1/`;
  const server = new AppServer({
    dataFolder,
    env: { LOG_LEVEL: 'debug', COUCHDB_URL: url, COUCHDB_PROXY_SECRET: PROXY_SECRET },
  });
  try {
    const error = await server.start().then(
      () => null,
      (thrown: unknown) => String(thrown),
    );
    expect(error).toContain('did not start');
    const deploy = await server.command('couch', 'deploy');
    expect(deploy.code).not.toBe(0);
    for (const text of [server.output, error ?? '', deploy.output]) {
      expect(text).not.toContain(COUCH_PASSWORD);
      expect(text).not.toContain(PROXY_SECRET);
    }
    expect(server.output.length).toBeGreaterThan(20);
  } finally {
    await server.remove();
  }
});

test('the files of secrets are readable by the gateway’s user alone', async ({ quietCity }) => {
  const folder = join(quietCity.dataFolder, 'secrets');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600);
});
