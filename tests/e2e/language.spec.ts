import type { Page } from '@playwright/test';
import { cityPeople, homeroomTitles } from './support/city-names.ts';
import { expect, test } from './support/city-test.ts';
import { LAPTOP } from './support/device-profile.ts';
import { LOGINS, signIn } from './support/people.ts';
import { chooseLanguage, DOOR, TOUR } from './support/tour.ts';

const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Japanese in any language: the names of schools, the signs of the marks, and the name of the language. */
const DATA = [/大網白里市立\S+?学校/g, /チ早|[病事チ早停忌災出]/g, /日本語/g];
/** What the records of the practice city themselves say. */
const RECORDED = ['インフルエンザ', '教育支援センター'];

test('in English no Japanese sentence is left on any screen, and back again', async ({
  quietCity,
  makeDevice,
}) => {
  const left: string[] = [];
  const school = cityPeople().find((person) => person.isPupil)?.schoolId;
  const people = cityPeople().filter((person) => person.schoolId === school || !person.isPupil);
  const names = people
    .flatMap((person) => [
      person.familyName,
      person.givenName,
      person.kanaFamilyName,
      person.kanaGivenName,
      ...person.middleNames,
    ])
    .concat(homeroomTitles())
    .filter((name) => JAPANESE.test(name))
    .sort((a, b) => b.length - a.length);
  const strip = (text: string): string => {
    let rest = text;
    for (const pattern of DATA) rest = rest.replace(pattern, '');
    for (const word of [...RECORDED, ...names]) rest = rest.replaceAll(word, '');
    return rest;
  };
  const check = async (page: Page, screen: string): Promise<void> => {
    for (const text of await allText(page)) if (JAPANESE.test(strip(text))) left.push(`${screen}: ${text}`);
  };

  for (const login of new Set(TOUR.map((stop) => stop.login))) {
    const device = makeDevice(LAPTOP, quietCity.url);
    const page = await device.start();
    await signIn(page, login);
    await chooseLanguage(page, 'English');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    for (const { name, go } of TOUR.filter((stop) => stop.login === login)) {
      await go(page);
      await check(page, name);
    }
    if (login === LOGINS.homeroomTeacher) {
      await page.reload();
      await expect(page.getByRole('heading', { name: 'Unlock' })).toBeVisible();
      await check(page, 'unlock');
      await page.getByRole('button', { name: 'Someone else, for the first time' }).click();
      for (const { name, go } of DOOR) {
        await go(page);
        await check(page, name);
      }
      await page.getByText('日本語', { exact: true }).click();
      await expect(page.getByRole('heading', { name: 'ログイン' })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
    }
    await device.turnOff();
  }
  expect([...new Set(left)]).toEqual([]);
});

/** All that is read or heard: texts, names, descriptions, hints, and the title of the page. */
function allText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Text) {
        if (!node.parentElement?.closest('noscript, script, style')) texts.push(node.data);
      } else if (node instanceof Element) {
        for (const name of [
          'aria-label',
          'aria-description',
          'aria-valuetext',
          'title',
          'placeholder',
          'alt',
        ])
          texts.push(node.getAttribute(name) ?? '');
      }
    }
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  });
}
