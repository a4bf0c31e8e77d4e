/** Finds many short byte strings in one pass: by their first two bytes, then whole. */
export class ByteSearch {
  readonly #byStart = new Map<number, { bytes: Buffer; name: string }[]>();
  readonly #starts = new Uint8Array(65_536);

  add(name: string, bytes: Buffer): void {
    if (bytes.length < 6) throw new Error(`too short to be looked for in random bytes: ${name}`);
    const start = bytes.readUInt16BE(0);
    this.#starts[start] = 1;
    this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { bytes, name }]);
  }

  /** The names of what is found. */
  findIn(haystack: Buffer): Set<string> {
    const found = new Set<string>();
    const starts = this.#starts;
    let start = haystack[0] ?? 0;
    for (let at = 1; at < haystack.length; at += 1) {
      start = ((start << 8) | haystack[at]!) & 0xffff;
      if (starts[start] === 0) continue;
      for (const { bytes, name } of this.#byStart.get(start) ?? [])
        if (haystack.subarray(at - 1, at - 1 + bytes.length).equals(bytes)) found.add(name);
    }
    return found;
  }
}
