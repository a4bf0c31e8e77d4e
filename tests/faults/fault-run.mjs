import { countHiddenConflicts, countLosses, countMissing, noLosses } from './counters.mjs';
import { HANG_MS, Hung, Oracle } from './oracle.mjs';
import { readTile } from './screen-words.mjs';
import { SeededRandom } from './seeded-random.mjs';
import { Workload } from './workload.mjs';

/**
 * @typedef {object} Fault
 * @property {number} number  as in the measures note
 * @property {string} title
 * @property {number} [mostSeeds]  where one is enough
 * @property {'friday' | 'own' | 'lastNight'} school  which server: the one that runs share, or one of its own
 * @property {(run: FaultRun) => Promise<void>} play  works and injects; healing and counting come after it
 */

const REST_MS = 300;
const YEARS_LAST_NIGHT = '2027-03-31T23:40:00+09:00';
export const SCHOOL_TIMES = { friday: undefined, own: undefined, lastNight: YEARS_LAST_NIGHT };

/** One fault with one seed on one server: play, heal, wait until quiet, count. */
export class FaultRun {
  /** @type {import('./tablet.mjs').Tablet[]} */
  tablets = [];
  /** What the screens showed as sent back by the school. @type {{ cell: string, mark: string }[]} */
  sentBack = [];
  /** @type {import('./counters.mjs').Replica[]} */
  replicas = [];
  /** Saved, and not on the screen after a start. */
  missing = 0;
  /** In disagreement, and not shown so. */
  hidden = 0;
  /** What is worth saying beside the counters. @type {Record<string, number>} */
  notes = {};
  #days = new Set();

  /** @param {{ fault: Fault, seed: number, school: import('./practice-school.mjs').PracticeSchool }} parts */
  constructor({ fault, seed, school }) {
    this.fault = fault;
    this.seed = seed;
    this.school = school;
    this.random = new SeededRandom(`${fault.number}:${seed}`);
    this.oracle = new Oracle({ schoolYear: school.reader.register.schoolYear });
    this.workload = new Workload({
      random: this.random,
      oracle: this.oracle,
      register: school.reader.register,
      homeroomId: school.homeroomId,
    });
    this.before = school.reader.writes();
  }

  /** @param {string} name */
  async tablet(name) {
    const tablet = await this.school.tablet(name, this.oracle);
    this.tablets.push(tablet);
    return tablet;
  }

  /** A school day of the past weeks that this run has not opened, by the seed. */
  someDay() {
    const { reader, homeroomId, today } = this.school;
    const days = reader.register.schoolDays(homeroomId, today, 20);
    return this.random.pick(days.filter((date) => !this.#days.has(date)));
  }

  /** Opens a homeroom's day in a new tab. @param {import('./tablet.mjs').Tablet} tablet @param {string} date */
  async openDay(tablet, date) {
    const screen = await tablet.openTab();
    await this.goToDay(screen, date);
    return screen;
  }

  /** Opens a day by its address, so that the app starts anew. @param {import('./roll-call-screen.mjs').RollCallScreen} screen @param {string} date */
  async goToDay(screen, date) {
    await screen.enter(this.addressOf(date), this.school.teacher);
    await screen.untilDay(date);
  }

  /** A school day to come on which nobody is marked, by the seed. */
  unmarkedDay() {
    const { reader, homeroomId, today } = this.school;
    const marked = new Set(reader.register.attendance().map(({ cell }) => cell));
    const inTwoMonths = new Date(Date.parse(today) + 60 * 86_400_000).toISOString().slice(0, 10);
    const days = reader.register
      .schoolDays(homeroomId, inTwoMonths, 60)
      .filter((date) => date >= today && !this.#days.has(date))
      .filter((date) => this.workload.pupils(date).every((student) => !marked.has(`${student}/${date}`)));
    return this.random.pick(days);
  }

  /** Counts what was saved and is not on this screen. @param {import('./roll-call-screen.mjs').RollCallScreen} screen */
  async lookForSaved(screen) {
    const marks = (await screen.labels()).map(
      ([student, label]) =>
        /** @type {const} */ ([`${student}/${screen.date}`, readTile(label)?.mark ?? null]),
    );
    this.missing += countMissing(this.oracle.actions, new Map(marks));
  }

  /** @param {string} date */
  addressOf(date) {
    this.#days.add(date);
    return `${this.school.url}/roll-call/${this.school.homeroomId}?date=${date}`;
  }

  /** Plays the run and counts; never throws. */
  async judge() {
    let hung = 0;
    let trouble = '';
    const play = () => this.fault.play(this);
    for (const step of [play, () => this.#quiet(), () => this.#compareReplicas()]) {
      try {
        await step();
      } catch (error) {
        const isTimeout = error instanceof Hung || (error instanceof Error && error.name === 'TimeoutError');
        if (isTimeout) hung += 1;
        trouble += `${error instanceof Error ? error.stack : error}\n`;
        // What was played has to arrive, however it ended; without quiet there is nothing to compare.
        if (step !== play) break;
      }
    }
    const counters = await this.#count(hung, trouble === '').catch((error) => {
      trouble ||= `${error instanceof Error ? error.stack : error}`;
      return noLosses();
    });
    for (const replica of this.replicas) trouble += differenceIn(replica);
    for (const tablet of this.tablets) await tablet.remove().catch(() => undefined);
    const { actions, savedCount, arrivals } = this.oracle;
    const notes = { ...this.notes, actions: actions.length, saved: savedCount, arrivals: arrivals.length };
    return { counters, trouble, notes };
  }

  /** The network is well again; every tablet is on, and says that nothing waits. */
  async #quiet() {
    await this.school.proxy.heal();
    const returns = this.random.happens(0.5);
    for (const tablet of this.tablets) {
      if (!tablet.isOn) await tablet.turnOn();
      if (tablet.screens.length === 0) await this.openDay(tablet, [...this.#days][0]);
      for (const screen of tablet.screens) {
        await screen.passDoor(this.school.teacher);
        if (returns) await screen.networkReturns();
      }
    }
    for (const { screens } of this.tablets) for (const { tab } of screens) await this.#untilQuiet(tab);
    this.#believeShells();
  }

  /** "Everything has arrived", say the shells: then every mark that was saved has. */
  #believeShells() {
    const at = Date.now();
    const sentBack = new Set(this.sentBack.map(({ cell, mark }) => `${cell} ${mark}`));
    for (const { writes, saved } of this.oracle.actions) {
      for (const write of writes) {
        if (saved.has(write.cell) && !sentBack.has(`${write.cell} ${write.mark}`))
          this.oracle.arrivals.push({ ...write, at });
      }
    }
  }

  /** The tile speaks first and the shell a moment later: quiet is what stays quiet. @param {string} tab */
  async #untilQuiet(tab) {
    const isQuiet = () => {
      const { state, count } = this.oracle.shell(tab);
      return state === 'sent' || (state === 'refused' && count === this.sentBack.length);
    };
    do {
      await this.oracle.until(`${tab} quiet`, isQuiet);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    } while (!isQuiet());
  }

  /**
   * Every replica against what the school has: what the devices say on the wire that they hold, and what their
   * screens show of every day that was touched, before and after the school was asked once more.
   */
  async #compareReplicas() {
    const { reader, proxy } = this.school;
    for (const tablet of this.tablets) {
      const [first] = tablet.screens;
      if (!first) continue;
      let expected = '';
      let found = '-';
      for (let tries = 0; tries < 10 && found !== expected; tries++) {
        await reader.pull();
        expected = JSON.stringify(reader.register.state());
        const asked = Date.now();
        await first.networkReturns();
        found = JSON.stringify((await untilTold(proxy, asked)).streams[reader.register.stream]);
      }
      this.replicas.push({ name: `${tablet.name} holds`, expected, found });
      for (const screen of tablet.screens) await this.#compareScreen(screen);
      for (const date of this.#days) {
        await this.goToDay(first, date);
        await this.#compareScreen(first);
      }
    }
  }

