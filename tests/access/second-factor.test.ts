import { beforeEach, describe, expect, it } from 'vitest';
import { resetFactors } from '../../src/gateway/identity/reset-factors.ts';
import { SecondFactors } from '../../src/gateway/identity/second-factor/second-factors.ts';
import { newTotpSecret } from '../../src/gateway/identity/second-factor/totp.ts';
import { createLog } from '../../src/gateway/log.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { NOW, PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { SoftAuthenticator } from '../../src/gateway/testing/soft-authenticator.ts';
import { ORIGIN, TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import {
  enrolPasskey,
  enrolTotp,
  firstStep,
  nameOfAnswer,
  post,
  secondStep,
  TestPhone,
} from './enrolled-person.ts';

let town: TestGateway;
let lines: string[];
beforeEach(async () => {
  lines = [];
  town = await TestGateway.open({
    log: createLog(
      (line) => lines.push(line),
      () => NOW,
      'debug',
    ),
  });
});

const kindsAudited = () => town.audited.events.map(({ kind, code }) => `${kind} ${code ?? ''}`.trim());

describe('an account with an authenticator app', () => {
  let phone: TestPhone;
  let recoveryCodes: string[];
  let secret: string;
  let first: TestClient;
  beforeEach(async () => {
    first = await town.signIn('principal', 'first');
    ({ phone, recoveryCodes, secret } = await enrolTotp(town, first));
  });

  it('[AC103] says so only after the right password', async () => {
    const client = town.client();
    const wrong = await client.signIn('principal', 'wrong password');
    expect([wrong.status, await wrong.json()]).toEqual([401, { code: 'badCredentials' }]);
    const { status, body } = await firstStep(client, 'principal');
    expect([status, body]).toEqual([
      401,
      {
        code: 'secondFactorRequired',
        factors: ['totp', 'recoveryCode'],
        ticket: expect.any(String),
        passkey: null,
      },
    ]);
    expect(client.cookie).toBeNull();
  });

  it('[AC104, AC105] opens with the digits, once, and remembers in the session what was shown', async () => {
    const client = town.client();
    const { ticket } = (await firstStep(client, 'principal')).body;
    const code = phone.digits();
    const done = await secondStep(client, ticket, { kind: 'totp', code });
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ factors: ['password', 'totp'], secondFactor: 'present' });
    expect((await client.send('GET', '/api/session')).status).toBe(200);
    // The ticket is spent, and so are the digits.
    expect(nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code: phone.digits(1) }))).toBe(
      '401 ticketOver',
    );
    const again = (await firstStep(client, 'principal')).body.ticket;
    expect(nameOfAnswer(await secondStep(client, again, { kind: 'totp', code }))).toBe('401 badProof');
    town.clock.now += 30_000;
    expect((await secondStep(client, again, { kind: 'totp', code: phone.digits() })).status).toBe(200);
  });

  it.each([
    [-2, '401 badProof'],
    [-1, '200'],
    [0, '200'],
    [1, '200'],
    [2, '401 badProof'],
  ])('[AC105] answers digits that are %i steps away with %s', async (steps, expected) => {
    town.clock.now += 300_000;
    const client = town.client();
    const { ticket } = (await firstStep(client, 'principal')).body;
    const code = phone.digits(steps);
    expect(nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code }))).toBe(expected);
  });

  it('[AC105] lets two who show the same digits at the same moment in once', async () => {
    const clients = [town.client('a'), town.client('b'), town.client('c')];
    const tickets = await Promise.all(clients.map((client) => firstStep(client, 'principal')));
    const code = phone.digits();
    const answers = await Promise.all(
      clients.map((client, i) => secondStep(client, tickets[i]?.body.ticket, { kind: 'totp', code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('[AC104] takes no ticket of another device, network, time or purpose, nor one that was changed', async () => {
    const proof = () => ({ kind: 'totp', code: phone.digits() });
    const client = town.client('mine');
    const ticketOf = async () => String((await firstStep(client, 'principal')).body.ticket);
    const over = '401 ticketOver';
    expect(nameOfAnswer(await secondStep(town.client('theirs'), await ticketOf(), proof()))).toBe(over);
    const elsewhere = new Request('http://school.test/api/session/second-factor', {
      method: 'POST',
      headers: { origin: 'http://school.test', host: 'school.test', 'content-type': 'application/json' },
      body: JSON.stringify({ ticket: await ticketOf(), device: 'mine', proof: proof() }),
    });
    expect((await town.gateway.handle(elsewhere, { address: '198.51.100.9', secure: false })).status).toBe(
      401,
    );
    const ticket = await ticketOf();
    const last = ticket.at(-1) === 'A' ? 'B' : 'A';
    expect(nameOfAnswer(await secondStep(client, `${ticket.slice(0, -4)}${last}AAA`, proof()))).toBe(over);
    const other = (await post(first, '/api/factors/totp/begin')).body.ticket;
    expect(nameOfAnswer(await secondStep(client, other, proof()))).toBe(over);
    const late = await ticketOf();
    town.clock.now += 300_000;
    expect(nameOfAnswer(await secondStep(client, late, proof()))).toBe(over);
  });

  it.each([
    [
      'the password is changed',
      (t: TestGateway) => t.gateway.parts.accounts.setPassword('principal', 'another one of mine'),
    ],
    ['the account is locked', (t: TestGateway) => t.gateway.parts.accounts.setLocked('principal', true)],
  ])('[AC104] ends a ticket when %s', async (_, change) => {
    const client = town.client();
    const { ticket } = (await firstStep(client, 'principal')).body;
    town.clock.now += 1;
    await change(town);
    expect(nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code: phone.digits() }))).toBe(
      '401 ticketOver',
    );
  });

  it('[AC104] bears five wrong tries with one ticket and no sixth, right or wrong', async () => {
    const client = town.client();
    const { ticket } = (await firstStep(client, 'principal')).body;
    const tries: string[] = [];
    for (let i = 0; i < 5; i++) {
      tries.push(nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code: phone.wrongDigits() })));
      town.clock.now += 40_000;
    }
    expect(tries).toEqual(Array.from({ length: 5 }, () => '401 badProof'));
    expect(nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code: phone.digits() }))).toBe(
      '401 ticketOver',
    );
  });

  it('[AC106] opens with each recovery code once, however it is typed', async () => {
    expect(new Set(recoveryCodes).size).toBe(10);
    const [code = '', other = ''] = recoveryCodes;
    const show = async (text: string) => {
      const client = town.client();
      const { ticket } = (await firstStep(client, 'principal')).body;
      return nameOfAnswer(await secondStep(client, ticket, { kind: 'recoveryCode', code: text }));
    };
    expect(await show(code)).toBe('200');
    expect(await show(code)).toBe('401 badProof');
    expect(await show(` ${other.toUpperCase().replace('-', ' ')} `)).toBe('200');
    const factors = (await (await first.send('GET', '/api/factors')).json()) as Record<string, unknown>;
    expect(factors.recoveryCodes).toMatchObject({ left: 8 });
  });

  it('[AC106, AC107] keeps neither secret nor code where the store’s reader finds it', async () => {
    const records = await Promise.all(
      ['factors:principal', 'tries:principal'].map((id) => town.store.getRecord('accounts-test', id)),
    );
    const text = JSON.stringify(records);
    expect(text).toContain('hashes');
    for (const told of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))])
      expect(text).not.toContain(told);
    // Under another person's name the sealed secret opens nothing.
    const [record] = records;
    const nurse = await town.signIn('nurse');
    await enrolTotp(town, nurse);
    const theirs = await town.store.getRecord('accounts-test', 'factors:nurse');
    await town.store.putRecord('accounts-test', {
      ...theirs,
      ...record,
      _id: 'factors:nurse',
      _rev: theirs?._rev ?? '',
    });
    const client = town.client();
    const { ticket } = (await firstStep(client, 'nurse')).body;
    expect(nameOfAnswer(await secondStep(client, ticket, { kind: 'totp', code: phone.digits() }))).toBe(
      '401 badProof',
    );
  });

  it('[AC112] confirms with password and digits, for five minutes, in this session alone', async () => {
    const other = town.client('other');
    const { ticket } = (await firstStep(other, 'principal')).body;
    await secondStep(other, ticket, { kind: 'totp', code: phone.digits() });
    town.clock.now += 300_000;
    const needs = async (client: TestClient) =>
      nameOfAnswer(await post(client, '/api/factors/recovery-codes'));
    expect(await needs(first)).toBe('403 stepUpRequired');
    const begun = (await post(first, '/api/session/confirm/begin')).body;
    expect(begun).toMatchObject({ factors: ['totp', 'recoveryCode'], passkey: null });
    const proof = () => ({ kind: 'totp', code: phone.digits() });
    const show = async (body: object) =>
      nameOfAnswer(await post(first, '/api/session/confirm', { ticket: begun.ticket, ...body }));
    expect(await show({ password: PASSWORD })).toBe('400 badRequest');
    expect(await show({ proof: proof() })).toBe('400 badRequest');
    expect(await show({ password: 'wrong password', proof: proof() })).toBe('403 badCredentials');
    expect(await show({ password: PASSWORD, proof: { kind: 'totp', code: phone.wrongDigits() } })).toBe(
      '403 badProof',
    );
    expect(await needs(first)).toBe('403 stepUpRequired');
    expect(await show({ password: PASSWORD, proof: proof() })).toBe('200');
    expect(await needs(first)).toBe('200');
    expect(await needs(other)).toBe('403 stepUpRequired');
    expect((await first.send('GET', '/api/session')).status).toBe(200);
    town.clock.now += 300_000;
    expect(await needs(first)).toBe('403 stepUpRequired');
  });

  it('[AC112] takes no confirmation with another session’s ticket', async () => {
    const nurse = await town.signIn('nurse');
    const { ticket } = (await post(nurse, '/api/session/confirm/begin')).body;
    const body = { ticket, password: PASSWORD, proof: { kind: 'totp', code: phone.digits() } };
    expect(nameOfAnswer(await post(first, '/api/session/confirm', body))).toBe('403 ticketOver');
  });

  it('[AC113] loses a factor only after a fresh proof, all other sessions with it, and the last one’s codes', async () => {
    const other = town.client('other');
    const { ticket } = (await firstStep(other, 'principal')).body;
    await secondStep(other, ticket, { kind: 'totp', code: phone.digits() });
    town.clock.now += 300_000;
    const remove = () => post(first, '/api/factors/remove', { kind: 'totp' });
    expect(nameOfAnswer(await remove())).toBe('403 stepUpRequired');
    const begun = (await post(first, '/api/session/confirm/begin')).body;
    const proof = { kind: 'recoveryCode', code: recoveryCodes[3] };
    await post(first, '/api/session/confirm', { ticket: begun.ticket, password: PASSWORD, proof });
    expect(await remove()).toMatchObject({ status: 200, body: { kinds: [], ended: 1 } });
    expect((await other.send('GET', '/api/session')).status).toBe(401);
    expect(await (await first.send('GET', '/api/factors')).json()).toEqual({
      totp: null,
      passkeys: [],
      recoveryCodes: null,
      passkeysHere: true,
    });
    expect((await town.client().signIn('principal', PASSWORD)).status).toBe(200);
    expect(nameOfAnswer(await remove())).toBe('404 unknownFactor');
  });

  it('[AC113] is not set up in a session whose password was shown long ago', async () => {
    const nurse = await town.signIn('nurse');
    town.clock.now += 300_000;
    for (const path of ['/api/factors/totp/begin', '/api/factors/passkey/begin'])
      expect(nameOfAnswer(await post(nurse, path))).toBe('403 passwordRequired');
    const { ticket, factors } = (await post(nurse, '/api/session/confirm/begin')).body;
    expect(factors).toEqual([]);
    const confirm = (password: string) => post(nurse, '/api/session/confirm', { ticket, password });
    expect(nameOfAnswer(await confirm('wrong password'))).toBe('403 badCredentials');
    expect(nameOfAnswer(await confirm(PASSWORD))).toBe('200');
    expect(nameOfAnswer(await post(nurse, '/api/factors/totp/begin'))).toBe('200');
  });

  it('[AC115] is reset by those who may, with every session of the person', async () => {
    expect(await resetFactors(town.gateway.parts, 'principal', 'board')).toBe(true);
    expect((await first.send('GET', '/api/session')).status).toBe(401);
    expect((await town.client().signIn('principal', PASSWORD)).status).toBe(200);
    expect(town.audited.events).toContainEqual({
      kind: 'factorRemoved',
      by: 'board',
      target: 'principal',
      code: 'reset',
      count: 1,
    });
  });

  it('[AC116] is in the audit in ids and codes, and neither there nor in the log with a secret', async () => {
    const client = town.client();
    const wrong = phone.wrongDigits();
    const { ticket } = (await firstStep(client, 'principal')).body;
    await secondStep(client, ticket, { kind: 'totp', code: wrong });
    const code = phone.digits();
    await secondStep(client, ticket, { kind: 'totp', code });
    await client.signIn('principal', 'himitsu no aikotoba');
    const begun = (await post(client, '/api/session/confirm/begin')).body;
    town.clock.now += 30_000;
    const body = { ticket: begun.ticket, password: PASSWORD };
    await post(client, '/api/session/confirm', { ...body, proof: { kind: 'totp', code: wrong } });
    await post(client, '/api/session/confirm', { ...body, proof: { kind: 'totp', code: phone.digits() } });
    await post(client, '/api/sessions/end', { others: true });
    await post(client, '/api/password', { old: PASSWORD, new: 'umi no mukou no shima' });
    await post(client, '/api/factors/remove', { kind: 'totp' });
    await client.send('DELETE', '/api/session');
    expect(kindsAudited()).toEqual([
      'signedIn password',
      'factorAdded totp',
      'signInRefused badProof',
      'signedIn password+totp',
      'signInRefused badCredentials',
      'stepUpRefused badProof',
      'stepUpPassed password+totp',
      'sessionEnded others',
      'passwordChanged',
      'factorRemoved totp',
      'signedOut',
    ]);
    const text = `${JSON.stringify(town.audited.events)}\n${lines.join('\n')}`;
    const told = [secret, wrong, code, PASSWORD, 'aikotoba', 'mukou', String(ticket), ...recoveryCodes];
    for (const each of told) expect(text).not.toContain(each);
  });
});

