import { expect, test } from './support/city-test.ts';
import { TABLET } from './support/device-profile.ts';
import { Disk } from './support/disk.ts';
import { appIsOnDevice, LOGINS, signIn, unlock } from './support/people.ts';
import { press, RollCallScreen } from './support/roll-call-screen.ts';

test('an offline tablet with a full disk keeps the marks on the screen, says so, and recovers', async ({
  city,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, city.url);
  let page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  await tablet.turnOff();
  page = (await tablet.turnOn({ offline: true })).pages()[0] ?? page;
  const disk = await Disk.of(page, city.url);
  await disk.shrink();
  await page.goto('/');
  await unlock(page);
  const roll = new RollCallScreen(page);
  await expect(roll.tiles).toHaveCount(32);

  const trouble = page.getByRole('alert').filter({ hasText: '印を保存できていません' });
  await test.step('full: the marks stay, and it is said', async () => {
    await disk.fill();
    await roll.tap(3);
    await roll.takeRoll();
    await expect(trouble).toContainText('32人分の印を保存できていません');
    await expect(trouble).toContainText('この端末の空きがありません。印は画面に残っています。');
    await expect(roll.state).toHaveText('32人分がまだ保存できていません');
    await expect(roll.tile(3)).toHaveAccessibleName(/ 病欠 保存できていません$/);
    await expect(roll.tile(4)).toHaveAccessibleName(/ 出席 保存できていません$/);
  });

  await test.step('another try while it is full changes nothing', async () => {
    await press(trouble.getByRole('button', { name: 'もう一度保存' }));
    await expect(trouble).toContainText('32人分の印を保存できていません');
  });

  await test.step('on another screen it is not forgotten', async () => {
    await press(page.getByRole('navigation').getByRole('link', { name: '学校の今日' }));
    await expect(page.getByText('保存できていない印が32人分あります')).toBeVisible();
    await press(page.getByRole('link', { name: '開いて保存する' }));
    await expect(roll.tile(3)).toHaveAccessibleName(/ 病欠 保存できていません$/);
  });

  await test.step('with room again it is saved, and survives SIGKILL', async () => {
    await disk.free();
    await press(trouble.getByRole('button', { name: 'もう一度保存' }));
    await expect(roll.state).toHaveText('この端末に保存しました・学校へは送信待ち 32人分');
    await expect(trouble).toHaveCount(0);
    await tablet.kill();
    page = await tablet.start({ offline: true });
    await unlock(page);
    await expect(new RollCallScreen(page).tile(3)).toHaveAccessibleName(/ 病欠 この端末に保存。/);
    await tablet.goOnline();
    await expect(new RollCallScreen(page).state).toHaveText('学校に届きました');
  });
});

test('a tablet whose disk is full from the start shows the register, says so, and saves when there is room', async ({
  city,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, city.url);
  let page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  await tablet.kill();

  page = (await tablet.turnOn({ offline: true })).pages()[0] ?? page;
  const disk = await Disk.of(page, city.url);
  await disk.allowNothing();
  await page.goto('/');
  await unlock(page);
  const roll = new RollCallScreen(page);
  const isFull = { hasText: 'この端末の空きがありません。いまは保存できません。' };
  const full = page.getByRole('alert').filter(isFull);
  const trouble = page.getByRole('alert').filter({ hasText: '印を保存できていません' });
  await test.step('roll-call and register can be read, and what to do is said', async () => {
    await expect(roll.tiles).toHaveCount(32);
    await expect(full).toContainText('名簿や記録を見ることはできます。');
    await expect(full).toContainText('空きを作ってください');
    await press(page.getByRole('navigation').getByRole('link', { name: '出席簿' }));
    await expect(page.getByRole('table', { name: '出席簿' })).toBeVisible();
    await expect(full).toBeVisible();
    await press(page.getByRole('navigation').getByRole('link', { name: '出席確認' }));
  });

  await test.step('a mark is refused in words and stays on the screen', async () => {
    await roll.tap(3);
    await expect(trouble).toContainText('1人分の印を保存できていません');
    await expect(trouble).toContainText('この端末の空きがありません。印は画面に残っています。');
    await expect(roll.tile(3)).toHaveAccessibleName(/ 病欠 保存できていません$/);
  });

  await test.step('with room the notice goes by itself, and the mark is saved without a restart', async () => {
    await disk.free();
    await expect(full).toHaveCount(0, { timeout: 60_000 });
    await press(trouble.getByRole('button', { name: 'もう一度保存' }));
    await expect(trouble).toHaveCount(0);
    await expect(roll.tile(3)).toHaveAccessibleName(/ 病欠 この端末に保存。/);
  });

  await test.step('it survives SIGKILL and reaches the school', async () => {
    await tablet.kill();
    page = await tablet.start({ offline: true });
    await unlock(page);
    const again = new RollCallScreen(page);
    await expect(again.tile(3)).toHaveAccessibleName(/ 病欠 この端末に保存。/);
    await expect(page.getByRole('alert').filter(isFull)).toHaveCount(0);
    await tablet.goOnline();
    await expect(again.state).toHaveText('学校に届きました');
  });
});
