import { expect, type Page } from '@playwright/test';
import { LOGINS, PASSWORD, type Login } from './people.ts';

/** 1年1組, the homeroom of the practice city's homeroom teacher, in the OneRoster package. */
export const HOMEROOM_ID = '8313b64b-9d02-42f3-a6ce-28ad13e08744';

/** A screen of the product and how to come to it, in either language. */
export interface Stop {
  readonly name: string;
  readonly login: Login;
  go(page: Page): Promise<void>;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Every screen of someone who is signed in, with the sheets and dialogs that open over them. */
export const TOUR: readonly Stop[] = [
  { name: 'roll-call', login: LOGINS.homeroomTeacher, go: (page) => goTo(page, '/roll-call') },
  {
    name: 'roll-call-key-help',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      await goTo(page, '/roll-call');
      // Not shown where there is no keyboard.
      const help = page.getByText(/^(キーボード|Keyboard)$/);
      if (await help.isVisible()) await help.click();
    },
  },
  {
    name: 'roll-call-of-yesterday',
    login: LOGINS.homeroomTeacher,
    go: (page) => goTo(page, `/roll-call/${HOMEROOM_ID}?date=2026-11-19`),
  },
  {
    name: 'roll-call-of-a-sunday',
    login: LOGINS.homeroomTeacher,
    go: (page) => goTo(page, `/roll-call/${HOMEROOM_ID}?date=2026-11-15`),
  },
  {
    name: 'pupil-sheet',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      await goTo(page, `/roll-call/${HOMEROOM_ID}?date=2026-11-12`);
      await page.locator('[data-student]').nth(4).click();
      await expect(page.getByRole('dialog').locator('s').first()).toBeVisible();
    },
  },
  {
    name: 'pupil-sheet-with-conflict',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      await goTo(page, `/roll-call/${HOMEROOM_ID}?date=2026-11-19`);
      await page.locator('[data-student]').nth(2).click();
      await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
    },
  },
  {
    name: 'register',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      await goTo(page, `/register/${HOMEROOM_ID}/2026-11`);
      await expect(page.getByRole('table').first()).toBeVisible();
    },
  },
  {
    name: 'register-outside-the-year',
    login: LOGINS.homeroomTeacher,
    go: (page) => goTo(page, `/register/${HOMEROOM_ID}/2025-11`),
  },
  { name: 'conflicts', login: LOGINS.homeroomTeacher, go: (page) => goTo(page, '/conflicts') },
  { name: 'device', login: LOGINS.homeroomTeacher, go: (page) => goTo(page, '/device') },
  {
    name: 'sign-out-dialog',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      await goTo(page, '/device');
      await page.getByRole('button', { name: /この端末での利用を終える|Stop using this device/ }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'user-menu',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      await goTo(page, '/conflicts');
      await page.getByRole('button', { name: /さんのメニュー$|^Menu of / }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'no-such-page',
    login: LOGINS.homeroomTeacher,
    go: async (page) => {
      // Kit asks the server for a page that it does not know: the app starts anew, locked.
      await goTo(page, '/no-such-page');
      await page.locator('input[type="password"]').fill(PASSWORD);
      await page.getByRole('button', { name: /^(開く|Unlock)$/ }).click();
      await expect(
        page.getByRole('heading', { name: /^(ページが見つかりません|Page not found)$/ }),
      ).toBeVisible();
    },
  },
  { name: 'school', login: LOGINS.nurse, go: (page) => goTo(page, '/school') },
  {
    name: 'school-pupil-found',
    login: LOGINS.nurse,
    go: async (page) => {
      await goTo(page, '/school');
      await page.getByRole('searchbox').fill('たかはし');
      await expect(page.getByRole('list', { name: /見つかった人|Pupils found/ })).toBeVisible();
    },
  },
  { name: 'register-choice', login: LOGINS.nurse, go: (page) => goTo(page, '/register') },
  { name: 'no-homeroom', login: LOGINS.nurse, go: (page) => goTo(page, '/roll-call') },
  {
    name: 'unknown-homeroom',
    login: LOGINS.nurse,
    go: (page) => goTo(page, '/roll-call/00000000-0000-4000-8000-000000000000'),
  },
  { name: 'people', login: LOGINS.principal, go: (page) => goTo(page, '/manage/people') },
  {
    name: 'people-next-year',
    login: LOGINS.principal,
    go: (page) => goTo(page, '/manage/people?tab=next'),
  },
  {
    name: 'person',
    login: LOGINS.principal,
    go: async (page) => {
      await goTo(page, '/manage/people');
      await page.getByRole('main').getByRole('row').nth(2).getByRole('link').click();
      await page.waitForURL(/\/manage\/people\/.+/);
      await expect(page.getByRole('main').getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'devices',
    login: LOGINS.principal,
    go: async (page) => {
      await goTo(page, '/manage/devices');
      await expect(page.getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'device-report',
    login: LOGINS.principal,
    go: async (page) => {
      await goTo(page, '/manage/devices');
      await page.getByRole('table').getByRole('link').first().click();
      await page.waitForURL(/\/manage\/devices\/.+/);
      await expect(page.getByRole('table').first()).toBeVisible();
    },
  },
  { name: 'tray', login: LOGINS.principal, go: (page) => goTo(page, '/manage/tray') },
  { name: 'board', login: LOGINS.board, go: (page) => goTo(page, '/board') },
  { name: 'board-device', login: LOGINS.board, go: (page) => goTo(page, '/device') },
];

/** To another screen as a link leads there: the device stays open. Leaves dialogs and texts of before behind. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = document.createElement('a');
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await page.waitForURL((url) => decodeURIComponent(url.pathname + url.search).startsWith(path));
  await expect(
    heading(page)
      .or(page.getByRole('heading', { level: 2 }))
      .first(),
  ).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** Sign-in, unlock and their errors, for a device that is not open. */
export const DOOR: readonly { readonly name: string; go(page: Page): Promise<void> }[] = [
  { name: 'sign-in', go: (page) => expect(signInButton(page)).toBeVisible() },
  {
    name: 'sign-in-empty',
    go: async (page) => {
      await signInButton(page).click();
      await expect(page.locator('[aria-invalid="true"]')).toBeVisible();
    },
  },
  {
    name: 'sign-in-refused',
    go: async (page) => {
      await page.getByRole('textbox', { name: 'ID', exact: true }).fill('nobody-here');
      await page.locator('input[type="password"]').fill(PASSWORD);
      await signInButton(page).click();
      await expect(page.locator('input[type="password"][aria-invalid="true"]')).toBeVisible();
    },
  },
];

function signInButton(page: Page) {
  return page.getByRole('button', { name: /^(ログイン|Sign in)$/ });
}

export async function chooseLanguage(page: Page, language: '日本語' | 'English'): Promise<void> {
  const choice = page.getByRole('radio', { name: language, exact: true });
  if (!(await choice.isVisible())) await goTo(page, '/device');
  await page.getByText(language, { exact: true }).click();
  await expect(choice).toBeChecked();
}
