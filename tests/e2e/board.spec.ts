import type { Locator } from '@playwright/test';
import { readFrames } from '../../src/sync/frames.ts';
import { TEST_TODAY } from '../tools/app-server.mjs';
import { cityPeople } from './support/city-names.ts';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, TABLET } from './support/device-profile.ts';
import { LOGINS, PASSWORD, signIn } from './support/people.ts';
import { RollCallScreen } from './support/roll-call-screen.ts';

const SCHOOL = '大網白里市立大網小学校';

test('the board sees today by school: counts, and no name in anything it receives', async ({
  city,
  makeDevice,
}) => {
  const tablet = await makeDevice(TABLET, city.url).start();
  await signIn(tablet, LOGINS.homeroomTeacher);

  const laptop = makeDevice(LAPTOP, city.url);
  const bodies: Promise<string>[] = [];
  const context = await laptop.turnOn();
  context.on('response', (response) => {
    // A redirect and a stream of pokes have no body to read.
    if (response.status() < 300 && !response.headers()['content-type']?.includes('event-stream'))
      bodies.push(response.text().catch(() => ''));
  });
  const board = await laptop.openApp();
  await signIn(board, LOGINS.board);

  const table = board.getByRole('table', { name: '学校ごとの出席' });
  const row = table.getByRole('row').filter({ hasText: SCHOOL });
  await expect(table.getByRole('row')).toHaveCount(1 + 10 + 1);
  await expect(row.getByRole('cell').first()).toHaveText(/^0 \/ \d+$/);
  const before = await numbersOf(row);

  await test.step('a roll that is taken changes the figures', async () => {
    const roll = new RollCallScreen(tablet);
    await roll.tap(1);
    await roll.tap(2);
    await roll.chooseBrush('遅刻');
    await roll.tap(3);
    await roll.takeRoll();
    await expect(roll.state).toHaveText('学校に届きました');
    await board.getByRole('button', { name: '新しくする' }).click();
    await expect(row.getByRole('cell').first()).toHaveText(/^1 \/ \d+$/);
    // 在籍, 出席, 欠席, 出席停止, 忌引等, 遅刻, 早退, 未確認
    const change = (await numbersOf(row)).map((count, index) => count - (before[index] ?? 0));
    expect(change).toEqual([0, 30, 2, 0, 0, 1, 0, -32]);
  });

  await test.step('the line of sums adds up', async () => {
    const schools = await Promise.all(
      (await table.locator('tbody').getByRole('row').all()).map((school) => numbersOf(school)),
    );
    const sums = await numbersOf(table.locator('tfoot').getByRole('row'));
    expect(schools.reduce((total, school) => total.map((sum, at) => sum + (school[at] ?? 0)))).toEqual(sums);
  });

  await test.step('no pupil’s name, kana or id is in the page or in any answer', async () => {
    const received = [await board.locator('body').innerText(), ...(await Promise.all(bodies))].join('\n');
    expect(received).toContain(SCHOOL);
    const found = cityPeople()
      .filter((person) => person.isPupil)
      .filter((person) =>
        [
          person.sourcedId,
          ...['', ' ', '　'].map((space) => `${person.familyName}${space}${person.givenName}`),
          ...['', ' ', '　'].map((space) => `${person.kanaFamilyName}${space}${person.kanaGivenName}`),
        ].some((name) => received.includes(name)),
      );
    expect(found.length).toBe(0);
  });
});

test('a board account gets nothing from the exchange, and a teacher nothing from the board', async ({
  quietCity,
  playwright,
}) => {
  const request = await playwright.request.newContext({
    baseURL: quietCity.url,
    extraHTTPHeaders: { origin: quietCity.url },
  });
  const askAs = async (login: string) => {
    const session = await request.post('/api/session', {
      data: { login, password: PASSWORD, device: 'e2e-device' },
    });
    expect(session.status()).toBe(200);
    const exchange = await request.post('/api/exchange', {
      data: { protocol: 1, app: 'e2e', device: 'e2e-device', streams: {}, push: [] },
    });
    const board = await request.get(`/api/board/today?date=${TEST_TODAY}`);
    return { streams: (await session.json()).streams, exchange, board };
  };

  const asBoard = await askAs(LOGINS.board);
  expect(asBoard.streams).toEqual([]);
  expect(asBoard.board.status()).toBe(200);
  expect(asBoard.exchange.status()).toBe(200);
  const frames = [];
  for await (const frame of readFrames(once(await asBoard.exchange.body()))) frames.push(frame);
  expect(frames.map((frame) => frame.type)).not.toContain('block');
  expect(frames.find((frame) => frame.type === 'head')).toMatchObject({ head: { streams: {} } });

  const asTeacher = await askAs(LOGINS.homeroomTeacher);
  expect(asTeacher.board.status()).toBe(403);
  expect((await asTeacher.exchange.body()).length).toBeGreaterThan(10_000);
  await request.dispose();
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The counts of a row after 「出席確認の済んだ学級」. */
async function numbersOf(row: Locator): Promise<number[]> {
  return (await row.getByRole('cell').allInnerTexts()).slice(1).map(Number);
}
