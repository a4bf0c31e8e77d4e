import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../tools/phases.mjs';
import { ByteSearch } from './byte-search.ts';
import type { CityPerson } from './city-names.ts';

/** UTF-16 of two characters is four bytes: those occur by chance in a profile's random bytes. */
const SHORTEST_BYTES = 6;

/**
 * All that would tell a reader of the disk something about these people. A lone name that is part of a word of the
 * app's own code tells nothing (アイ in アイコン) and is left out; a whole name never is.
 */
export function readableAbout(people: readonly CityPerson[], more: readonly string[]): ByteSearch {
  const search = new ByteSearch();
  const added = new Set<string>();
  const addText = (text: string): void => {
    if (added.has(text)) return;
    added.add(text);
    for (const bytes of [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')])
      if (bytes.length >= SHORTEST_BYTES) search.add(text, bytes);
  };
  for (const person of people) {
    for (const space of ['', ' ', '　']) {
      addText(`${person.familyName}${space}${person.givenName}`);
      addText(`${person.kanaFamilyName}${space}${person.kanaGivenName}`);
    }
    for (const name of [person.familyName, person.givenName, person.kanaFamilyName, person.kanaGivenName])
      if (!ownWords().includes(name)) addText(name);
    if (person.isPupil) addText(person.sourcedId);
  }
  for (const text of more) addText(text);
  return search;
}

let words: string | undefined;

/** The text of the app itself, which every device holds in its cache. */
function ownWords(): string {
  const folder = join(ROOT, 'build/client');
  words ??= readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|html|webmanifest|json)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
  return words;
}
