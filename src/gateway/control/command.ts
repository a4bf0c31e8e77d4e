import type { GatewayParts } from '../gateway-parts.ts';
import type { Sentence, TerminalLanguage } from '../messages.ts';

/** What a command of the command line works with; it runs inside a running gateway, or on a store opened for it. */
export interface CommandContext {
  readonly parts: GatewayParts;
  readonly language: TerminalLanguage;
  /** Words after the command's name. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
  /** What was given on standard input, where the command reads it (a password). */
  readonly input: string | null;
  print(line: string): void;
}

/** Gives the exit code: 0 done, 1 found or refused something, 2 not understood. */
export type Command = (context: CommandContext) => Promise<number>;

export interface CommandRequest {
  readonly command: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
  readonly language: TerminalLanguage;
  readonly input: string | null;
}

/** One line of the answer through the socket. */
export type CommandAnswer = { readonly line: string } | { readonly exit: number };

export function sayTo({ language, print }: CommandContext, sentence: Sentence): void {
  print(sentence[language]);
}

/** Columns padded by how wide a terminal shows them: a kanji takes two places. */
export function printTable(
  print: (line: string) => void,
  rows: readonly (readonly (string | number)[])[],
): void {
  const texts = rows.map((row) => row.map(String));
  const widths: number[] = [];
  for (const row of texts) row.forEach((text, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(text))));
  for (const [r, row] of texts.entries()) {
    const cells = row.map((text, i) => {
      const padding = ' '.repeat((widths[i] ?? 0) - widthOf(text));
      return typeof rows[r]?.[i] === 'number' ? padding + text : text + padding;
    });
    print(cells.join('  ').trimEnd());
  }
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  return width;
}
