import type { MarkDefinition } from '#domain/attendance/marks.ts';

/**
 * One key for each usual mark: the first letter of its Japanese word in rōmaji where it is free (byō, jiko,
 * chikoku, hayabiki, teishi, kibiki). Marks that a board adds are reached through the list.
 */
const keysByCode: Readonly<Record<string, string>> = {
  present: 'p',
  sick: 'b',
  other: 'j',
  late: 'c',
  earlyDeparture: 'h',
  suspendedInfection: 't',
  bereavement: 'k',
};

export function keyOfMark(mark: MarkDefinition): string | null {
  return keysByCode[mark.code] ?? null;
}

/** By the key's place on the keyboard, so that a Japanese input method does not swallow it. */
export function findMarkByKey(marks: readonly MarkDefinition[], code: string): MarkDefinition | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  return marks.find((mark) => letter !== undefined && keyOfMark(mark) === letter) ?? null;
}
