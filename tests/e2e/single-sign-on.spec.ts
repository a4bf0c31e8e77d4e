import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page, Request } from '@playwright/test';
import { CLIENT_SECRET, TestProvider } from '../access/sso-provider.ts';
import { AppServer, freePort, practiceDataFolder } from '../tools/app-server.mjs';
import { expect, test as base } from './support/city-test.ts';
import { LAPTOP, TABLET } from './support/device-profile.ts';
import { appIsOnDevice, LOGINS, shellLight, unlock } from './support/people.ts';
import { chooseLanguage, goTo } from './support/tour.ts';

const NAME = '市の共通ID';
/** Chosen on the tablet; the school must never see it. */
const CHOSEN = 'four birds on one wire';
const NEXT = 'seven boats under a bridge';
const SCREENS = process.env.SCREENS_TO;

const teacher = {
  sub: 'teacher-of-the-board',
  claims: { preferred_username: LOGINS.homeroomTeacher, name: '雨野 先生', groups: [] },
};

interface Town {
  readonly server: AppServer;
  readonly provider: TestProvider;
}

/** The practice city with a real provider beside it, at another site. */
const test = base.extend<{ town: Town }>({
  town: async ({}, use) => {
    const port = await freePort();
    const publicUrl = `http://localhost:${port}`;
    const provider = await TestProvider.open(`${publicUrl}/api/single-sign-on/callback`);
    const folder = await mkdtemp(join(tmpdir(), 'amenimo-sso-'));
    await writeFile(join(folder, 'client.secret'), CLIENT_SECRET);
    const file = join(folder, 'single-sign-on.json');
    await writeFile(
      file,
      JSON.stringify({
        ...{ name: NAME, issuer: provider.issuer, clientId: 'amenimo', publicUrl },
        ...{ clientSecretFile: 'client.secret', groups: {} },
      }),
    );
    const env = { SINGLE_SIGN_ON_FILE: file };
    const server = new AppServer({ dataFolder: await practiceDataFolder(), port, env });
    await server.start();
    await use({ server, provider });
    await server.remove();
    await provider.close();
    await rm(folder, { recursive: true });
  },
});

const button = (page: Page) => page.getByRole('link', { name: `${NAME}でログイン` });
const password = (page: Page) => page.getByLabel('パスワード', { exact: true });
const complete = (page: Page) => shellLight(page).filter({ hasText: 'すべて学校に届きました' });

async function choose(page: Page, first: string, again = first): Promise<void> {
  await page.getByLabel('新しいパスワード', { exact: true }).fill(first);
  await page.getByLabel('新しいパスワード（もう一度）').fill(again);
  await page.getByRole('button', { name: 'このパスワードにする' }).click();
}

async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: /さんのメニュー/ }).click();
  await page.getByRole('menuitem', { name: '鍵をかける' }).click();
  await expect(page.getByRole('heading', { name: '鍵を開ける' })).toBeVisible();
}

