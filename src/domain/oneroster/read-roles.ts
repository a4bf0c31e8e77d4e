import type { OneRosterStaffRoleName } from './one-roster-city.ts';
import type { Org } from './read-orgs.ts';
import { readPeriod } from './read-period.ts';
import type { Period } from './read-period.ts';
import { readRows } from './read-rows.ts';
import type { SchoolYearPeriod } from './read-school-year.ts';
import type { ReadingContext } from './row-reader.ts';
import type { Table } from './table.ts';
import type { User } from './read-users.ts';

export interface Role extends Period {
  readonly role: OneRosterStaffRoleName | 'student' | 'guardian' | 'unreadable';
  readonly userId: string;
  readonly orgId: string;
  readonly primary: boolean;
}

const GUARDIANS = ['guardian', 'parent', 'relative'] as const;
const ROLES = [
  'student',
  'teacher',
  'principal',
  'siteAdministrator',
  'districtAdministrator',
  'systemAdministrator',
  'aide',
  'counselor',
  'proctor',
  ...GUARDIANS,
] as const;

function isGuardian(role: (typeof ROLES)[number]): role is (typeof GUARDIANS)[number] {
  return (GUARDIANS as readonly string[]).includes(role);
}

/** The roles of each user. A guardian's role is kept by that one word, so that the person can be left out. */
export function readRoles(
  table: Table,
  context: ReadingContext,
  known: {
    readonly users: ReadonlyMap<string, User>;
    readonly orgs: ReadonlyMap<string, Org>;
    readonly year: SchoolYearPeriod;
  },
): ReadonlyMap<string, readonly Role[]> {
  const byUser = new Map<string, Role[]>();
  const rows = readRows(table, context, (row): Role => {
    const role = row.oneOf('role', ROLES);
    const org = row.reference('orgSourcedId', known.orgs, 'orgs.csv');
    row.reference('userSourcedId', known.users, 'users.csv');
    if (role !== null && isGuardian(role)) row.issue('guardianIgnored', 'role', {}, role);
    if (role === 'student' && org && org.type !== 'school') {
      row.issue('orgNotASchool', 'orgSourcedId', {}, org.sourcedId);
    }
    return {
      role: role === null ? 'unreadable' : isGuardian(role) ? 'guardian' : role,
      userId: row.raw('userSourcedId'),
      orgId: row.raw('orgSourcedId'),
      primary: row.oneOf('roleType', ['primary', 'secondary'] as const) === 'primary',
      ...readPeriod(row, known.year, 'roleDateOutsideSchoolYear'),
    };
  });
  for (const role of rows.values()) {
    const roles = byUser.get(role.userId);
    if (roles) roles.push(role);
    else byUser.set(role.userId, [role]);
  }
  return byUser;
}
