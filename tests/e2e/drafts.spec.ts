import { peopleOfFirstSchool } from './support/city-names.ts';
import { expect, test } from './support/city-test.ts';
import { TABLET, type DeviceProfile } from './support/device-profile.ts';
import { Disk } from './support/disk.ts';
import { appIsOnDevice, LOGINS, shellLight, signIn, unlock } from './support/people.ts';
import { searchProfile } from './support/profile-search.ts';
import { readableAbout } from './support/readable-about-pupils.ts';
import { press, RollCallScreen } from './support/roll-call-screen.ts';

const FEVER = '三十八度七分、母親が十一時に迎え';
const LATER = '歯科に寄って三時間目から';
const EVENING = '保健室で休んで帰宅';

test('a remark that is typed outlives the lock and SIGKILL, and becomes an entry when it is left', async ({
  city,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, city.url);
  let page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  await tablet.turnOff();
  await tablet.turnOn({ offline: true });
  await tablet.context.clock.install();
  page = await tablet.openApp();
  await unlock(page);

  let roll = new RollCallScreen(page);
  const sheetOf = (name: string) => page.getByRole('dialog', { name });
  const noteIn = (name: string) => sheetOf(name).getByRole('textbox', { name: '備考（理由など）' });
  await roll.tap(1);
  await expect(roll.tile(1)).toHaveAccessibleName(/ 病欠 この端末に保存。/);
  await roll.chooseBrush('一覧から選ぶ');

  await test.step('typed as the device locks by itself, it is there after the unlock', async () => {
    await press(roll.tile(1));
    await noteIn('1番 青山 秀真').fill(FEVER);
    await page.clock.fastForward('16:00');
    await expect(page.getByRole('heading', { name: '鍵を開ける' })).toBeVisible();
    await expect(page.getByText(FEVER)).toHaveCount(0);
    await unlock(page);
    await roll.chooseBrush('一覧から選ぶ');
    await press(roll.tile(2));
    await expect(noteIn(await nameOf(2))).toHaveValue('');
    await press(roll.tile(1));
    await expect(noteIn('1番 青山 秀真')).toHaveValue(FEVER);
    await expect(sheetOf('1番 青山 秀真')).toContainText(
      /11\/20\(金\) 8:\d{2}の書きかけが残っていました。閉じると備考になります。/,
    );
    await expect(shellLight(page)).toContainText('送信待ち 1件');
  });

  await test.step('nobody has marked the second pupil: the remark waits, and survives SIGKILL', async () => {
    await press(roll.tile(2));
    // The first pupil's sheet was left: that remark is an entry now.
    await expect(page.getByText('青山 秀真の備考を記録しました')).toBeVisible();
    await expect(shellLight(page)).toContainText('送信待ち 2件');
    const name = await nameOf(2);
    await noteIn(name).pressSequentially(LATER);
    await expect(sheetOf(name)).toContainText(
      '書きかけは、この端末に残してあります。記号を選ぶと備考になります。',
    );
    await tablet.kill();
    expectUnreadable(tablet);
    page = await tablet.start({ offline: true });
    await unlock(page);
    roll = new RollCallScreen(page);
    await roll.chooseBrush('一覧から選ぶ');
    await press(roll.tile(2));
    await expect(noteIn(name)).toHaveValue(LATER);
    await expect(sheetOf(name)).toContainText('の書きかけが残っていました。記号を選ぶと備考になります。');
    await press(sheetOf(name).getByRole('button', { name: '閉じる' }));
    await press(roll.tile(2));
    await expect(noteIn(name)).toHaveValue(LATER);
    await press(sheetOf(name).getByRole('button', { name: '遅刻', exact: true }));
    await expect(roll.tile(2)).toHaveAccessibleName(/ 遅刻 /);
  });

  await test.step('on another screen and back, the remark is in the record and the mark without it in the history', async () => {
    await press(roll.tile(1));
    await expect(noteIn('1番 青山 秀真')).toHaveValue(FEVER);
    await expect(sheetOf('1番 青山 秀真')).not.toContainText('書きかけ');
    const history = sheetOf('1番 青山 秀真').getByRole('region', { name: 'これまでの記録' });
    await expect(history.locator('s')).toHaveText(/^訂正前:\s*病欠$/);

    await noteIn('1番 青山 秀真').fill(EVENING);
    await press(page.getByRole('navigation').getByRole('link', { name: '学校の今日' }));
    await expect(page.getByText('青山 秀真の備考を記録しました')).toBeVisible();
    await press(page.getByRole('navigation').getByRole('link', { name: '出席確認' }));
    await press(roll.tile(1));
    await expect(noteIn('1番 青山 秀真')).toHaveValue(EVENING);
    await expect(history.locator('s').first()).toContainText(FEVER);
  });

  await test.step('a draft that is given up leaves the record as it was', async () => {
    await noteIn('1番 青山 秀真').fill('まちがい');
    await press(sheetOf('1番 青山 秀真').getByRole('button', { name: '書きかけを消す' }));
    await expect(noteIn('1番 青山 秀真')).toHaveValue(EVENING);
    await press(sheetOf('1番 青山 秀真').getByRole('button', { name: '閉じる' }));
    await press(roll.tile(1));
    await expect(noteIn('1番 青山 秀真')).toHaveValue(EVENING);
  });

  await test.step('signing out enters what is left', async () => {
    await noteIn('1番 青山 秀真').fill(FEVER);
    await expect(sheetOf('1番 青山 秀真')).toContainText('書きかけは、この端末に残してあります。');
    // Into the draft alone: the browser is gone before the sheet is left.
    await tablet.kill();
    await tablet.turnOn({ offline: true });
    page = await tablet.openApp('/device');
    await unlock(page);
    await expect(page.getByText('書きかけの備考は、鍵を開けると元のところに残っています。')).toBeVisible();
    await press(page.getByRole('button', { name: 'この端末での利用を終える' }));
    await press(page.getByRole('dialog').getByRole('button', { name: 'この端末での利用を終える' }));
    await expect(page.getByRole('heading', { name: '鍵を開ける' })).toBeVisible();
    page = await tablet.openApp();
    await unlock(page);
    roll = new RollCallScreen(page);
    await roll.chooseBrush('一覧から選ぶ');
    await press(roll.tile(1));
    await expect(noteIn('1番 青山 秀真')).toHaveValue(FEVER);
    await expect(sheetOf('1番 青山 秀真')).not.toContainText('書きかけ');
  });

  await test.step('the disk tells nothing of it', async () => {
    await tablet.turnOff();
    expectUnreadable(tablet);
  });

  async function nameOf(rosterNumber: number): Promise<string> {
    const words = (await roll.tile(rosterNumber).getAttribute('aria-label')) ?? '';
    return words.slice(0, words.indexOf('（'));
  }
});