/** Looked at for violations, and taken a picture of where somebody asks for them. */
async function lookAt(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const found = violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.target.join(' ')}`);
    expect(found).toEqual([]);
    if (SCREENS) await page.screenshot({ path: join(SCREENS, `${name}-${colorScheme}.png`) });
  }
}

test('a teacher signs in by the provider: first time, offline, and after the session has ended', async ({
  town,
  makeDevice,
}) => {
  test.setTimeout(240_000);
  const { server, provider } = town;
  provider.person = teacher;
  const tablet = makeDevice(TABLET, server.url);
  let page = await tablet.start();
  const sent: string[] = [];
  tablet.context.on('request', (request: Request) =>
    sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`),
  );

  await test.step('the first time a password for the device is chosen', async () => {
    await lookAt(page, 'sign-in');
    await button(page).click();
    await expect(page.getByRole('heading', { name: 'この端末のパスワードを決めてください' })).toBeVisible();
    expect(page.url()).toBe(`${server.url}/`);
    await lookAt(page, 'new-device-password');
    await choose(page, 'too short');
    await expect(page.getByText('12文字以上にしてください。')).toBeVisible();
    await choose(page, 'password1234');
    await expect(page.getByText('よく使われる言葉や並び')).toBeVisible();
    await choose(page, CHOSEN, NEXT);
    await expect(page.getByText('二つのパスワードが同じではありません。')).toBeVisible();
    await lookAt(page, 'new-device-password-refused');
    await choose(page, CHOSEN);
    await expect(complete(page)).toBeVisible({ timeout: 60_000 });
    await appIsOnDevice(page);
  });

  await test.step('locked and without a network it opens with that password', async () => {
    await lock(page);
    await expect(button(page)).toBeVisible();
    await tablet.goOffline();
    await expect(button(page)).toHaveCount(0);
    await unlock(page, NEXT);
    await expect(page.getByText('パスワードが違います。')).toBeVisible();
    await unlock(page, CHOSEN);
    await expect(shellLight(page)).toBeVisible();
    await tablet.goOnline();
    await expect(complete(page)).toBeVisible({ timeout: 60_000 });
  });

  await test.step('an ended session is said, and nobody signs in with the device’s password', async () => {
    const status = await page.evaluate(
      async () => (await fetch('/api/session', { method: 'DELETE' })).status,
    );
    expect(status).toBe(200);
    await tablet.turnOff();
    page = await tablet.start();
    tablet.context.on('request', (request: Request) =>
      sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`),
    );
    await unlock(page, CHOSEN);
    const ended = page.getByText('学校との接続が切れています', { exact: true });
    await expect(ended).toBeVisible();
    await expect(button(page)).toBeVisible();
    await expect(password(page)).toHaveCount(0);
    await lookAt(page, 'session-ended');
  });

  await test.step('the provider begins another one, past the service worker', async () => {
    expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await button(page).click();
    await expect(page.getByRole('heading', { name: 'この端末の記録を開く' })).toBeVisible();
    await lookAt(page, 'device-password');
    await unlock(page, NEXT);
    await expect(page.getByText('パスワードが違います。')).toBeVisible();
    await unlock(page, CHOSEN);
    await expect(complete(page)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('学校との接続が切れています', { exact: true })).toHaveCount(0);
  });

  await test.step('the device’s password is changed on the device', async () => {
    await goTo(page, '/security');
    await expect(page.getByRole('heading', { name: 'この端末のパスワード' })).toBeVisible();
    await page.getByRole('button', { name: 'パスワードを変える' }).click();
    await page.getByLabel('今のパスワード').fill(CHOSEN);
    await choose(page, NEXT);
    await expect(page.getByText('この端末のパスワードを変えました。')).toBeVisible();
    await lock(page);
    await unlock(page, NEXT);
    await expect(complete(page)).toBeVisible({ timeout: 60_000 });
  });

  expect(sent.some((line) => line.includes('/api/exchange'))).toBe(true);
  expect(sent.filter((line) => /birds|boats/.test(line))).toEqual([]);
  expect(sent.filter((line) => /^POST \S+\/api\/session/.test(line))).toEqual([]);
});

test('who is refused, or is nobody here, reads why, once', async ({ town, makeDevice }) => {
  test.setTimeout(120_000);
  const { server, provider } = town;
  const laptop = makeDevice(LAPTOP, server.url);
  const page = await laptop.start();

  provider.person = null;
  await button(page).click();
  const alert = page.getByRole('alert');
  await expect(alert).toHaveText('ログインが終わっていません。もう一度ボタンを押してください。');
  expect(page.url()).toBe(`${server.url}/`);
  await lookAt(page, 'refused');
  await chooseLanguage(page, 'English');
  await expect(alert).toHaveText('The sign-in was not finished. Press the button again.');
  await chooseLanguage(page, '日本語');
  await page.reload();
  await expect(button(page)).toBeVisible();
  await expect(alert).toHaveCount(0);

  provider.person = { sub: 'somebody', claims: { preferred_username: 'somebody', groups: ['unknown'] } };
  await button(page).click();
  await expect(alert).toContainText('登録されていません');

  await test.step('an address alone signs nobody in', async () => {
    await page.goto('/?signIn=done');
    await expect(alert).toHaveText('ログインが切れました。もう一度ログインしてください。');
    expect(page.url()).toBe(`${server.url}/`);
  });

  await test.step('a provider that is gone is said too', async () => {
    await provider.close();
    await server.stop();
    await server.start();
    await page.goto('/');
    await button(page).click();
    await expect(alert).toContainText('サービスが答えません');
  });
});
