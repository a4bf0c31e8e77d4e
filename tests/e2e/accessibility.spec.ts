import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, TABLET } from './support/device-profile.ts';
import { LOGINS, PASSWORD, shellLight, signIn, type Login } from './support/people.ts';
import { RollCallScreen } from './support/roll-call-screen.ts';
import { chooseLanguage, DOOR, TOUR } from './support/tour.ts';

const LANGUAGES = ['日本語', 'English'] as const;

test('no screen has an axe violation, in light and dark, in Japanese and English', async ({
  quietCity,
  makeDevice,
}) => {
  test.setTimeout(360_000);
  const failures: string[] = [];
  for (const login of new Set(TOUR.map((stop) => stop.login))) {
    const device = makeDevice(LAPTOP, quietCity.url);
    const page = await device.start();
    if (login === LOGINS.homeroomTeacher) {
      for (const { name, go } of DOOR) {
        await go(page);
        failures.push(...(await violations(page, name)));
      }
    }
    await signIn(page, login);
    for (const language of LANGUAGES) {
      await chooseLanguage(page, language);
      for (const { name, go } of TOUR.filter((stop) => stop.login === login)) {
        await go(page);
        failures.push(...(await violations(page, `${name} ${language}`)));
      }
    }
    await device.turnOff();
  }
  expect(failures).toEqual([]);
});

/** All rules in light; in dark those that look at colours, for nothing else is another there. */
async function violations(page: Page, screen: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // One frame and no second page: the app has no frames.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    if (colorScheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
    for (const { id, nodes } of (await axe.analyze()).violations)
      for (const { target, failureSummary } of nodes)
        found.push(`${screen} ${colorScheme}: ${id} ${target.join(' ')}: ${failureSummary}`);
  }
  return found;
}

test('the roll is taken by keyboard alone', async ({ city, makeDevice }) => {
  const page = await makeDevice(LAPTOP, city.url).start();
  const { keyboard } = page;
  const focused = page.locator(':focus');
  /** Tab until the focus is on what has this name, as a person does who cannot see it. */
  const tabTo = async (name: RegExp, back = false): Promise<void> => {
    for (let presses = 0; presses < 40; presses += 1) {
      await keyboard.press(back ? 'Shift+Tab' : 'Tab');
      const label = await focused.evaluate(
        (element) =>
          element.getAttribute('aria-label') ??
          (element as HTMLInputElement).labels?.[0]?.textContent ??
          element.textContent ??
          '',
      );
      if (name.test(label.trim())) return;
    }
    throw new Error(`the Tab key does not lead to ${name}`);
  };

  await tabTo(/^ID/);
  await keyboard.type(LOGINS.homeroomTeacher);
  await tabTo(/^パスワード$/);
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await expect(shellLight(page)).toContainText('すべて学校に届きました', { timeout: 60_000 });
  const roll = new RollCallScreen(page);

  await tabTo(/^1番 /);
  await keyboard.press('Enter');
  await expect(roll.tile(1)).toHaveAccessibleName(/ 病欠 /);
  await keyboard.type('12');
  await expect(roll.tile(12)).toBeFocused();
  await keyboard.press('c');
  await expect(roll.tile(12)).toHaveAccessibleName(/ 遅刻 /);
  await keyboard.press('ArrowRight');
  await expect(roll.tile(13)).toBeFocused();
  await keyboard.press('j');
  await expect(roll.tile(13)).toHaveAccessibleName(/ 事故欠 /);
  await keyboard.press('ArrowLeft');
  await keyboard.press('m');
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('button', { name: '遅刻', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await keyboard.press('Escape');
  await expect(roll.tile(12)).toBeFocused();
  await tabTo(/^残り29人を全員出席$/, true);
  await keyboard.press('Enter');
  await expect(roll.state).toHaveText('学校に届きました');
  await expect(roll.tile(2)).toHaveAccessibleName(/ 出席 /);
  await expect(roll.tile(13)).toHaveAccessibleName(/ 事故欠 /);
});

test('what is pressed is at least 44 px high and wide', async ({ quietCity, makeDevice }) => {
  const small: string[] = [];
  for (const login of [LOGINS.homeroomTeacher, LOGINS.nurse, LOGINS.board] satisfies Login[]) {
    const device = makeDevice(TABLET, quietCity.url);
    const page = await device.start();
    if (login === LOGINS.homeroomTeacher) small.push(...(await smallTargets(page, 'sign-in')));
    await signIn(page, login);
    for (const { name, go } of TOUR.filter((stop) => stop.login === login)) {
      await go(page);
      small.push(...(await smallTargets(page, name)));
    }
    await device.turnOff();
  }
  expect(small).toEqual([]);
});

/**
 * Everything that can be pressed, by the box that takes the press. Left out is what a table as wide as a month cannot
 * give: the cells and heads of the register's days.
 */
function smallTargets(page: Page, screen: string): Promise<string[]> {
  return page.evaluate((name) => {
    const MIN_PX = 43.5;
    const pressed =
      'a[href], button, summary, select, input:not([type=radio], [type=checkbox]), label:has(input)';
    return (
      [...document.querySelectorAll<HTMLElement>(pressed)]
        .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .filter((element) => !element.closest('.register table'))
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        // A link for the keyboard alone lies outside until it is reached.
        .filter(({ box }) => box.bottom > 0 && (box.height < MIN_PX || box.width < MIN_PX))
        .map(({ element, box }) => {
          const label = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? element.tagName;
          return `${name}: ${label} ${Math.round(box.width)}×${Math.round(box.height)}`;
        })
    );
  }, screen);
}
