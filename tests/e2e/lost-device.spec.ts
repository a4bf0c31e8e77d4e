import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { peopleOfFirstSchool } from './support/city-names.ts';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, TABLET } from './support/device-profile.ts';
import { appIsOnDevice, LOGINS, shellLight, signIn, unlock } from './support/people.ts';
import { searchProfile } from './support/profile-search.ts';
import { readableAbout } from './support/readable-about-pupils.ts';
import { RollCallScreen } from './support/roll-call-screen.ts';
import { goTo, HOMEROOM_ID } from './support/tour.ts';

const WIPED = 'この端末の記録を消しました';
const STOPPED = 'この端末は止められました';

/** The row of the one device that is not the one in front of the office. */
const otherDevice = (page: Page) =>
  page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('link') })
    .filter({
      hasNotText: 'いま使っている端末',
    });

async function stop(office: Page): Promise<void> {
  await goTo(office, '/manage/devices');
  await expect(otherDevice(office)).toHaveCount(1);
  await otherDevice(office).getByRole('link').click();
  await office.getByRole('button', { name: 'なくした端末として止める' }).click();
  await office.getByRole('dialog').getByRole('button', { name: '止める', exact: true }).click();
  await expect(office.getByText('紛失・まだ消えていません').first()).toBeVisible();
}

async function axeClean(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes[0]?.target.join(' ')}`)).toEqual([]);
}

test('a tablet lost with a mark that was not sent: the mark arrives, the tablet is empty, the office sees it', async ({
  city,
  makeDevice,
}) => {
  test.setTimeout(240_000);
  const tablet = makeDevice(TABLET, city.url);
  const laptop = makeDevice(LAPTOP, city.url);
  const search = readableAbout(peopleOfFirstSchool(), ['"mark":"', '"familyName":"', '"cells":[']);

  await test.step('a teacher takes the roll where there is no network', async () => {
    const page = await tablet.start();
    await signIn(page, LOGINS.homeroomTeacher);
    await appIsOnDevice(page);
    await tablet.goOffline();
    const roll = new RollCallScreen(page);
    await roll.tap(3);
    await roll.takeRoll();
    await expect(shellLight(page)).toContainText('送信待ち 1件');
  });

  const office = await laptop.start();
  await test.step('the office stops the tablet', async () => {
    await signIn(office, LOGINS.office);
    await goTo(office, '/manage/devices');
    await expect(otherDevice(office)).toContainText('使用中');
    await axeClean(office, 'devices');
    await stop(office);
    const held = office.getByRole('table', { name: '端末にあった情報' }).getByRole('row').nth(1);
    await expect(held).toContainText('2026年度 出席簿');
    await expect(held).toContainText('Ⅲ');
    await expect(held).toContainText('1年1組');
    await expect(office.getByText('端末の中ではすべて暗号化されています。')).toBeVisible();
    await axeClean(office, 'device');
  });

  await test.step('offline it still opens: nobody could tell it', async () => {
    await tablet.turnOff();
    const page = await tablet.start({ offline: true });
    await unlock(page);
    await expect(shellLight(page)).toContainText('送信待ち 1件');
  });

  await test.step('at its next contact it hands in, empties itself, and goes on after a reload', async () => {
    await tablet.context.route('**/api/handin', (route) => route.abort());
    await tablet.goOnline();
    const page = tablet.context.pages()[0] as Page;
    await expect(page.getByRole('heading', { name: STOPPED })).toBeVisible();
    await expect
      .poll(() => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).sort()))
      .toEqual(['amenimo-device', expect.stringMatching(/^p-.+-journal$/)]);
    await page.reload();
    await expect(page.getByRole('heading', { name: STOPPED })).toBeVisible();
    await tablet.context.unroute('**/api/handin');
    await expect(page.getByRole('heading', { name: WIPED })).toBeVisible({ timeout: 60_000 });
    await axeClean(page, 'wiped');
    const left = () =>
      page.evaluate(async () => ({
        databases: (await indexedDB.databases()).map(({ name }) => name),
        caches: (await caches.keys()).length,
        local: localStorage.length,
      }));
    await expect.poll(left).toEqual({ databases: [], caches: 0, local: 0 });
    await tablet.turnOff();
    expect(searchProfile(tablet.folder, search).findings).toEqual([]);
  });

  await test.step('the office sees what was emptied, and what came', async () => {
    await office.reload();
    await unlock(office);
    await expect(office.getByText('紛失・消去しました').first()).toBeVisible();
    await expect(office.getByText('消す前に学校へ届いた記録').locator('..')).toContainText('1件');
    await expect(office.getByText('届かなかった記録').locator('..')).toContainText('0件');
  });

  await test.step('and takes the mark into the register', async () => {
    await goTo(office, '/manage/tray');
    const card = office.getByRole('main').locator('section').first();
    await expect(card).toContainText('ほかの人が届けたため、本人が書いたと確かめられません。');
    await expect(card.getByRole('row').filter({ hasText: /\D3番/ })).toContainText('病欠');
    await axeClean(office, 'tray');
    await card.getByRole('button', { name: '出席簿に入れる' }).click();
    await expect(office.getByText('預かっている記録はありません')).toBeVisible();
    await goTo(office, `/roll-call/${HOMEROOM_ID}`);
    await expect(new RollCallScreen(office).tile(3)).toHaveAttribute('aria-label', /病欠/);
  });
  expect(laptop.complaints).toEqual([]);
});

test('what one person left unsent on a shared tablet comes to school with the next, who cannot read it', async ({
  city,
  makeDevice,
}) => {
  test.setTimeout(180_000);
  const tablet = makeDevice(TABLET, city.url);
  const page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  await tablet.goOffline();
  const roll = new RollCallScreen(page);
  await roll.tap(3);
  await roll.takeRoll();
  await expect(shellLight(page)).toContainText('送信待ち 1件');

  await test.step('the next person signs in', async () => {
    const anew = await tablet.openApp();
    await tablet.goOnline();
    const handedIn = anew.waitForResponse((response) => response.url().endsWith('/api/handin'));
    await anew.getByRole('button', { name: 'ほかの人がはじめて使う' }).click();
    await signIn(anew, LOGINS.office);
    const answer = await handedIn;
    expect(Object.keys((await answer.json()) as object)).toEqual(['verdicts']);
    await goTo(anew, '/manage/tray');
    await expect(anew.getByRole('button', { name: '出席簿に入れる' })).toBeVisible();
    await expect(shellLight(anew)).toContainText('すべて学校に届きました');
  });

  await test.step('its author comes back, and it enters the register by itself', async () => {
    const anew = await tablet.openApp();
    const names = anew.getByRole('combobox', { name: 'この端末を使っている人' });
    await names.selectOption(LOGINS.homeroomTeacher);
    await unlock(anew);
    await expect(shellLight(anew)).toContainText('すべて学校に届きました', { timeout: 60_000 });
    const day = new RollCallScreen(anew);
    await expect(day.tile(3)).toHaveAttribute('aria-label', /病欠.*学校/);
  });
});
