import { MARKS } from './screen-words.mjs';

/**
 * A teacher's day by a seed: which pupil gets which mark next. Nobody gets a mark that this day of theirs has or had
 * in this run, so that every action can be told from every other.
 */
export class Workload {
  #random;
  #register;
  #oracle;
  #homeroomId;

  /**
   * @param {{ random: import('./seeded-random.mjs').SeededRandom, oracle: import('./oracle.mjs').Oracle,
   *   register: import('./register-copy.ts').RegisterCopy, homeroomId: string }} parts
   */
  constructor({ random, oracle, register, homeroomId }) {
    this.#random = random;
    this.#oracle = oracle;
    this.#register = register;
    this.#homeroomId = homeroomId;
  }

  /** @param {string} date */
  pupils(date) {
    return this.#register.pupils(this.#homeroomId, date);
  }

  /** A pupil and a mark for that day. `among`: only these pupils. @param {string} date @param {readonly string[]} [among] */
  next(date, among) {
    const found = this.find(date, among);
    if (!found) throw new Error('every pupil has had every mark that day');
    return found;
  }

  /** The same, null where these pupils have had every mark. @param {string} date @param {readonly string[]} [among] */
  find(date, among = this.pupils(date)) {
    const taken = this.#takenMarks();
    for (const student of this.#random.shuffled(among)) {
      const cell = `${student}/${date}`;
      const free = MARKS.filter(({ code }) => this.#oracle.isFree(cell, code) && !taken.get(cell)?.has(code));
      if (free.length > 0) return { student, mark: this.#random.pick(free).code };
    }
    return null;
  }

  /** Marks that were in the register before. */
  #takenMarks() {
    this.#taken ??= this.#read();
    return this.#taken;
  }

  /** @type {Map<string, Set<string>> | undefined} */
  #taken;

  #read() {
    /** @type {Map<string, Set<string>>} */
    const taken = new Map();
    for (const { cell, mark } of this.#register.attendance()) {
      if (mark === null) continue;
      const marks = taken.get(cell) ?? new Set();
      taken.set(cell, marks.add(mark));
    }
    return taken;
  }
}
