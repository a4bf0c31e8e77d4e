import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import Papa from 'papaparse';

/** One person of the practice city, as its OneRoster package has them; read here without the product's importer. */
export interface CityPerson {
  readonly sourcedId: string;
  readonly isPupil: boolean;
  readonly schoolId: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly kanaFamilyName: string;
  readonly kanaGivenName: string;
  /** Where there is one, as MAI and マイ of NGUYEN MAI THI. */
  readonly middleNames: readonly string[];
}

/** 1年1組, ひまわり …: what the city's schools call their homerooms. */
export function homeroomTitles(): readonly string[] {
  const titles = rowsOf('classes.csv').filter((row) => row.classType === 'homeroom');
  return [...new Set(titles.map((row) => row.title ?? ''))];
}

const PACKAGE = new URL('../../../src/gateway/practice/RO_20260401_oami_1.2_JP.zip', import.meta.url);

let read: readonly CityPerson[] | undefined;
let files: Record<string, Uint8Array> | undefined;

export function cityPeople(): readonly CityPerson[] {
  read ??= readPeople();
  return read;
}

/** The pupils and staff of the school that the practice accounts belong to: the first of the city. */
export function peopleOfFirstSchool(): readonly CityPerson[] {
  const school = cityPeople().find((person) => person.isPupil)?.schoolId;
  return cityPeople().filter((person) => person.schoolId === school);
}

function readPeople(): CityPerson[] {
  const pupils = new Set(
    rowsOf('roles.csv')
      .filter((row) => row.role === 'student')
      .map((row) => row.userSourcedId),
  );
  return rowsOf('users.csv').map((row) => ({
    sourcedId: row.sourcedId ?? '',
    isPupil: pupils.has(row.sourcedId ?? ''),
    schoolId: row.primaryOrgSourcedId ?? '',
    familyName: row.familyName ?? '',
    givenName: row.givenName ?? '',
    kanaFamilyName: row['metadata.jp.kanaFamilyName'] ?? '',
    kanaGivenName: row['metadata.jp.kanaGivenName'] ?? '',
    middleNames: [row.middleName ?? '', row['metadata.jp.kanaMiddleName'] ?? ''].filter(
      (name) => name !== '',
    ),
  }));
}

function rowsOf(name: string): Record<string, string>[] {
  files ??= unzipSync(readFileSync(PACKAGE));
  const bytes = files[name];
  if (!bytes) throw new Error(`the package has no ${name}`);
  return Papa.parse<Record<string, string>>(strFromU8(bytes), { header: true, skipEmptyLines: true }).data;
}
