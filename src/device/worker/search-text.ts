import type { Student } from '../../domain/roster/roster.ts';

/** One form for what is typed and what is searched: width, kana, case and spaces make no difference. */
export function readSearchText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s・]/g, '')
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

/** Whether a name or its kana, from either part on, begins with what was typed. */
export function matchesName(wanted: string, student: Student): boolean {
  const { familyName, givenName, kanaFamilyName, kanaGivenName } = student;
  return [`${familyName}${givenName}`, givenName, `${kanaFamilyName}${kanaGivenName}`, kanaGivenName].some(
    (name) => readSearchText(name).startsWith(wanted),
  );
}
