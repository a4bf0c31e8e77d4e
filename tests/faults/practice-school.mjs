import { cpSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppServer, practiceDataFolder, TEST_NOW } from '../tools/app-server.mjs';
import { MisbehavingProxy } from './misbehaving-proxy.mjs';
import { Oracle } from './oracle.mjs';
import { loadRegisterCode } from './product-code.mjs';
import { SchoolReader } from './school-reader.mjs';
import { Tablet } from './tablet.mjs';

const JAPANESE = { LANG: 'ja_JP.UTF-8', LC_ALL: 'ja_JP.UTF-8' };
const ROLES = /** @type {Record<string, string>} */ ({
  homeroomTeacher: '学級担任',
  officeStaff: '事務',
  principal: '校長',
});

/**
 * @typedef {object} Person
 * @property {string} login
 * @property {string} password
 */

/**
 * One gateway with the practice city, the network before it, a reader at the school, and the tablet of its homeroom
 * teacher, signed in and whole, as a profile to copy.
 */
export class PracticeSchool {
  /** @type {Person} */
  teacher = { login: '', password: '' };
  homeroomId = '';
  #profile = '';
  #server;
  #code;
  #folder;

  /** @param {{ server: AppServer, folder: string, code: typeof import('./register-copy.ts') }} parts */
  constructor({ server, folder, code }) {
    this.#server = server;
    this.#folder = folder;
    this.#code = code;
    this.proxy = new MisbehavingProxy(server.url);
    this.reader = new SchoolReader(code, server.url);
  }

  /** @param {{ now?: string | undefined }} [options] */
  static async open({ now = TEST_NOW } = {}) {
    const [folder, code] = await Promise.all([practiceDataFolder(), loadRegisterCode()]);
    const server = new AppServer({ dataFolder: folder, env: { ...JAPANESE, PRACTICE_NOW: now } });
    await server.start();
    const school = new PracticeSchool({ server, folder, code });
    try {
      await school.proxy.start();
      await school.#meetPeople();
      return school;
    } catch (error) {
      await school.close();
      throw error;
    }
  }

  /** Where the tablets believe the school to be. */
  get url() {
    return this.proxy.url;
  }

  /** What the server wrote on its terminal. */
  get output() {
    return this.#server.output;
  }

  /** The school's day by the gateway's clock. */
  get today() {
    return new Date(Date.now() + this.reader.clockOffset + 9 * 3_600_000).toISOString().slice(0, 10);
  }

  /** Starts the gateway again on the same data, at another time. @param {string} now */
  async restartAt(now) {
    await this.#server.stop();
    this.#server.env = { ...this.#server.env, PRACTICE_NOW: now };
    await this.#server.start();
    const { login, password } = this.#person('principal');
    await this.reader.signIn(login, password);
    await this.reader.pull();
  }

  /**
   * The office gives the teacher another password, and the teacher makes an own one of it at a school computer; the
   * tablet knows only the old one.
   */
  async changePassword() {
    const { code, output } = await this.#server.command('account', 'password', this.teacher.login);
    const given = /^\S+ {2}(\S+)$/m.exec(output)?.[1];
    if (code !== 0 || !given) throw new Error(`account password ended with ${code}`);
    const password = `${given}-own`;
    const reader = new SchoolReader(this.#code, this.#server.url);
    await reader.signIn(this.teacher.login, given);
    await reader.changePassword(given, password);
    this.teacher = { ...this.teacher, password };
  }

  /** @returns {Person} */
  get officePerson() {
    return this.#person('officeStaff');
  }

  /** Somebody of the office, with a copy of the register. */
  async office() {
    const { login, password } = this.officePerson;
    const reader = new SchoolReader(this.#code, this.#server.url);
    await reader.signIn(login, password);
    await reader.pull();
    return reader;
  }

  /** A tablet on which the teacher has worked before: switched off, everything on it. @param {string} name @param {Oracle} oracle */
  async tablet(name, oracle) {
    this.#profile ||= await this.#makeProfile();
    return new Tablet({ name, oracle, profile: this.#profile });
  }

  async close() {
    await this.proxy.stop();
    await this.#server.remove();
    rmSync(this.#folder, { recursive: true, force: true });
    if (this.#profile) rmSync(this.#profile, { recursive: true, force: true });
  }

  async #meetPeople() {
    this.teacher = this.#person('homeroomTeacher');
    const asTeacher = new SchoolReader(this.#code, this.#server.url);
    const { grants } = await asTeacher.signIn(this.teacher.login, this.teacher.password);
    this.homeroomId = grants.find((grant) => grant.homeroomId)?.homeroomId ?? '';
    const { login, password } = this.#person('principal');
    await this.reader.signIn(login, password);
    await this.reader.pull();
  }

  /** Reads the list of accounts that the server printed. @param {string} role @returns {Person} */
  #person(role) {
    const line = this.#server.output.split('\n').find((each) => each.includes(` ${ROLES[role]}`));
    const match = /^\s*(\S+)\s+\/\s+(\S+)/.exec(line ?? '');
    if (!match?.[1] || !match[2])
      throw new Error(`the server named no account for ${role}:\n${this.#server.output}`);
    return { login: match[1], password: match[2] };
  }

  async #makeProfile() {
    const oracle = new Oracle({ schoolYear: this.reader.register.schoolYear });
    const tablet = new Tablet({ name: 'first', oracle });
    try {
      await tablet.turnOn();
      const screen = await tablet.openTab();
      await screen.enter(`${this.url}/roll-call`, this.teacher);
      await screen.untilWhole();
      await screen.page.evaluate(() => navigator.serviceWorker?.ready.then(() => undefined));
      await tablet.turnOff();
      const folder = mkdtempSync(join(tmpdir(), 'amenimo-profile-'));
      cpSync(tablet.folder, folder, { recursive: true });
      return folder;
    } finally {
      await tablet.remove();
    }
  }
}
