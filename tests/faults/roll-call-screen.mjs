import { HANG_MS } from './oracle.mjs';
import { MARKS, WORDS } from './screen-words.mjs';

/** @typedef {import('./practice-school.mjs').Person} Person */

/** One tab, driven by what a teacher sees and presses. */
export class RollCallScreen {
  /** The day in sight. */
  date = '';

  /** @param {{ page: import('@playwright/test').Page, tab: string, oracle: import('./oracle.mjs').Oracle }} options */
  constructor({ page, tab, oracle }) {
    this.page = page;
    this.tab = tab;
    this.oracle = oracle;
  }

  /** Opens an address and goes through the door, if there is one. @param {string} url @param {Person} person */
  async enter(url, person) {
    this.oracle.forgetTab(this.tab);
    await this.page.goto(url, { waitUntil: 'commit', timeout: HANG_MS });
    await this.passDoor(person);
  }

  /** Signs in or unlocks where the screen asks for it. @param {Person} person */
  async passDoor({ login, password }) {
    const inside = this.page.getByRole('group', { name: WORDS.lights }).first();
    await this.#door().or(inside).first().waitFor();
    if (await inside.isVisible()) return;
    if (await this.#door().isEditable()) await this.#door().fill(login);
    await this.#passwordField().fill(password);
    await this.#passwordField().press('Enter');
    await inside.waitFor();
  }

  /** Opens the tablet for the person whom its screen offers. @param {Person} person */
  async unlock({ password }) {
    this.oracle.forgetTab(this.tab);
    await this.#passwordField().fill(password);
    await this.#passwordField().press('Enter');
    await this.page.getByRole('group', { name: WORDS.lights }).first().waitFor();
  }

  /** Until the screen says that the school no longer knows this session. */
  async untilSessionEnded() {
    await this.page.getByText(WORDS.sessionEnded, { exact: true }).first().waitFor();
  }

  /** Gives the password for the school once more; the register stays open. @param {Person} person */
  async connectAgain({ password }) {
    await this.#passwordField().fill(password);
    await this.page.getByRole('button', { name: WORDS.connectAgain }).click();
  }

  /** Whether the device asks for the password now. */
  isLocked() {
    return this.#door()
      .waitFor({ timeout: 2000 })
      .then(
        () => true,
        () => false,
      );
  }

  /** Waits until the tiles of this day are there. @param {string} date */
  async untilDay(date) {
    this.date = date;
    await this.oracle.until(`tiles of ${date}`, () =>
      [...this.oracle.tiles.keys()].some((key) => key.startsWith(`${this.tab} `) && key.endsWith(`/${date}`)),
    );
  }

  /** Whether the whole register is here. */
  async untilWhole() {
    await this.oracle.until('first sync', () => this.oracle.shell(this.tab).state === 'sent');
    await this.page.getByRole('progressbar').first().waitFor({ state: 'detached' });
  }

  /** Gives one mark by its key. @param {string} student @param {string} code */
  async mark(student, code) {
    const key = MARKS.find((mark) => mark.code === code)?.key;
    if (!key) throw new Error(`no key gives the mark ${code}`);
    const action = this.oracle.enter(this.tab, [{ cell: `${student}/${this.date}`, mark: code }]);
    await this.#tile(student).press(key);
    return action;
  }

  /** A tap on a pupil nobody has marked, while the roll is open: absent. @param {string} student */
  async tap(student) {
    const action = this.oracle.enter(this.tab, [{ cell: `${student}/${this.date}`, mark: 'sick' }]);
    await this.#tile(student).click();
    return action;
  }

  /** 全員出席. @param {readonly string[]} students those not marked */
  async markAllPresent(students) {
    const writes = students.map((student) => ({ cell: `${student}/${this.date}`, mark: 'present' }));
    const action = this.oracle.enter(this.tab, writes);
    await this.page.getByRole('button', { name: WORDS.allPresent }).click();
    return action;
  }

  /** What the tiles say now. @returns {Promise<[student: string, label: string][]>} */
  labels() {
    return this.page
      .locator('button[data-student]')
      .evaluateAll((tiles) =>
        tiles.map((tile) => [tile.getAttribute('data-student') ?? '', tile.getAttribute('aria-label') ?? '']),
      );
  }

  /** How many records the device's own page lists as not accepted by the school. */
  async countRefused() {
    await this.#openDevicePage();
    const table = this.page.getByRole('table', { name: WORDS.refusedTitle });
    await table.waitFor();
    const count = await table.locator('tbody tr').count();
    await this.#backToDay();
    return count;
  }

  /** As a browser does when its network returns. */
  async networkReturns() {
    await this.page.evaluate(() => dispatchEvent(new Event('online')));
  }

  #openDevicePage() {
    return this.page.getByTitle(WORDS.seeDetails).click();
  }

  async #backToDay() {
    this.oracle.forgetTiles(this.tab);
    await this.page.goBack();
    await this.page.locator('button[data-student]').first().waitFor();
  }

  /** The field for the ID stands on no other screen. */
  #door() {
    return this.page.getByLabel(WORDS.loginField, { exact: true });
  }

  #passwordField() {
    return this.page.getByLabel(WORDS.passwordField, { exact: true });
  }

  /** @param {string} student */
  #tile(student) {
    return this.page.locator(`button[data-student="${student}"]`);
  }
}
