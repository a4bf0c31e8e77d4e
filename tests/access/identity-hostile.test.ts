import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { SoftAuthenticator } from '../../src/gateway/testing/soft-authenticator.ts';
import { ORIGIN, TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { enrolPasskey, firstStep, nameOfAnswer, post } from './enrolled-person.ts';

const id = 'A'.repeat(22);
const response = { id, rawId: id, type: 'public-key', response: {}, clientExtensionResults: {} };
const ticket = 'ticket';
const device = 'nurse-device';
const totp = { kind: 'totp', code: '123456' };

/** Every way to send a secret, with a body that has the right form and proves nothing; what it is answered. */
const routes: Readonly<Record<string, { body: Record<string, unknown>; answer: string }>> = {
  '/api/session/second-factor': { body: { ticket, device, proof: totp }, answer: '401 ticketOver' },
  '/api/session/passkey/begin': { body: { device }, answer: '200' },
  '/api/session/passkey': { body: { ticket, device, response }, answer: '401 ticketOver' },
  '/api/session/confirm/begin': { body: {}, answer: '200' },
  '/api/session/confirm': { body: { ticket, password: PASSWORD }, answer: '403 ticketOver' },
  '/api/session/password': { body: { password: 'wrong password' }, answer: '403 badCredentials' },
  '/api/password': { body: { old: 'wrong password', new: 'another password' }, answer: '403 badCredentials' },
  '/api/sessions/end': { body: { id: '0'.repeat(40) }, answer: '404 unknownSession' },
  '/api/factors/totp/begin': { body: {}, answer: '200' },
  '/api/factors/totp': { body: { ticket, code: '123456' }, answer: '409 ticketOver' },
  '/api/factors/passkey/begin': { body: {}, answer: '200' },
  '/api/factors/passkey': { body: { ticket, label: 'x', response }, answer: '409 ticketOver' },
  '/api/factors/recovery-codes': { body: {}, answer: '409 noSecondFactor' },
  '/api/factors/remove': { body: { kind: 'totp' }, answer: '404 unknownFactor' },
};
const cases = Object.entries(routes).map(([path, { body, answer }]) => ({ path, body, answer }));

let town: TestGateway;
let nurse: TestClient;
beforeEach(async () => {
  town = await TestGateway.open();
  nurse = await town.signIn('nurse');
});

describe.each(cases)('$path', ({ path, body, answer }) => {
  it('answers a body of the right form with its own code', async () => {
    expect(nameOfAnswer(await post(nurse, path, body))).toBe(answer);
  });

  it('[AC35] is closed to a page of another origin', async () => {
    for (const headers of [
      { origin: 'http://school.test.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: ORIGIN },
    ]) {
      const refused = await nurse.send('POST', path, body, headers);
      expect([refused.status, await refused.json()]).toEqual([403, { code: 'wrongOrigin' }]);
    }
  });

  it('answers what it does not understand with 400, 413 or 415, and never with an incident', async () => {
    const odd: unknown[] = [null, [], 'text', 7, true, { ...body, more: 1 }, '{', '{"a":'];
    for (const key of Object.keys(body)) {
      const { [key]: _, ...less } = body;
      // Whose sessions are meant, and how it is proved, may be said in two ways.
      if (!(path === '/api/session/confirm' && key === 'password')) odd.push(less);
      for (const value of [null, 7, [], {}, '', 'x'.repeat(5_000)]) odd.push({ ...body, [key]: value });
    }
    for (const each of odd) {
      const text = typeof each === 'string' ? each : JSON.stringify(each);
      const refused = await nurse.send('POST', path, text);
      const { code } = (await refused.json()) as { code: string };
      const expected = ['{', '{"a":', 'text'].includes(text) ? 'badJson' : 'badRequest';
      const isLarge = path === '/api/sessions/end' && text.length > 1_024;
      const said = [text.slice(0, 80), refused.status, code];
      expect(said).toEqual([text.slice(0, 80), ...(isLarge ? [413, 'tooLarge'] : [400, expected])]);
    }
    const large = JSON.stringify({ ...body, more: 'x'.repeat(40_000) });
    expect((await nurse.send('POST', path, large)).status).toBe(413);
    const form = await nurse.send('POST', path, 'ticket=1', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    expect(await (await nurse.send('GET', path)).json()).toEqual({ code: 'notFound' });
  });
});

describe('a passkey’s answer', () => {
  const odd: readonly [string, (right: Record<string, unknown>) => Record<string, unknown>][] = [
    ['with nothing in it', () => ({})],
    ['with a number for its data', (right) => ({ ...right, clientDataJSON: 7 })],
    ['with data that is no JSON', (right) => ({ ...right, clientDataJSON: 'AAAA' })],
    [
      'with data that is null',
      (right) => ({ ...right, clientDataJSON: Buffer.from('null').toString('base64url') }),
    ],
    ['with authenticator data cut short', (right) => ({ ...right, authenticatorData: 'AAAA' })],
    ['with a broken signature', (right) => ({ ...right, signature: 'AAAA' })],
    ['without a signature', ({ signature: _, ...right }) => right],
    [
      'of a person with a strange name',
      (right) => ({ ...right, userHandle: Buffer.from('\0../_all_docs?x=1').toString('base64url') }),
    ],
    ['of a person whose name is no text', (right) => ({ ...right, userHandle: '_w-_' })],
    ['of a person with no name', (right) => ({ ...right, userHandle: '' })],
    ['of a person who is a number', (right) => ({ ...right, userHandle: 7 })],
    ['of a person with an endless name', (right) => ({ ...right, userHandle: 'A'.repeat(9_000) })],
  ];

  it.each(odd)('[AC108] %s is answered as a wrong one', async (_, change) => {
    const key = await enrolPasskey(nurse);
    const client = town.client();
    const begun = (await post(client, '/api/session/passkey/begin', { device: client.device })).body;
    const right = key.get(begun.passkey as { challenge: string });
    const broken = { ...right, response: change(right.response as Record<string, unknown>) };
    const body = { ticket: begun.ticket, device: client.device, response: broken };
    expect(nameOfAnswer(await post(client, '/api/session/passkey', body))).toBe('401 badProof');
    expect(client.cookie).toBeNull();
  });

  it('[AC108] without a counter counts once too, also when it is shown many times at the same moment', async () => {
    const key = await enrolPasskey(nurse);
    const client = town.client();
    const begun = (await post(client, '/api/session/passkey/begin', { device: client.device })).body;
    // Counted up by one when it signs.
    key.counter = -1;
    const response = key.get(begun.passkey as { challenge: string });
    const body = { ticket: begun.ticket, device: client.device, response };
    const shown = Array.from({ length: 4 }, () => post(client, '/api/session/passkey', body));
    const answers = (await Promise.all(shown)).map(nameOfAnswer);
    expect(answers.sort()).toEqual(['200', '401 ticketOver', '401 ticketOver', '401 ticketOver']);
  });

  it('[AC108] of one person does not open another’s account', async () => {
    const key = await enrolPasskey(nurse);
    await enrolPasskey(await town.signIn('principal'));
    const client = town.client();
    const begun = (await post(client, '/api/session/passkey/begin', { device: client.device })).body;
    key.userHandle = Buffer.from('principal').toString('base64url');
    const response = key.get(begun.passkey as { challenge: string });
    const body = { ticket: begun.ticket, device: client.device, response };
    expect(nameOfAnswer(await post(client, '/api/session/passkey', body))).toBe('401 badProof');
    // Nor as the second step after that other person's password.
    const first = (await firstStep(client, 'principal')).body;
    const proof = { kind: 'passkey', response: key.get(first.passkey as { challenge: string }) };
    const second = { ticket: first.ticket, device: client.device, proof };
    expect(nameOfAnswer(await post(client, '/api/session/second-factor', second))).toBe('401 badProof');
    expect(client.cookie).toBeNull();
  });

  it('[AC108] that makes one may not lie about its place either', async () => {
    const begin = async () => (await post(nurse, '/api/factors/passkey/begin')).body;
    const add = async (ticket: unknown, response: unknown) =>
      nameOfAnswer(await post(nurse, '/api/factors/passkey', { ticket, label: 'x', response }));
    const one = await begin();
    const foreign = new SoftAuthenticator('http://school.test.example');
    expect(await add(one.ticket, foreign.create(one.passkey as { challenge: string }))).toBe('409 badProof');
    const [two, three] = [await begin(), await begin()];
    const here = new SoftAuthenticator(ORIGIN);
    expect(await add(two.ticket, here.create(three.passkey as { challenge: string }))).toBe('409 badProof');
    const four = await begin();
    const moved = { ...(four.passkey as { challenge: string }), rp: { id: 'other.test' } };
    expect(await add(four.ticket, here.create(moved))).toBe('409 badProof');
  });
});
