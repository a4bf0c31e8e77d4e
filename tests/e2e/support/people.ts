import { expect, type Locator, type Page } from '@playwright/test';

/** The practice accounts; all but the board's belong to 大網小学校. */
export const LOGINS = {
  board: 't0001',
  principal: 't0004',
  vicePrincipal: 't0005',
  office: 't0006',
  homeroomTeacher: 't0008',
  nurse: 't0028',
  subjectTeacher: 't0029',
} as const;

export type Login = (typeof LOGINS)[keyof typeof LOGINS];

export const PASSWORD = 'ame-nimo-makezu';

/** The light in the bar at the top. */
export function shellLight(page: Page): Locator {
  return page.getByRole('banner').getByRole('link', { name: '記録の届き具合' });
}

export async function fillSignIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.getByRole('textbox', { name: 'ID', exact: true }).fill(login);
  await page.getByLabel('パスワード', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'ログイン', exact: true }).click();
}

/** Two derivations of keys and a whole school's register, on a machine that has other work. */
const FIRST_SYNC_MS = 60_000;

/** Signs in for the first time on this device and waits until the whole register is on it. */
export async function signIn(page: Page, login: Login): Promise<void> {
  await fillSignIn(page, login);
  const done =
    login === LOGINS.board
      ? page.getByRole('heading', { name: '各校の今日' })
      : shellLight(page).filter({ hasText: 'すべて学校に届きました' });
  await expect(done).toBeVisible({ timeout: FIRST_SYNC_MS });
}

/** Opens what is on this device, by its only known person's password. */
export async function unlock(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('パスワード', { exact: true }).fill(password);
  await page.getByRole('button', { name: '開く', exact: true }).click();
}

/** After this any page of the app opens without a network. */
export async function appIsOnDevice(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}