  /** @param {import('./roll-call-screen.mjs').RollCallScreen} screen */
  async #compareScreen(screen) {
    const { reader, homeroomId } = this.school;
    let expected = reader.register.picture(homeroomId, screen.date);
    /** @type {Awaited<ReturnType<typeof screen.labels>>} */
    let labels = [];
    // A screen may still be painting, and a row that a closed tab left behind may go up only now: what the screen
    // and the school say when both rest counts.
    for (let tries = 0; tries < 20 && pictureOf(labels) !== expected; tries++) {
      if (tries > 0) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await reader.pull();
        expected = reader.register.picture(homeroomId, screen.date);
      }
      labels = await screen.labels();
    }
    this.replicas.push({ name: `${screen.tab} shows ${screen.date}`, expected, found: pictureOf(labels) });
    const shown = new Map(
      labels.map(([student, label]) => {
        const { mark = null, conflict = false } = readTile(label) ?? {};
        return [`${student}/${screen.date}`, { mark, conflict }];
      }),
    );
    this.hidden += countHiddenConflicts(reader.writes(), shown);
  }

  /** @param {number} hung @param {boolean} isQuiet */
  async #count(hung, isQuiet) {
    const { reader } = this.school;
    await reader.pull();
    const pulled = reader.register.canonicalHash();
    await reader.copyAfresh();
    // Two readers of one school, one bit by bit and one at once, are replicas too.
    const expected = reader.register.canonicalHash();
    if (isQuiet) this.replicas.push({ name: 'reader', expected, found: pulled });
    return countLosses({
      actions: this.oracle.actions,
      before: this.before,
      after: reader.writes(),
      sentBack: this.sentBack,
      missing: this.missing,
      hidden: this.hidden,
      arrivals: this.oracle.arrivals,
      replicas: this.replicas,
      hung,
    });
  }
}

/** @param {import('./misbehaving-proxy.mjs').MisbehavingProxy} proxy @param {number} since */
async function untilTold(proxy, since) {
  const deadline = Date.now() + HANG_MS;
  while (Date.now() < deadline) {
    const told = [...proxy.lastExchanges.values()].find(({ at }) => at >= since);
    if (told) return told;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Hung('no exchange after the network returned');
}

/** @param {readonly [student: string, label: string][]} labels */
function pictureOf(labels) {
  return labels
    .map(([student, label]) => {
      const tile = readTile(label);
      return `${student} ${tile?.mark ?? '-'}${tile?.conflict ? ' conflict' : ''}`;
    })
    .sort()
    .join('\n');
}

/** How a replica differs, in counts: its lines hold ids and marks. @param {import('./counters.mjs').Replica} replica */
function differenceIn({ name, expected, found }) {
  if (found === expected) return '';
  const [lacking, extra] = [
    [expected, found],
    [found, expected],
  ].map(([one = '', other = '']) => {
    const lines = new Set(other.split('\n'));
    return one.split('\n').filter((line) => !lines.has(line)).length;
  });
  return `${name}: ${lacking} of ${expected.split('\n').length} lines lacking, ${extra} extra\n`;
}
