import { expect, type Locator, type Page } from '@playwright/test';

export type Brush = '病欠' | '事故欠' | '遅刻' | '早退' | '出席停止' | '忌引' | '一覧から選ぶ';

/** The roll-call of one homeroom, as the person in front of it sees and uses it. */
export class RollCallScreen {
  readonly page: Page;
  readonly tiles: Locator;
  readonly allPresent: Locator;
  /** Where the marks of this day have come, in one sentence. */
  readonly state: Locator;

  constructor(page: Page) {
    this.page = page;
    this.tiles = page.getByRole('list', { name: '児童生徒' }).getByRole('button');
    this.allPresent = page.getByRole('button', { name: /全員出席$/ });
    this.state = page.getByRole('main').getByRole('group', { name: '記録の届き具合' }).getByRole('status');
  }

  /** By 出席番号. The tile's name holds the pupil's name, the mark and how far it has come. */
  tile(rosterNumber: number): Locator {
    return this.page
      .getByRole('list', { name: '児童生徒' })
      .getByRole('button', { name: new RegExp(`^${rosterNumber}番 `) });
  }

  async tap(rosterNumber: number): Promise<void> {
    await press(this.tile(rosterNumber));
  }

  /** What the next taps on names set. */
  async chooseBrush(brush: Brush): Promise<void> {
    const brushes = this.page.getByRole('group', { name: '名前を押すと付く印' });
    await press(brushes.getByText(brush, { exact: true }));
    await expect(brushes.getByRole('radio', { name: brush, exact: true })).toBeChecked();
  }

  async takeRoll(): Promise<void> {
    await press(this.allPresent);
  }

  /** The words of every tile, in order: what two devices compare. */
  async words(): Promise<readonly string[]> {
    return this.tiles.evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label') ?? ''));
  }
}

/** A finger where there is one, else the mouse. */
export async function press(target: Locator): Promise<void> {
  const touch = await target.page().evaluate(() => navigator.maxTouchPoints > 0);
  await (touch ? target.tap() : target.click());
}
