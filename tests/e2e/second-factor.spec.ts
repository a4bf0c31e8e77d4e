import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, PHONE } from './support/device-profile.ts';
import { fillSignIn, LOGINS, PASSWORD, shellLight, signIn, unlock } from './support/people.ts';
import { chooseLanguage, goTo } from './support/tour.ts';

const SCREENS = process.env.SCREENS_TO;

/** Somebody's telephone; it goes by the real clock, whatever day it is in the practice city. */
class Phone {
  readonly #totp: TOTP;
  #lastStep = 0;

  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) });
  }

  /** Digits that were not shown yet: the gateway takes each once, and at most one step early. */
  async digits(): Promise<string> {
    this.#lastStep = Math.max(this.#lastStep + 1, this.#totp.counter());
    while (this.#totp.counter() + 1 < this.#lastStep)
      await new Promise((resolve) => setTimeout(resolve, 250));
    return this.#totp.generate({ timestamp: this.#lastStep * 30_000 });
  }
}

/** A passkey inside the browser, as a tablet with a fingerprint sensor has it. */
async function addAuthenticator(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return session;
}

async function axeClean(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes[0]?.target.join(' ')}`)).toEqual([]);
}

const SIZES = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1366, height: 768 },
];

/** Looked at for violations in light and dark; and taken a picture of where somebody asks for them. */
async function lookAt(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await axeClean(page, `${name} ${colorScheme}`);
    for (const size of SCREENS ? SIZES : []) {
      await page.setViewportSize(size);
      await page.screenshot({ path: `${SCREENS}/${name}-${size.width}-${colorScheme}.png`, fullPage: true });
    }
  }
  if (before) await page.setViewportSize(before);
}

const card = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

async function openSecurity(page: Page): Promise<void> {
  await goTo(page, '/security');
  await expect(page.getByRole('heading', { name: 'ログインの安全' })).toBeVisible();
}

/** As the person does it: reads the key, types the digits, writes the codes down. */
async function enrolTotp(page: Page): Promise<{ phone: Phone; codes: string[] }> {
  await page.getByRole('button', { name: '認証アプリを加える' }).click();
  const dialog = page.getByRole('dialog', { name: '認証アプリを加える' });
  await expect(dialog.getByRole('img', { name: '認証アプリで読み取る二次元コード' })).toBeVisible();
  await lookAt(page, 'totp-enrolment');
  const phone = new Phone((await dialog.locator('code').innerText()).replaceAll(' ', ''));
  const digits = dialog.getByLabel('アプリに出た6桁の数字');
  await dialog.getByRole('button', { name: '登録する' }).click();
  await expect(dialog.getByText('6桁の数字を入れてください。')).toBeVisible();
  await digits.fill('000000');
  await dialog.getByRole('button', { name: '登録する' }).click();
  await expect(dialog.getByText('数字が違います。')).toBeVisible();
  await digits.fill(await phone.digits());
  await dialog.getByRole('button', { name: '登録する' }).click();
  await expect(page.getByRole('heading', { name: 'リカバリーコードを控えてください' })).toBeVisible();
  await lookAt(page, 'recovery-codes');
  const codes = await page.locator('ol code').allInnerTexts();
  await page.getByRole('button', { name: '控えました' }).click();
  return { phone, codes };
}

async function signOut(page: Page): Promise<void> {
  await goTo(page, '/device');
  await page.getByRole('button', { name: 'この端末での利用を終える' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'この端末での利用を終える' }).click();
  await expect(page.getByRole('button', { name: '開く', exact: true })).toBeVisible();
}

async function beAnotherPerson(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'ほかの人がはじめて使う' }).click();
}

const endSessionBehind = (context: BrowserContext) => context.clearCookies();

test('an authenticator app: set up, signed in with, a recovery code instead, a wrong one said', async ({
  city,
  makeDevice,
}) => {
  test.setTimeout(240_000);
  const device = makeDevice(LAPTOP, city.url);
  const page = await device.start();
  await signIn(page, LOGINS.principal);
  await openSecurity(page);
  await expect(page.getByText('あなたの仕事では、二段階の確認の設定が要ります。')).toBeVisible();
  await lookAt(page, 'security-without');
  const { phone, codes } = await enrolTotp(page);
  expect(codes).toHaveLength(10);
  await expect(card(page, '二段階の確認').getByText('残り10個', { exact: false })).toBeVisible();
  await lookAt(page, 'security-with-totp');

  await test.step('the next sign-in asks for the digits', async () => {
    await signOut(page);
    await beAnotherPerson(page);
    await fillSignIn(page, LOGINS.principal);
    await expect(page.getByRole('heading', { name: '二段階の確認' })).toBeVisible();
    await lookAt(page, 'sign-in-second-factor');
    await page.getByLabel('認証アプリの6桁の数字').fill('000000');
    await page.getByRole('button', { name: '次へ' }).click();
    await expect(page.getByText('数字が違うか、もう使われています。', { exact: false })).toBeVisible();
    await page.getByLabel('認証アプリの6桁の数字').fill(await phone.digits());
    await page.getByRole('button', { name: '次へ' }).click();
    await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
  });

  await test.step('a recovery code stands in for a lost telephone, in English too', async () => {
    await signOut(page);
    await beAnotherPerson(page);
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('textbox', { name: 'ID', exact: true }).fill(LOGINS.principal);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Second factor' })).toBeVisible();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await lookAt(page, 'sign-in-recovery-code-en');
    await page.getByLabel('Recovery code').fill(codes[0]!.toUpperCase());
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await expect(page.getByRole('button', { name: /^Menu of / })).toBeVisible({ timeout: 60_000 });
    await chooseLanguage(page, '日本語');
    await openSecurity(page);
    await expect(page.getByText('残り9個', { exact: false })).toBeVisible();
  });

  await test.step('after a night: the vault opens by password alone, and the school asks for the digits', async () => {
    await endSessionBehind(device.context);
    await goTo(page, '/school');
    await page.getByRole('button', { name: /さんのメニュー$/ }).click();
    await page.getByRole('menuitem', { name: '鍵をかける' }).click();
    await unlock(page);
    await expect(page.getByText('学校との接続が切れています', { exact: true })).toBeVisible();
    await lookAt(page, 'session-ended-second-factor');
    await page.getByLabel('認証アプリの6桁の数字').fill(await phone.digits());
    await page.getByRole('button', { name: '次へ' }).click();
    await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
    await expect(page.getByText('学校との接続が切れています', { exact: true })).toHaveCount(0);
  });
  expect(device.complaints.filter((each) => !/401|409/.test(each))).toEqual([]);
});

test('a passkey: made, signed in with alone, then the records opened by the password', async ({
  city,
  makeDevice,
}) => {
  test.setTimeout(240_000);
  const device = makeDevice(LAPTOP, city.url);
  const page = await device.start();
  await addAuthenticator(page);
  await signIn(page, LOGINS.vicePrincipal);
  await openSecurity(page);
  await page.getByRole('button', { name: 'パスキーを加える' }).click();
  const dialog = page.getByRole('dialog', { name: 'パスキーを加える' });
  await lookAt(page, 'passkey-enrolment');
  await dialog.getByLabel('あとで見分けるための名前').fill('校務のノート');
  await dialog.getByRole('button', { name: 'パスキーを作る' }).click();
  await page.getByRole('button', { name: '控えました' }).click();
  await expect(card(page, '二段階の確認').getByText('校務のノート')).toBeVisible();

  await test.step('as second step of a password', async () => {
    await signOut(page);
    await beAnotherPerson(page);
    await fillSignIn(page, LOGINS.vicePrincipal);
    await lookAt(page, 'sign-in-second-factor-passkey');
    await page.getByRole('button', { name: 'パスキーで確かめる' }).click();
    await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
  });

  await test.step('alone: the records on this device ask for their password once', async () => {
    await signOut(page);
    await page.getByRole('button', { name: 'パスキーでログイン' }).click();
    await expect(page.getByRole('heading', { name: 'この端末の記録を開く' })).toBeVisible();
    await lookAt(page, 'records-password');
    await page.getByLabel('パスワード', { exact: true }).fill('wrong password');
    await page.getByRole('button', { name: '開く', exact: true }).click();
    await expect(page.getByText('パスワードが違います。', { exact: false })).toBeVisible();
    await page.getByLabel('パスワード', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: '開く', exact: true }).click();
    await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
  });
});

test('another session is seen, ended, and gone at its next contact; the password changed', async ({
  city,
  makeDevice,
}) => {
  test.setTimeout(240_000);
  const laptop = makeDevice(LAPTOP, city.url);
  const telephone = makeDevice(PHONE, city.url);
  const page = await laptop.start();
  const other = await telephone.start();
  await signIn(page, LOGINS.nurse);
  await signIn(other, LOGINS.nurse);
  await openSecurity(page);
  const sessions = card(page, 'ログインしている端末');
  await expect(sessions.getByText('この端末', { exact: true })).toHaveCount(1);
  await sessions.getByRole('button', { name: /でのログインを終わらせる$/ }).click();
  await expect(page.getByText('1件のログインを終わらせました。')).toBeVisible();
  await expect(other.getByText('学校との接続が切れています', { exact: true })).toBeVisible({
    timeout: 60_000,
  });

  await test.step('a common password is refused beside its field, a good one taken', async () => {
    const password = card(page, 'パスワード');
    await password.getByRole('button', { name: 'パスワードを変える' }).click();
    const choose = async (next: string) => {
      await password.getByLabel('今のパスワード').fill(PASSWORD);
      await password.getByLabel('新しいパスワード', { exact: true }).fill(next);
      await password.getByLabel('新しいパスワード（もう一度）').fill(next);
      await password.getByRole('button', { name: 'このパスワードにする' }).click();
    };
    await choose('sakura-2026-haru');
    await expect(password.getByText('よく使われる言葉や並び', { exact: false })).toBeVisible();
    await lookAt(page, 'password-too-common');
    await choose('taiyaki wa atama kara');
    await expect(page.getByText('パスワードを変えました。', { exact: false })).toBeVisible();
  });

  await test.step('which opens the records on this device, and the old one does not', async () => {
    await page.getByRole('button', { name: /さんのメニュー$/ }).click();
    await page.getByRole('menuitem', { name: '鍵をかける' }).click();
    await unlock(page);
    await expect(page.getByText('パスワードが違います。', { exact: false })).toBeVisible();
    await unlock(page, 'taiyaki wa atama kara');
    await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
  });
});

test('a fresh proof is asked for before a factor is taken away', async ({ city, makeDevice }) => {
  test.setTimeout(240_000);
  const device = makeDevice(LAPTOP, city.url);
  const page = await device.start();
  await signIn(page, LOGINS.office);
  await openSecurity(page);
  const { phone } = await enrolTotp(page);
  // Five minutes later by the school's clock, without waiting for them.
  await city.stop();
  city.env = { PRACTICE_NOW: '2026-11-20T08:40:00+09:00' };
  await city.start();
  await goTo(page, '/device');
  await openSecurity(page);
  await page.getByRole('button', { name: '認証アプリを外す' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '外す', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: '本人の確認' });
  await expect(dialog).toBeVisible();
  await lookAt(page, 'step-up');
  await dialog.getByRole('button', { name: '確かめる', exact: true }).click();
  await expect(dialog.getByText('パスワードを入れてください。')).toBeVisible();
  await dialog.getByLabel('パスワード', { exact: true }).fill(PASSWORD);
  await dialog.getByLabel('認証アプリの6桁の数字').fill(await phone.digits());
  await dialog.getByRole('button', { name: '確かめる', exact: true }).click();
  await expect(page.getByText('外しました。')).toBeVisible();
  await expect(card(page, '二段階の確認').getByRole('button', { name: '認証アプリを外す' })).toHaveCount(0);
});

test('where the board demands one, a teacher is led to set it up, and goes on from there', async ({
  city,
  makeDevice,
}) => {
  test.setTimeout(240_000);
  const board = await makeDevice(LAPTOP, city.url).start();
  await signIn(board, LOGINS.board);
  await openSecurity(board);
  await enrolTotp(board);
  await expect(card(board, '二段階の確認').getByRole('button', { name: '認証アプリを外す' })).toBeVisible();
  const set = await board.evaluate(async () => {
    const { current } = await (await fetch('/api/policy')).json();
    const policy = { ...current.policy, secondFactorRoles: ['schoolNurse'] };
    const answer = await fetch('/api/policy', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ replaces: current.version, policy }),
    });
    return answer.status;
  });
  expect(set).toBe(200);

  const page = await makeDevice(PHONE, city.url).start();
  await fillSignIn(page, LOGINS.nurse);
  await expect(page.getByText('二段階の確認が済むまで、ほかの画面は使えません')).toBeVisible({
    timeout: 60_000,
  });
  await lookAt(page, 'second-factor-required');
  await goTo(page, '/school');
  await expect(page.getByText('二段階の確認が済むまで、ほかの画面は使えません')).toBeVisible();
  await expect(page.getByRole('heading', { name: /学校の今日/ })).toHaveCount(0);
  await enrolTotp(page);
  await expect(page.getByRole('heading', { name: /学校の今日/ })).toBeVisible({ timeout: 60_000 });
  await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
});
