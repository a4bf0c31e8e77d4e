import { expect, test } from './support/city-test.ts';
import { TABLET } from './support/device-profile.ts';
import { LOGINS, signIn } from './support/people.ts';
import { press, RollCallScreen } from './support/roll-call-screen.ts';

test('yesterday’s mark is corrected in three taps, and the old one stays readable', async ({
  city,
  makeDevice,
}) => {
  const page = await makeDevice(TABLET, city.url).start();
  await signIn(page, LOGINS.homeroomTeacher);
  const roll = new RollCallScreen(page);
  const day = page.getByRole('group', { name: '日付' });
  await expect(day).toContainText('11月20日(金)');

  await press(page.getByRole('button', { name: '前の授業日' }));
  await expect(day).toContainText('11月19日(木)');
  await expect(roll.tile(1)).toHaveAccessibleName(/ 出席 学校に届きました$/);
  await press(roll.tile(1));
  const sheet = page.getByRole('dialog', { name: '1番 青山 秀真' });
  await press(sheet.getByRole('button', { name: '遅刻', exact: true }));

  await expect(roll.tile(1)).toHaveAccessibleName(/ 遅刻 学校に届きました$/);
  await press(roll.tile(1));
  const history = sheet.getByRole('region', { name: 'これまでの記録' });
  const old = history.locator('s');
  await expect(old).toHaveText(/^訂正前:\s*出席$/);
  await expect(old).toHaveCSS('text-decoration-line', 'line-through');
  await expect(history.getByRole('listitem')).toContainText(/\S+ \S+ 担任\s*11\/19\(木\) \d{1,2}:\d{2}/);
  await expect(sheet).toContainText(/鈴木 久美子 担任\s*11\/20\(金\) 8:\d{2}/);

  await test.step('the register says that it was corrected', async () => {
    await press(sheet.getByRole('button', { name: '閉じる' }));
    await press(page.getByRole('main').getByRole('link', { name: '出席簿' }));
    const cell = page.getByRole('button', { name: '11月19日(木) 青山 秀真 遅刻 訂正あり' });
    await expect(cell).toHaveText('チ');
    await press(cell);
    await expect(page.getByRole('dialog').locator('s')).toHaveText(/^訂正前:\s*出席$/);
  });
});
