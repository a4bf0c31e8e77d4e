import type { OneRosterEnrollment } from './one-roster-city.ts';
import type { People } from './build-people.ts';
import type { SchoolClass } from './read-classes.ts';
import { readSchoolId } from './read-classes.ts';
import type { Org } from './read-orgs.ts';
import { readPeriod } from './read-period.ts';
import { readRows } from './read-rows.ts';
import type { SchoolYearPeriod } from './read-school-year.ts';
import type { User } from './read-users.ts';
import type { ReadingContext, RowReader } from './row-reader.ts';
import type { Table } from './table.ts';

export interface EnrollmentRow {
  readonly enrollment: OneRosterEnrollment;
  readonly row: RowReader;
}

const ROSTER_NUMBER = /^[1-9]\d{0,3}$/;

export function readEnrollments(
  table: Table,
  context: ReadingContext,
  known: {
    readonly orgs: ReadonlyMap<string, Org>;
    readonly classes: ReadonlyMap<string, SchoolClass>;
    readonly users: ReadonlyMap<string, User>;
    readonly people: People;
    readonly year: SchoolYearPeriod;
  },
): EnrollmentRow[] {
  const rows = readRows(table, context, (row, id): EnrollmentRow | null => {
    const role = row.oneOf('role', ['student', 'teacher', 'administrator', 'guardian'] as const);
    if (role === 'guardian') row.issue('guardianIgnored', 'role', {}, role);
    if (role === null || role === 'guardian') return null;
    const schoolClass = row.reference('classSourcedId', known.classes, 'classes.csv');
    const user = row.reference('userSourcedId', known.users, 'users.csv');
    const schoolId = readSchoolId(row, 'schoolSourcedId', known.orgs);
    if (schoolClass && schoolId !== '' && schoolClass.schoolId !== schoolId) {
      row.issue('enrollmentSchoolDiffers', 'schoolSourcedId', {}, schoolId);
    }
    if (user) checkRole(row, role, user.sourcedId, known.people);
    const enrollment: OneRosterEnrollment = {
      id,
      classId: row.raw('classSourcedId'),
      schoolId,
      userId: row.raw('userSourcedId'),
      role,
      primary: readPrimary(row, role),
      ...readPeriod(row, known.year, 'dateOutsideSchoolYear'),
      rosterNumber: role === 'student' ? readRosterNumber(row) : null,
    };
    return { enrollment, row };
  });
  return [...rows.values()];
}

function checkRole(row: RowReader, role: OneRosterEnrollment['role'], userId: string, people: People): void {
  const others = role === 'student' ? people.staff : people.students;
  if (others.has(userId) || people.guardianIds.has(userId))
    row.issue('enrollmentRoleDiffers', 'role', {}, role);
}

function readPrimary(row: RowReader, role: OneRosterEnrollment['role']): boolean {
  const primary = row.boolean('primary');
  if (primary === null) row.issue('primaryMissing', 'primary');
  if (role !== 'student') return primary ?? false;
  if (primary) row.issue('studentPrimary', 'primary');
  return false;
}

function readRosterNumber(row: RowReader): number | null {
  const column = 'metadata.jp.shussekiNo';
  const text = row.raw(column);
  if (text === '') return null;
  if (!ROSTER_NUMBER.test(text)) row.issue('invalidRosterNumber', column, {}, text);
  return Number(text);
}
