import type { Page } from '@playwright/test';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, TABLET } from './support/device-profile.ts';
import { readPdf } from './support/pdf-facts.ts';
import { LOGINS, signIn } from './support/people.ts';
import { kindsOf, recountColumn, recountRow } from './support/recount.ts';
import { readSheet, registerTable, TOTAL_COLUMNS } from './support/register-sheet.ts';

test('the month’s sums are what a recount of its cells gives, closures and all', async ({
  quietCity,
  makeDevice,
}) => {
  const page = await makeDevice(LAPTOP, quietCity.url).start();
  await signIn(page, LOGINS.vicePrincipal);

  await test.step('a month that is over', async () => {
    await openRegister(page, '1年1組');
    await page.getByRole('button', { name: '前の月' }).click();
    await expect(registerTable(page)).toHaveAccessibleName('1年1組 令和8年10月 出席簿');
    const { kinds } = await checkSheet(page, '2026-10', 30);
    expect(kinds.filter((kind) => kind === 'off')).toHaveLength(10);
  });

  await test.step('a month with an open day and a disagreement', async () => {
    await page.getByRole('button', { name: '次の月' }).click();
    await expect(registerTable(page)).toHaveAccessibleName('1年1組 令和8年11月 出席簿');
    const { sheet } = await checkSheet(page, '2026-11', 19);
    expect(sheet.rows.filter((row) => row.marks[19] === '未')).toHaveLength(32);
  });

  await test.step('a month in which the homeroom was closed', async () => {
    await openRegister(page, '2年1組');
    await expect(registerTable(page)).toHaveAccessibleName('2年1組 令和8年11月 出席簿');
    const { sheet, kinds } = await checkSheet(page, '2026-11', 19);
    expect(kinds.filter((kind) => kind === 'closed')).toHaveLength(3);
    expect(sheet.days[10]).toBe('11月11日(水) インフルエンザ 学級閉鎖');
  });
});

test('the register prints offline on one A4 page, landscape, with every name as it is written', async ({
  quietCity,
  makeDevice,
}) => {
  const tablet = makeDevice(TABLET, quietCity.url);
  const page = await tablet.start();
  await signIn(page, LOGINS.homeroomTeacher);
  await tablet.goOffline();
  await page.getByRole('navigation').getByRole('link', { name: '出席簿' }).click();
  await expect(registerTable(page)).toHaveAccessibleName('1年1組 令和8年11月 出席簿');
  const { rows } = await readSheet(page);
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.length).toBeLessThanOrEqual(40);

  const pdf = readPdf(await page.pdf({ preferCSSPageSize: true }));
  expect(pdf.pageCount).toBe(1);
  expect(pdf.widthMm).toBeCloseTo(297, 0);
  expect(pdf.heightMm).toBeCloseTo(210, 0);

  const paper = page.locator('.paper');
  for (const { pupil } of rows) {
    const name = pupil.replace(/^\d+/, '').trim();
    await expect(paper.getByText(name, { exact: true })).toHaveCount(1);
    const missing = [...name].filter((character) => character !== ' ' && !pdf.characters.has(character));
    expect(missing, `of ${pupil}`).toEqual([]);
  }
  await expect(paper).toContainText('大網白里市立大網小学校');
  await expect(paper).toContainText('鈴木 久美子');
  await expect(paper).toContainText('検算 合');
});

/** By the school's list; the tables of the register are too wide for any other way. */
async function openRegister(page: Page, homeroom: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: '学校の今日' }).click();
  await page.getByRole('link', { name: `${homeroom} の出席簿` }).click();
}

/** Counts the sheet once more, from nothing but what stands in its cells. */
async function checkSheet(page: Page, month: string, lastDue: number) {
  const sheet = await readSheet(page);
  const kinds = kindsOf(sheet, month);
  expect(sheet.days).toHaveLength(new Date(Date.UTC(2026, Number(month.slice(5)), 0)).getUTCDate());
  const recounted = sheet.rows.map((row) => recountRow(row.marks, kinds, lastDue));
  sheet.rows.forEach((row, index) => {
    const stated = Object.fromEntries(TOTAL_COLUMNS.map((column, at) => [column, row.totals[at]]));
    expect(stated, row.pupil).toEqual(recounted[index]);
  });
  TOTAL_COLUMNS.forEach((column, at) => {
    const sum = recounted.reduce((total, row) => total + row[column], 0);
    expect(sheet.classTotals[at], `学級計 ${column}`).toBe(sum);
  });
  kinds.forEach((kind, day) => {
    const marks = day <= lastDue ? sheet.rows.map((row) => row.marks[day] ?? '') : [];
    for (const [name, count] of Object.entries(recountColumn(marks, kind))) {
      expect(Number(sheet.sums[name]?.[day] ?? NaN), `${sheet.days[day]} ${name}`).toBe(count);
    }
  });
  await expect(page.getByText(/^\d+項目すべて合っています$/)).toBeVisible();
  await expect(page.getByText('合いません')).toHaveCount(0);
  return { sheet, kinds };
}