describe('a passkey', () => {
  let key: SoftAuthenticator;
  let first: TestClient;
  beforeEach(async () => {
    first = await town.signIn('principal', 'first');
    key = await enrolPasskey(first);
  });

  const begin = async (client: TestClient) =>
    (await post(client, '/api/session/passkey/begin', { device: client.device })).body as {
      ticket: string;
      passkey: { challenge: string; rpId: string; userVerification: string };
    };
  const show = (client: TestClient, ticket: string, response: unknown) =>
    post(client, '/api/session/passkey', { ticket, device: client.device, response });

  it('[AC109] signs in without a password, and shows two factors', async () => {
    const client = town.client();
    const { ticket, passkey } = await begin(client);
    expect(passkey.userVerification).toBe('required');
    const done = await show(client, ticket, key.get(passkey));
    expect([done.status, done.body.factors]).toEqual([200, ['passkey']]);
    expect(nameOfAnswer(await post(client, '/api/factors/recovery-codes'))).toBe('200');
    // The records on a device are locked by the password: the school says whether it is right.
    const wrong = await post(client, '/api/session/password', { password: 'wrong password' });
    expect(nameOfAnswer(wrong)).toBe('403 badCredentials');
    const right = await post(client, '/api/session/password', { password: PASSWORD });
    expect(right.body.factors).toEqual(['passkey', 'password']);
  });

  it('[AC108] is the second step of a password, and a fresh proof by itself', async () => {
    const client = town.client();
    const { body } = await firstStep(client, 'principal');
    expect(body.factors).toEqual(['passkey', 'recoveryCode']);
    const response = key.get(body.passkey as { challenge: string });
    expect((await secondStep(client, body.ticket, { kind: 'passkey', response })).body.factors).toEqual([
      'password',
      'passkey',
    ]);
    town.clock.now += 300_000;
    const begun = (await post(client, '/api/session/confirm/begin')).body;
    const proof = { kind: 'passkey', response: key.get(begun.passkey as { challenge: string }) };
    expect(nameOfAnswer(await post(client, '/api/session/confirm', { ticket: begun.ticket, proof }))).toBe(
      '200',
    );
    expect(nameOfAnswer(await post(client, '/api/factors/recovery-codes'))).toBe('200');
  });

  it('[AC108] counts once: neither ticket nor answer is good again', async () => {
    const client = town.client();
    const { ticket, passkey } = await begin(client);
    const response = key.get(passkey);
    expect(nameOfAnswer(await show(client, ticket, response))).toBe('200');
    expect(nameOfAnswer(await show(client, ticket, response))).toBe('401 ticketOver');
    const next = await begin(client);
    expect(nameOfAnswer(await show(client, next.ticket, response))).toBe('401 badProof');
  });

  it('[AC108] counts on the same device, network and within five minutes only', async () => {
    const client = town.client('mine');
    const one = await begin(client);
    expect(nameOfAnswer(await show(town.client('theirs'), one.ticket, key.get(one.passkey)))).toBe(
      '401 ticketOver',
    );
    const two = await begin(client);
    town.clock.now += 300_000;
    expect(nameOfAnswer(await show(client, two.ticket, key.get(two.passkey)))).toBe('401 ticketOver');
  });

  it('[AC108] counts only when it was unlocked, from this origin, with a counter that moved', async () => {
    const client = town.client();
    const answer = async (change: () => void) => {
      const { ticket, passkey } = await begin(client);
      change();
      return nameOfAnswer(await show(client, ticket, key.get(passkey)));
    };
    expect(await answer(() => undefined)).toBe('200');
    key.verifies = false;
    expect(await answer(() => undefined)).toBe('401 badProof');
    key.verifies = true;
    expect(await answer(() => (key.counter = 0))).toBe('401 badProof');
    expect(await answer(() => (key.origin = 'http://school.test.example'))).toBe('401 badProof');
    key.origin = ORIGIN;
    key.counter = 10;
    const { ticket, passkey } = await begin(client);
    const forged = new SoftAuthenticator(ORIGIN);
    forged.userHandle = key.userHandle;
    const response = { ...forged.get(passkey), id: key.id, rawId: key.id };
    expect(nameOfAnswer(await show(client, ticket, response))).toBe('401 badProof');
    const elsewhere = await begin(client);
    const moved = key.get({ ...elsewhere.passkey, rpId: 'other.test' });
    expect(nameOfAnswer(await show(client, elsewhere.ticket, moved))).toBe('401 badProof');
    expect(await answer(() => undefined)).toBe('200');
  });

  it('[AC108] of nobody, or of a locked account, is answered as a wrong one', async () => {
    const client = town.client();
    const { ticket, passkey } = await begin(client);
    const stranger = new SoftAuthenticator(ORIGIN);
    stranger.userHandle = Buffer.from('no-such-person').toString('base64url');
    expect(nameOfAnswer(await show(client, ticket, stranger.get(passkey)))).toBe('401 badProof');
    await town.gateway.parts.accounts.setLocked('principal', true);
    const next = await begin(client);
    expect(nameOfAnswer(await show(client, next.ticket, key.get(next.passkey)))).toBe('401 badProof');
  });

  it('[AC108] is not made without being unlocked, nor twice, nor with an old ticket', async () => {
    const begun = (await post(first, '/api/factors/passkey/begin')).body;
    const passkey = begun.passkey as { challenge: string };
    const add = (response: unknown, ticket = begun.ticket) =>
      post(first, '/api/factors/passkey', { ticket, label: 'x', response });
    const weak = new SoftAuthenticator(ORIGIN);
    weak.verifies = false;
    expect(nameOfAnswer(await add(weak.create(passkey)))).toBe('409 badProof');
    expect(nameOfAnswer(await add(key.create(passkey)))).toBe('409 ticketOver');
    const again = (await post(first, '/api/factors/passkey/begin')).body;
    const same = key.create(again.passkey as { challenge: string });
    expect(nameOfAnswer(await add(same, again.ticket))).toBe('409 badProof');
  });

  it('[AC113] is taken away by its id', async () => {
    const own = (await (await first.send('GET', '/api/factors')).json()) as { passkeys: { id: string }[] };
    expect(own.passkeys).toMatchObject([{ label: 'タブレット', lastUsedAt: null }]);
    const remove = (id: string) => post(first, '/api/factors/remove', { kind: 'passkey', id });
    expect(nameOfAnswer(await remove('another'))).toBe('404 unknownFactor');
    expect(nameOfAnswer(await remove(own.passkeys[0]?.id ?? ''))).toBe('200');
  });
});

describe('the practice city', () => {
  it('[AC105] goes by the telephone’s clock and not by its own', async () => {
    const clock = { now: NOW };
    const phoneClock = { now: NOW + 400 * 86_400_000 + 17_000 };
    const secondFactors = new SecondFactors({
      store: town.store,
      db: 'accounts-test',
      key: town.secrets.factorKey,
      now: () => clock.now,
      phoneNow: () => phoneClock.now,
    });
    const secret = newTotpSecret();
    const phone = new TestPhone(secret, phoneClock);
    expect(await secondFactors.addTotp('nurse', secret, new TestPhone(secret, clock).digits())).toBe(false);
    expect(await secondFactors.addTotp('nurse', secret, phone.digits())).toBe(true);
    phoneClock.now += 30_000;
    expect(await secondFactors.useTotp('nurse', phone.digits())).toBe(true);
  });
});
