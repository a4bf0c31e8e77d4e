import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { grantsByGroups } from '../../src/gateway/identity/single-sign-on/sso-grants.ts';
import type { SsoConfig } from '../../src/gateway/identity/single-sign-on/sso-config.ts';
import { SSO_CALLBACK_PATH } from '../../src/gateway/identity/single-sign-on/sso-provider.ts';
import { SSO_TICKET_MS } from '../../src/gateway/identity/single-sign-on/sso-ticket.ts';
import { ORIGIN, TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import {
  grantOf,
  homeroomId,
  OTHER_SCHOOL,
  SCHOOL,
  TODAY,
  YEAR_END,
} from '../../src/gateway/testing/small-town.ts';
import { CLIENT_SECRET, TestProvider } from './sso-provider.ts';

const CALLBACK = `${ORIGIN}${SSO_CALLBACK_PATH}`;
const homeroom1 = homeroomId(SCHOOL, 1);

let provider: TestProvider;
let config: SsoConfig;
let town: TestGateway;

beforeAll(async () => {
  provider = await TestProvider.open(CALLBACK);
  config = {
    name: '市の共通ID',
    issuer: provider.issuer,
    clientId: 'amenimo',
    clientSecret: CLIENT_SECRET,
    publicUrl: ORIGIN,
    scopes: ['openid', 'profile'],
    loginClaim: 'preferred_username',
    groupsClaim: 'groups',
    groups: {
      'b101-homeroom-1': [{ role: 'homeroomTeacher', schoolCode: SCHOOL, homeroomId: homeroom1 }],
      'b101-office': [{ role: 'officeStaff', schoolCode: SCHOOL }],
    },
    secondFactorMethods: ['mfa'],
  };
});
afterAll(() => provider.close());
beforeEach(async () => {
  town = await TestGateway.open({ singleSignOn: config });
});

interface Visit {
  readonly start: Response;
  /** What the gateway set on the way out. */
  readonly ticket: string;
}

async function leave(gateway = town, device = 'tablet-1'): Promise<Visit> {
  const start = await gateway.client(device).send('GET', `/api/single-sign-on/start?device=${device}`);
  const ticket = (start.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  return { start, ticket };
}

async function comeBack(returned: URL, ticket: string, gateway = town) {
  const client = gateway.client('tablet-1');
  const answer = await client.send('GET', `${returned.pathname}${returned.search}`, undefined, {
    cookie: ticket,
  });
  const cookies = answer.headers.getSetCookie();
  client.cookie = cookies.find((cookie) => cookie.startsWith('amenimo='))?.split(';')[0] ?? null;
  return { client, answer, location: answer.headers.get('location') };
}

async function signIn(gateway = town) {
  const { start, ticket } = await leave(gateway);
  return comeBack(await provider.walk(start.headers.get('location') ?? ''), ticket, gateway);
}

const teacher = { preferred_username: 'Homeroom1', name: '雨野 先生' };

describe('with a real provider', () => {
  test('[AC130] an account is found by its login, and keeps what no group stands for', async () => {
    provider.person = { sub: 'p-1', claims: { ...teacher, groups: ['b101-office', 'unknown'] } };
    const { client, location } = await signIn();
    expect(location).toBe('/?signIn=done');
    const session = (await (await client.send('GET', '/api/session')).json()) as {
      person: { id: string; grants: { role: string; until: string }[] };
    };
    expect(session.person.id).toBe('homeroom1');
    const living = session.person.grants.filter((grant) => grant.until > TODAY);
    expect(living.map((grant) => grant.role)).toEqual(['officeStaff']);
  });

  test('[AC131] the groups of each sign-in give and take the places they stand for', async () => {
    provider.person = { sub: 'p-2', claims: { ...teacher, groups: ['b101-homeroom-1', 'b101-office'] } };
    await signIn();
    provider.person = { sub: 'p-2', claims: { ...teacher, groups: [] } };
    const { client } = await signIn();
    const asked = await client.exchange(client.requestOf());
    expect(Object.keys(asked.head.streams)).toEqual([]);
  });

  test('[AC132] somebody new has an account once a group means something, and not before', async () => {
    const claims = { preferred_username: 'new.person', name: '新任 先生' };
    provider.person = { sub: 'p-3', claims: { ...claims, groups: ['unknown'] } };
    expect((await signIn()).location).toBe('/?signIn=noAccount');
    expect(await town.gateway.parts.accounts.findByLogin('new.person')).toBeNull();
    provider.person = { sub: 'p-3', claims: { ...claims, groups: ['b101-office'] } };
    expect((await signIn()).location).toBe('/?signIn=done');
    const account = await town.gateway.parts.accounts.findByLogin('new.person');
    expect(account).toMatchObject({ name: '新任 先生', passwordHash: null });
    expect(account?.grants).toEqual([
      { role: 'officeStaff', schoolCode: SCHOOL, from: TODAY, until: YEAR_END },
    ]);
  });

  test('[AC133] a linked account is its person’s alone, whatever login the provider gives to others', async () => {
    provider.person = { sub: 'p-4', claims: { ...teacher, groups: ['b101-office'] } };
    expect((await signIn()).location).toBe('/?signIn=done');
    provider.person = { sub: 'p-5', claims: { ...teacher, groups: ['b101-office'] } };
    const other = await signIn();
    expect(other.location).toBe('/?signIn=noAccount');
    expect(other.client.cookie).toBeNull();
    provider.person = { sub: 'p-4', claims: { preferred_username: 'renamed', groups: ['b101-office'] } };
    expect((await signIn()).location).toBe('/?signIn=done');
  });

  test('[AC133] an address that the provider has not verified finds nobody', async () => {
    const byAddress = await TestGateway.open({ singleSignOn: { ...config, loginClaim: 'email' } });
    const claims = { email: 'homeroom1', groups: ['b101-office'] };
    provider.person = { sub: 'p-6', claims: { ...claims, email_verified: false } };
    expect((await signIn(byAddress)).location).toBe('/?signIn=noAccount');
    provider.person = { sub: 'p-6', claims: { ...claims, email_verified: true } };
    expect((await signIn(byAddress)).location).toBe('/?signIn=done');
  });

  test('[AC134] a locked account stays locked', async () => {
    await town.gateway.parts.accounts.setLocked('homeroom1', true);
    provider.person = { sub: 'p-7', claims: { ...teacher, groups: ['b101-office'] } };
    expect((await signIn()).location).toBe('/?signIn=noAccount');
  });

  test('[AC135] what the provider has seen counts as a second factor only where it says so', async () => {
    const { sessions } = town.gateway.parts;
    provider.person = { sub: 'p-8', claims: { ...teacher, groups: ['b101-office'] }, amr: ['pwd'] };
    await signIn();
    expect((await sessions.list()).map((session) => session.factors)).toEqual([['singleSignOn']]);
    await sessions.endAllOf('homeroom1');
    provider.person = { ...provider.person, amr: ['pwd', 'mfa'] };
    await signIn();
    expect((await sessions.list()).map((session) => session.factors)).toEqual([
      ['singleSignOn', 'federatedSecondFactor'],
    ]);
  });

  test('[AC136] who declines, or comes without the ticket, is not signed in', async () => {
    provider.person = null;
    expect(await signIn()).toMatchObject({ location: '/?signIn=refused', client: { cookie: null } });
    provider.person = { sub: 'p-9', claims: { ...teacher, groups: ['b101-office'] } };
    const { start, ticket } = await leave();
    const returned = await provider.walk(start.headers.get('location') ?? '');
    expect((await comeBack(returned, '')).location).toBe('/?signIn=refused');
    const { ticket: ofAnother } = await leave();
    expect((await comeBack(returned, ofAnother)).location).toBe('/?signIn=refused');
    const changed = `${ticket.slice(0, -2)}${ticket.endsWith('A') ? 'B' : 'A'}`;
    expect((await comeBack(returned, changed)).location).toBe('/?signIn=refused');
    expect(await town.gateway.parts.sessions.list()).toEqual([]);
    expect((await comeBack(returned, ticket)).location).toBe('/?signIn=done');
    expect((await comeBack(returned, ticket)).location).toBe('/?signIn=refused');
  });

  test('[AC136] a ticket runs out', async () => {
    provider.person = { sub: 'p-10', claims: { ...teacher, groups: ['b101-office'] } };
    const { start, ticket } = await leave();
    const returned = await provider.walk(start.headers.get('location') ?? '');
    town.clock.now += SSO_TICKET_MS;
    expect((await comeBack(returned, ticket)).location).toBe('/?signIn=refused');
  });
});

test('[AC137] the browser is sent to the provider’s address or the app’s first screen, and nowhere else', async () => {
  provider.person = { sub: 'p-11', claims: { ...teacher, groups: ['b101-office'] } };
  const { start } = await leave();
  const address = new URL(start.headers.get('location') ?? '');
  expect(address.origin).toBe(provider.issuer);
  expect(address.searchParams.get('redirect_uri')).toBe(CALLBACK);
  expect(address.searchParams.get('code_challenge_method')).toBe('S256');
  const client = town.client();
  for (const query of ['?device=..%2F', '?device=', '', '?device=a&returnTo=https://evil.test']) {
    const answer = await client.send('GET', `/api/single-sign-on/start${query}`, undefined, {
      host: 'evil.test',
      'x-forwarded-host': 'evil.test',
    });
    const location = answer.headers.get('location');
    if (location === null) expect(answer.status).toBe(400);
    else expect(new URL(location).searchParams.get('redirect_uri')).toBe(CALLBACK);
  }
});

test('[AC138] a provider that is down stops nobody else', async () => {
  const dark = await TestGateway.open({ singleSignOn: { ...config, issuer: 'http://127.0.0.1:9' } });
  const { start } = await leave(dark);
  expect(start.headers.get('location')).toBe('/?signIn=unavailable');
  await dark.signIn('homeroom1');
});

test('[AC138] without single sign-on its addresses do not exist', async () => {
  const plain = await TestGateway.open();
  const client = plain.client();
  expect(await (await client.send('GET', '/api/single-sign-on')).json()).toEqual({ name: null });
  expect((await client.send('GET', '/api/single-sign-on/start?device=a')).status).toBe(404);
  expect((await client.send('GET', SSO_CALLBACK_PATH)).status).toBe(404);
});

test('[AC131] a place that the provider governs ends with the membership; the rest stays', () => {
  const mapping = config.groups;
  const other = grantOf('principal', OTHER_SCHOOL);
  const own = grantOf('officeStaff', SCHOOL);
  expect(grantsByGroups(mapping, [], [own, other], TODAY)).toEqual([other]);
  expect(grantsByGroups(mapping, ['b101-office'], [own, other], TODAY)).toEqual([other, own]);
  expect(grantsByGroups(mapping, ['toString', '__proto__'], [other], TODAY)).toEqual([other]);
});
