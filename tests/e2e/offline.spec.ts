import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../tools/phases.mjs';
import { expect, test } from './support/city-test.ts';
import { TABLET } from './support/device-profile.ts';
import { appIsOnDevice, fillSignIn, LOGINS, PASSWORD, shellLight, signIn, unlock } from './support/people.ts';
import { press, RollCallScreen } from './support/roll-call-screen.ts';
import { HOMEROOM_ID } from './support/tour.ts';
import { UpdatingServer } from './support/updating-server.ts';

test('any address of the app opens offline on the first run after the install', async ({
  quietCity,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, quietCity.url);
  let page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);

  await test.step('every chunk of the build is on the device, the workers’ too', async () => {
    const cached = await page.evaluate(async () => {
      const requests = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      );
      return requests.flat().map((request) => new URL(request.url).pathname);
    });
    const built = readdirSync(join(ROOT, 'build/client/_app/immutable'), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile() && !/\.(gz|br|map)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, 'build/client').length));
    expect(built.filter((file) => /worker/.test(file)).length).toBeGreaterThan(0);
    expect(built.filter((file) => !cached.includes(file))).toEqual([]);
    expect(cached.filter((path) => path.startsWith('/api'))).toEqual([]);
  });

  await test.step('a deep link, with the browser started anew and no network', async () => {
    await tablet.turnOff();
    await tablet.turnOn({ offline: true });
    page = await tablet.openApp(`/register/${HOMEROOM_ID}/2026-11`);
    await unlock(page);
    await expect(page.getByRole('table', { name: '1年1組 令和8年11月 出席簿' })).toBeVisible();
  });

  await test.step('others, while the first tab holds the device open', async () => {
    const links: Record<string, string> = {
      '/device': 'この端末',
      '/conflicts': '食い違い',
      [`/roll-call/${HOMEROOM_ID}?date=2026-11-18`]: '1年1組 出席確認',
      '/school?date=2026-11-18': '大網白里市立大網小学校 学校の今日',
    };
    for (const [path, title] of Object.entries(links)) {
      const tab = await tablet.context.newPage();
      await tab.goto(path);
      await expect(tab.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await tab.close();
    }
  });
});

test('offline, a wrong password is refused with a sentence, and the device locks by itself', async ({
  quietCity,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, quietCity.url);
  let page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  await tablet.turnOff();

  await tablet.turnOn({ offline: true });
  await tablet.context.clock.install();
  page = await tablet.openApp();
  await expect(page.getByRole('textbox', { name: 'ID', exact: true })).toHaveValue(LOGINS.homeroomTeacher);
  await unlock(page, `${PASSWORD}!`);
  const password = page.getByLabel('パスワード', { exact: true });
  await expect(password).toHaveAccessibleDescription(
    'パスワードが違います。大文字と小文字も確かめてください。',
  );
  await expect(password).toBeFocused();
  await unlock(page, '');
  await expect(password).toHaveAccessibleDescription('パスワードを入れてください。');
  await unlock(page);
  const roll = new RollCallScreen(page);
  await expect(roll.tiles).toHaveCount(32);

  await test.step('in use it stays open; after a quarter of an hour it is locked', async () => {
    await page.clock.fastForward('14:00');
    await press(roll.tile(1));
    await page.clock.fastForward('14:00');
    await expect(roll.tiles).toHaveCount(32);
    await page.clock.fastForward('02:00');
    await expect(page.getByRole('heading', { name: '鍵を開ける' })).toBeVisible();
    await expect(page.getByText('青山')).toHaveCount(0);
  });

  await test.step('what was tapped before it locked is there', async () => {
    await unlock(page);
    await expect(roll.tile(1)).toHaveAccessibleName(/ 病欠 この端末に保存。学校へは送信待ち$/);
  });

  await test.step('somebody who was never here cannot sign in offline, and is told why', async () => {
    await page.getByRole('button', { name: /さんのメニュー$/ }).click();
    await page.getByRole('menuitem', { name: '鍵をかける' }).click();
    await page.getByRole('button', { name: 'ほかの人がはじめて使う' }).click();
    await fillSignIn(page, LOGINS.nurse);
    await expect(page.getByRole('alert')).toContainText('学校のサーバーに届きません。');
  });
});

test('a new version waits for consent, and what is on the screen is not lost', async ({
  city,
  makeDevice,
}) => {
  const server = await UpdatingServer.before(city.url);
  const tablet = makeDevice(TABLET, server.url);
  const page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  // The first page of a fresh install is not yet under the service worker's control.
  await page.reload();
  await unlock(page);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);

  const roll = new RollCallScreen(page);
  const notice = page.getByRole('status').filter({ hasText: '新しいアプリがあります' });
  await roll.tap(2);
  await roll.chooseBrush('一覧から選ぶ');
  await roll.tap(2);
  const note = page.getByRole('dialog').getByRole('textbox', { name: '備考（理由など）' });
  await note.fill('発熱');
  await expect(notice).toHaveCount(0);

  await test.step('it is offered, and nothing moves', async () => {
    server.release();
    await page.evaluate(async () => {
      Object.assign(globalThis, { sameDocument: true });
      await (await navigator.serviceWorker.getRegistration())?.update();
    });
    await expect(notice).toBeVisible();
    await expect(note).toHaveValue('発熱');
    await expect(roll.tile(2)).toHaveAccessibleName(/ 病欠 /);
    const waiting = await page.evaluate(
      async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state,
    );
    expect(waiting).toBe('installed');
    expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  });

  await test.step('it is not taken up over a remark that is not saved', async () => {
    await expect(notice).toContainText('保存していない印か備考があります。');
    await expect(notice.getByRole('button', { name: '新しくする' })).toBeDisabled();
  });

  await test.step('taken up on consent, with every mark', async () => {
    await press(page.getByRole('dialog').getByRole('button', { name: '備考を保存' }));
    await Promise.all([
      page.waitForEvent('domcontentloaded'),
      press(notice.getByRole('button', { name: '新しくする' })),
    ]);
    await unlock(page);
    await expect(roll.tile(2)).toHaveAccessibleName(/ 病欠 学校に届きました$/);
    await expect(notice).toHaveCount(0);
    const waiting = await page.evaluate(
      async () => (await navigator.serviceWorker.getRegistration())?.waiting ?? null,
    );
    expect(waiting).toBeNull();
    await expect(shellLight(page)).toContainText('すべて学校に届きました');
    await roll.tap(2);
    await expect(page.getByRole('dialog').getByRole('textbox', { name: '備考（理由など）' })).toHaveValue(
      '発熱',
    );
  });
  await server.stop();
});
