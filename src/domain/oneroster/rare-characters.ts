import type { IssueLog } from './issue-log.ts';
import { charactersBeyondJisX0213, codePointLabel, privateUseCharacters } from './jis-x-0213.ts';

type Kind = 'beyondJisX0213' | 'privateUseCharacter';

interface Tally {
  readonly file: string;
  readonly kind: Kind;
  readonly firstLine: number;
  valueCount: number;
  readonly codePoints: Set<string>;
}

const MAX_CODE_POINTS = 10;

/** Counts the values with characters that other programs may not show; one warning for each file, never the value. */
export class RareCharacters {
  readonly #tallies = new Map<string, Tally>();

  look(file: string, line: number, value: string): void {
    this.#note('beyondJisX0213', file, line, charactersBeyondJisX0213(value));
    this.#note('privateUseCharacter', file, line, privateUseCharacters(value));
  }

  report(log: IssueLog): void {
    for (const { file, kind, firstLine, valueCount, codePoints } of this.#tallies.values()) {
      const shown = [...codePoints].slice(0, MAX_CODE_POINTS).join(' ');
      log.add(kind, { file, line: firstLine }, { count: valueCount, codePoints: shown });
    }
  }

  #note(kind: Kind, file: string, line: number, characters: readonly string[]): void {
    if (characters.length === 0) return;
    const key = `${file} ${kind}`;
    const tally = this.#tallies.get(key) ?? {
      file,
      kind,
      firstLine: line,
      valueCount: 0,
      codePoints: new Set(),
    };
    tally.valueCount += 1;
    for (const character of characters) tally.codePoints.add(codePointLabel(character));
    this.#tallies.set(key, tally);
  }
}