test('a remark that was begun before the nurse spoke stands beside her mark as a disagreement', async ({
  city,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, city.url);
  const laptop = makeDevice(TABLET, city.url);
  const teacher = await tablet.start();
  await signIn(teacher, LOGINS.homeroomTeacher);
  const roll = new RollCallScreen(teacher);
  await roll.tap(3);
  await expect(roll.tile(3)).toHaveAccessibleName(/ 病欠 学校に届きました$/);
  await roll.chooseBrush('一覧から選ぶ');
  await press(roll.tile(3));
  const sheet = teacher.getByRole('dialog', { name: '3番 伊藤 革' });
  await sheet.getByRole('textbox', { name: '備考（理由など）' }).fill(FEVER);

  const nurse = await laptop.start();
  await signIn(nurse, LOGINS.nurse);
  await nurse.getByRole('searchbox').fill('伊藤 革');
  await press(nurse.getByRole('button', { name: '1年1組 伊藤 革 の記録を開く' }));
  await press(nurse.getByRole('dialog').getByRole('button', { name: '出席停止(感染症)' }));

  await expect(sheet).toContainText('そのあと、ほかの人が記録を変えました。');
  await expect(sheet.getByRole('textbox', { name: '備考（理由など）' })).toHaveValue(FEVER);
  await press(sheet.getByRole('button', { name: '閉じる' }));
  await expect(roll.tile(3)).toHaveAccessibleName(/ 出席停止\(感染症\) 食い違い /);
  await press(roll.tile(3));
  await expect(sheet).toContainText('記録が食い違っています');
  await expect(sheet).toContainText(FEVER);
});

test('with a full disk the text stays on the screen, it is said, and it is kept when there is room', async ({
  quietCity,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, quietCity.url);
  let page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await appIsOnDevice(page);
  await tablet.turnOff();
  page = (await tablet.turnOn({ offline: true })).pages()[0] ?? page;
  const disk = await Disk.of(page, quietCity.url);
  await disk.shrink();
  await page.clock.install();
  await page.goto('/');
  await unlock(page);
  const roll = new RollCallScreen(page);
  await roll.chooseBrush('一覧から選ぶ');
  await press(roll.tile(5));
  const note = page.getByRole('dialog').getByRole('textbox', { name: '備考（理由など）' });

  await disk.fill();
  await note.fill(FEVER);
  await expect(note).toHaveAccessibleDescription(/この端末の空きがなく、書きかけを保存できていません。/);
  await expect(note).toHaveValue(FEVER);

  await test.step('through a lock, too', async () => {
    await press(page.getByRole('dialog').getByRole('button', { name: '閉じる' }));
    await page.clock.fastForward('16:00');
    await expect(page.getByRole('heading', { name: '鍵を開ける' })).toBeVisible();
    await unlock(page);
    await roll.chooseBrush('一覧から選ぶ');
    await press(roll.tile(5));
    await expect(note).toHaveValue(FEVER);
    await expect(note).toHaveAccessibleDescription(/書きかけを保存できていません。/);
  });

  await disk.free();
  await note.fill(LATER);
  await expect(page.getByRole('dialog')).toContainText('書きかけは、この端末に残してあります。');
  await tablet.kill();
  page = await tablet.start({ offline: true });
  await unlock(page);
  await new RollCallScreen(page).chooseBrush('一覧から選ぶ');
  await press(new RollCallScreen(page).tile(5));
  await expect(page.getByRole('dialog').getByRole('textbox', { name: '備考（理由など）' })).toHaveValue(
    LATER,
  );
});

/** The texts and what a stored draft would show; the search itself is proved by the privacy tests. */
function expectUnreadable(device: DeviceProfile): void {
  const search = readableAbout(peopleOfFirstSchool(), [FEVER, LATER, EVENING, '"painted":[']);
  const { findings, files, bytes } = searchProfile(device.folder, search);
  expect(findings).toEqual([]);
  expect(files.some((file) => file.includes('.indexeddb.'))).toBe(true);
  expect(bytes).toBeGreaterThan(1_000_000);
}
