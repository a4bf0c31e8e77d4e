/** A generator that gives the same for the same text on every machine (xmur3 into sfc32). */
export class SeededRandom {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** @param {string} text */
  constructor(text) {
    let hash = 1779033703 ^ text.length;
    const next = () => {
      hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
      hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
      return (hash ^= hash >>> 16) >>> 0;
    };
    for (const letter of text) {
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 3432918353);
      hash = (hash << 13) | (hash >>> 19);
    }
    this.#a = next();
    this.#b = next();
    this.#c = next();
    for (let i = 0; i < 12; i++) this.next();
  }

  /** From 0 to less than 1. */
  next() {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number from `least` to `most`, both possible. @param {number} least @param {number} most */
  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** @param {number} chance */
  happens(chance) {
    return this.next() < chance;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return /** @type {T} */ (list[this.between(0, list.length - 1)]);
  }

  /** @template T @param {readonly T[]} list @returns {T[]} */
  shuffled(list) {
    const left = [...list];
    return list.map(() => /** @type {T} */ (left.splice(this.between(0, left.length - 1), 1)[0]));
  }
}
