import { beforeEach, describe, expect, it } from 'vitest';
import { routeNames } from '../../src/gateway/http/router.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { enrolTotp, nameOfAnswer, post } from './enrolled-person.ts';
import { expectations } from './route-expectations.ts';
import { signInStrongly } from './strong-session.ts';

const OWN = 'tsukue no ue no mikan';

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

const change = async (client: TestClient, old: string, next: string): Promise<string> =>
  nameOfAnswer(await post(client, '/api/password', { old, new: next }));
const opens = async (login: string, password: string): Promise<boolean> =>
  (await town.client().signIn(login, password)).status === 200;

describe('a password', () => {
  it.each([
    'password1234',
    'P@ssw0rd2026!',
    'ｐａｓｓｗｏｒｄ１２３４',
    'Pass-Word-2026',
    'qwertyuiop12',
    '1qaz2wsx3edc',
    'aaaaaaaaaaaaaa',
    '123456789012',
    '202604012027',
    'sakurasakurasakura',
    'Sakura2026Sakura2026',
    'amenimo amenimo',
    'Amenimo-2026-Oami',
    'あいうえおかきくけこさし',
    'パスワードパスワード１２',
    'tanaka tarou 2026',
    'shougakkou sensei 1',
  ])('[AC100] made of what everybody tries is refused: %s', async (text) => {
    const nurse = await town.signIn('nurse');
    expect(await change(nurse, PASSWORD, text)).toBe('409 passwordTooCommon');
    expect(await opens('nurse', PASSWORD)).toBe(true);
  });

  it.each(['homeroom1 ga suki na umi', 'umi to ＨＯＭＥ　ＲＯＯＭ　１ to yama', 'xkqz-Home-Room-1-wvtj'])(
    '[AC100] that holds the login or the name is refused: %s',
    async (text) => {
      const teacher = await town.signIn('homeroom1');
      expect(await change(teacher, PASSWORD, text)).toBe('409 passwordHasName');
    },
  );

  it.each([OWN, 'xkqzwvtjbnrm', 'かめのせなかにゆきがつもる', 'sakura no shita no kaeru', '7Kd-9fQ-2xV-8mT'])(
    '[AC100] that somebody thought of is taken, and opens: %s',
    async (text) => {
      expect(await change(await town.signIn('nurse'), PASSWORD, text)).toBe('200');
      expect(await opens('nurse', text)).toBe(true);
      expect(await opens('nurse', PASSWORD)).toBe(false);
    },
  );

  it('[AC102] is changed with the present one only, and ends all other sessions', async () => {
    const here = await town.signIn('nurse', 'here');
    const others = [await town.signIn('nurse', 'tablet'), await town.signIn('nurse', 'home')];
    const colleague = await town.signIn('office');
    const isOpen = async (client: TestClient): Promise<boolean> =>
      (await client.send('GET', '/api/session')).status === 200;
    expect(await change(here, 'wrong password', OWN)).toBe('403 badCredentials');
    expect(await change(here, PASSWORD, PASSWORD)).toBe('409 passwordSame');
    expect(await change(here, PASSWORD, 'short')).toBe('409 passwordTooShort');
    expect(await change(here, PASSWORD, '雨'.repeat(257))).toBe('409 passwordTooLong');
    for (const each of [here, ...others]) expect(await isOpen(each)).toBe(true);
    expect((await post(here, '/api/password', { old: PASSWORD, new: OWN })).body).toEqual({ ended: 2 });
    expect(await Promise.all([here, colleague, ...others].map(isOpen))).toEqual([true, true, false, false]);
  });

  it('[AC102] is guessed in a session that lies open as slowly as at the door', async () => {
    const nurse = await town.signIn('nurse');
    for (let i = 0; i < 5; i += 1)
      expect(await change(nurse, `wrong password ${i}`, OWN)).toBe('403 badCredentials');
    expect(await change(nurse, PASSWORD, OWN)).toBe('429 lockedOut');
    town.clock.now += 15_000;
    expect(await change(nurse, PASSWORD, OWN)).toBe('200');
  });
});

describe('a password that somebody else made', () => {
  let given: string;
  beforeEach(async () => {
    const principal = await signInStrongly(town, 'principal');
    given = String((await post(principal, '/api/people/password', { person: 'nurse' })).body.password);
  });

  it('[AC101] opens nothing but the choice of an own one', async () => {
    const nurse = town.client();
    const answer = await nurse.signIn('nurse', given);
    expect(await answer.json()).toMatchObject({ passwordChangeDue: true });
    const closed = routeNames().filter(
      (name) =>
        expectations[name]?.for !== 'public' && !['GET /api/session', 'POST /api/password'].includes(name),
    );
    expect(closed.length).toBeGreaterThan(30);
    for (const name of closed) {
      const [method = '', path = ''] = name.split(' ');
      const refused = await nurse.send(method, path, method === 'GET' ? undefined : {});
      const { code } = (await refused.json()) as { code: string };
      expect([name, refused.status, code]).toEqual([name, 403, 'passwordChangeRequired']);
    }
    expect(await change(nurse, given, given)).toBe('409 passwordSame');
    expect(await change(nurse, PASSWORD, OWN)).toBe('403 badCredentials');
    expect(await change(nurse, given, OWN)).toBe('200');
    const session = await nurse.send('GET', '/api/session');
    expect(await session.json()).toMatchObject({ passwordChangeDue: false });
    expect((await nurse.exchange()).head.streams).not.toEqual({});
    expect(await opens('nurse', given)).toBe(false);
  });

  it('[AC101, AC104] does not open past a second factor either', async () => {
    const { phone } = await enrolTotp(town, await town.signIn('office'));
    const principal = await signInStrongly(town, 'principal');
    const { body } = await post(principal, '/api/people/password', { person: 'office' });
    const office = town.client();
    const first = await office.signIn('office', String(body.password));
    const { code, ticket } = (await first.json()) as { code: string; ticket: string };
    expect([first.status, code, office.cookie]).toEqual([401, 'secondFactorRequired', null]);
    const proof = { kind: 'totp', code: phone.digits() };
    const second = await post(office, '/api/session/second-factor', { ticket, device: office.device, proof });
    expect(second.body).toMatchObject({ passwordChangeDue: true });
    expect(nameOfAnswer(await post(office, '/api/factors/recovery-codes'))).toBe(
      '403 passwordChangeRequired',
    );
  });
});
