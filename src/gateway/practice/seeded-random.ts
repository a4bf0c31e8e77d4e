import { hashText } from '../../ledger/hash.ts';

/** Chance that is the same on every machine: a stream of numbers that follows from its seed's text alone. */
export class SeededRandom {
  #state: number;

  constructor(seed: string) {
    this.#state = Number.parseInt(hashText(seed).slice(0, 8), 16);
  }

  /** Uniform in [0, 1): the mixing steps of a 32-bit Weyl sequence. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296;
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** 128 bits in hexadecimal. */
  salt(): string {
    let text = '';
    for (let i = 0; i < 4; i += 1)
      text += Math.floor(this.next() * 4_294_967_296)
        .toString(16)
        .padStart(8, '0');
    return text;
  }
}
