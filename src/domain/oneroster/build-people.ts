import type { OneRosterStaffMember, OneRosterStaffRole, OneRosterStudent } from './one-roster-city.ts';
import type { Org } from './read-orgs.ts';
import { overlap } from './read-period.ts';
import type { Role } from './read-roles.ts';
import type { User } from './read-users.ts';

export interface People {
  readonly students: ReadonlyMap<string, OneRosterStudent>;
  readonly staff: ReadonlyMap<string, OneRosterStaffMember>;
  /** Users left out because they are nothing but guardians. */
  readonly guardianIds: ReadonlySet<string>;
}

type StaffRole = Role & OneRosterStaffRole;

function isStaffRole(role: Role): role is StaffRole {
  return role.role !== 'student' && role.role !== 'guardian' && role.role !== 'unreadable';
}

/** Parts the users into students and staff by their roles; who is nothing but a guardian is left out. */
export function buildPeople(
  users: ReadonlyMap<string, User>,
  rolesOfUser: ReadonlyMap<string, readonly Role[]>,
  orgs: ReadonlyMap<string, Org>,
): People {
  const students = new Map<string, OneRosterStudent>();
  const staff = new Map<string, OneRosterStaffMember>();
  const guardianIds = new Set<string>();
  const lineOfUsername = new Map<string, number>();
  for (const user of users.values()) {
    const roles = rolesOfUser.get(user.sourcedId) ?? [];
    if (roles.length === 0) user.row.issue('userWithoutRole', 'sourcedId', {}, user.sourcedId);
    const own = roles.filter((role) => role.role !== 'guardian');
    if (own.length === 0) guardianIds.add(user.sourcedId);
    // Somebody whose role could not be read has been reported, and would only be reported again.
    if (own.length === 0 || own.some((role) => role.role === 'unreadable')) continue;
    const primary = primaryRole(user, own);
    checkPrimaryOrg(user, primary, orgs);
    const staffRoles = own.filter(isStaffRole);
    if (staffRoles.length === 0) {
      students.set(user.sourcedId, buildStudent(user, primary));
    } else {
      if (staffRoles.length < own.length) user.row.issue('studentAndStaff', 'sourcedId', {}, user.sourcedId);
      checkUsername(user, lineOfUsername);
      staff.set(user.sourcedId, {
        ...sharedOf(user),
        username: user.username,
        orgId: primary.orgId,
        roles: staffRoles.map(({ role, orgId, primary, from, until }) => ({
          role,
          orgId,
          primary,
          from,
          until,
        })),
      });
    }
  }
  return { students, staff, guardianIds };
}

function sharedOf(user: User) {
  const { sourcedId, userMasterIdentifier, enabled, names } = user;
  return { sourcedId, userMasterIdentifier, enabled, ...names };
}

function buildStudent(user: User, primary: Role): OneRosterStudent {
  const [gradeLevel = 'P1'] = user.gradeLevels;
  if (user.row.list('grades').length !== 1) {
    user.row.issue('studentGradeLevel', 'grades', { count: user.row.list('grades').length });
  }
  return { ...sharedOf(user), gradeLevel, schoolId: primary.orgId };
}

/** The primary role, or of several one after another the last: somebody who changes school within the year. */
function primaryRole(user: User, roles: readonly Role[]): Role {
  const primary = roles.filter((role) => role.primary).sort((a, b) => (a.from < b.from ? 1 : -1));
  const clash = primary.some((role, i) => primary.slice(i + 1).some((other) => overlap(role, other)));
  if (primary.length === 0) user.row.issue('noPrimaryRole', 'sourcedId', {}, user.sourcedId);
  if (clash) user.row.issue('overlappingPrimaryRoles', 'sourcedId', {}, user.sourcedId);
  return (primary[0] ?? roles[0]) as Role;
}

function checkPrimaryOrg(user: User, primary: Role, orgs: ReadonlyMap<string, Org>): void {
  const column = 'primaryOrgSourcedId';
  const orgId = user.row.raw(column);
  if (orgId === '' || !user.row.lookUp(column, orgId, orgs, 'orgs.csv')) return;
  if (orgId !== primary.orgId) user.row.issue('primaryOrgDiffers', column, {}, orgId);
}

/** Staff sign in by user name, and nobody should have to know in which case and width a name was typed. */
function checkUsername(user: User, lines: Map<string, number>): void {
  const username = user.row.required('username').normalize('NFKC').toLowerCase();
  if (username === '') return;
  const firstLine = lines.get(username);
  if (firstLine !== undefined) user.row.issue('duplicateUsername', 'username', { firstLine });
  else lines.set(username, user.row.line);
}
