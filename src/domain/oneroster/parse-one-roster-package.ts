import { buildPeople } from './build-people.ts';
import { checkFiles, dataFiles } from './check-files.ts';
import { checkHomeClasses, checkHomerooms } from './check-homerooms.ts';
import type { ReadFileName } from './columns.ts';
import { decodeCsvText } from './csv-text.ts';
import { IssueLog } from './issue-log.ts';
import type { OneRosterIssue } from './issue.ts';
import type { OneRosterCity } from './one-roster-city.ts';
import { listPackageFiles } from './package-files.ts';
import { RareCharacters } from './rare-characters.ts';
import { readClasses, readCourses } from './read-classes.ts';
import { readEnrollments } from './read-enrollments.ts';
import { readManifest } from './read-manifest.ts';
import { readOrgs } from './read-orgs.ts';
import { readRoles } from './read-roles.ts';
import { readSchoolYear } from './read-school-year.ts';
import { readUsers } from './read-users.ts';
import type { ReadingContext } from './row-reader.ts';
import { readTable } from './table.ts';
import type { Table } from './table.ts';
import { readZipContent } from './zip-content.ts';
import type { ZipEntry } from './zip-directory.ts';

export interface IssueTotals {
  readonly errors: number;
  readonly warnings: number;
}

/** `errors` and `warnings` hold the first of what was found, at most 25 of one code and 200 in all; `totals` all. */
export type OneRosterResult =
  | {
      readonly ok: true;
      readonly city: OneRosterCity;
      readonly warnings: readonly OneRosterIssue[];
      readonly totals: IssueTotals;
    }
  | {
      readonly ok: false;
      readonly errors: readonly OneRosterIssue[];
      readonly warnings: readonly OneRosterIssue[];
      readonly totals: IssueTotals;
    };

type DataFileName = Exclude<ReadFileName, 'manifest.csv'>;
type DataTables = Readonly<Record<DataFileName, Table>>;

/**
 * Reads a zip of the OneRoster 1.2 CSV binding, Japan K-12/Schools profile 1.0 or one of the two before it. The
 * package is taken whole or not at all: never a part of its rows, never anything repaired by guessing.
 */
export function parseOneRosterPackage(bytes: Uint8Array): OneRosterResult {
  const log = new IssueLog();
  const city = readPackage(bytes, { log, rare: new RareCharacters() });
  const { errors, warnings, totals } = log;
  if (city && !log.refused) return { ok: true, city, warnings, totals };
  return { ok: false, errors, warnings, totals };
}

function readPackage(bytes: Uint8Array, context: ReadingContext): OneRosterCity | null {
  const { log } = context;
  const files = listPackageFiles(bytes, log);
  if (!files) return null;
  const manifestEntry = files.get('manifest.csv');
  if (!manifestEntry) {
    log.add('missingRequiredFile', { file: 'manifest.csv' });
    return null;
  }
  const manifestTable = unpackTable(bytes, 'manifest.csv', manifestEntry, log);
  const manifest = manifestTable && !log.refused ? readManifest(manifestTable, context) : null;
  if (!manifest) return null;
  checkFiles(new Set(files.keys()), manifest.bulkFiles, log);
  if (log.refused) return null;

  const tables = new Map<ReadFileName, Table>();
  for (const file of dataFiles) {
    const entry = files.get(file);
    const table = entry ? unpackTable(bytes, file, entry, log) : null;
    if (table) tables.set(file, table);
  }
  // A missing column or a row of a wrong width would be reported again in every cell behind it.
  if (log.refused) return null;
  return readCity(Object.fromEntries(tables) as DataTables, manifest.header, context);
}

function unpackTable(bytes: Uint8Array, file: ReadFileName, entry: ZipEntry, log: IssueLog): Table | null {
  const content = readZipContent(bytes, entry, log);
  const text = content && decodeCsvText(file, content, log);
  return text ? readTable(file, text, log) : null;
}

function readCity(
  tables: DataTables,
  manifest: OneRosterCity['manifest'],
  context: ReadingContext,
): OneRosterCity | null {
  const found = readSchoolYear(tables['academicSessions.csv'], context);
  // Without the year no date can be judged.
  if (!found) return null;
  const { period: year, sessions } = found;
  const { board, schools, orgs } = readOrgs(tables['orgs.csv'], context);
  const courses = readCourses(tables['courses.csv'], context, { orgs, sessions });
  const classes = readClasses(tables['classes.csv'], context, { orgs, courses, sessions });
  const users = readUsers(tables['users.csv'], context);
  checkHomeClasses(users, classes);
  const roles = readRoles(tables['roles.csv'], context, { users, orgs, year });
  const people = buildPeople(users, roles, orgs);
  const known = { orgs, classes, users, people, year };
  const enrollments = readEnrollments(tables['enrollments.csv'], context, known);
  context.rare.report(context.log);
  // Between rows that do not read well, a clash would be a guess.
  if (context.log.refused) return null;
  checkHomerooms(enrollments, classes, people.students, users);
  const all = [...classes.values()];
  return {
    schoolYear: year.schoolYear,
    manifest,
    board,
    schools,
    homerooms: all.flatMap((one) => (one.type === 'homeroom' ? one.homeroom : [])),
    taughtClasses: all.flatMap((one) => (one.type === 'scheduled' ? one.taughtClass : [])),
    students: [...people.students.values()],
    staff: [...people.staff.values()],
    enrollments: enrollments.map(({ enrollment }) => enrollment),
  };
}
