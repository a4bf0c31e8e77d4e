import type { Grant, Role } from '../../access/subject.ts';
import type {
  OneRosterCity,
  OneRosterEnrollment,
  OneRosterStaffMember,
} from '../../domain/oneroster/one-roster-city.ts';
import type { StaffDuty } from '../../domain/roster/roster.ts';

/** What a OneRoster role at a school or at the board means here. The profile knows no nurse: the board adds that. */
const schoolRoles: Readonly<Record<string, Role>> = {
  principal: 'principal',
  siteAdministrator: 'officeStaff',
};
const boardRoleNames: Readonly<Record<string, Role>> = {
  teacher: 'boardSupervisor',
  districtAdministrator: 'boardAdministrator',
  systemAdministrator: 'systemAdministrator',
};

/** A roster's rows by what they are looked up with, made once for a package. */
export interface CityIndex {
  readonly city: OneRosterCity;
  readonly schoolCodes: ReadonlyMap<string, string>;
  readonly homeroomIds: ReadonlySet<string>;
  readonly enrollmentsByUser: ReadonlyMap<string, readonly OneRosterEnrollment[]>;
}

export function indexCity(city: OneRosterCity): CityIndex {
  return {
    city,
    schoolCodes: new Map(city.schools.map((school) => [school.sourcedId, school.code])),
    homeroomIds: new Set(city.homerooms.map((homeroom) => homeroom.sourcedId)),
    enrollmentsByUser: byUser(city.enrollments),
  };
}

function byUser(enrollments: readonly OneRosterEnrollment[]): Map<string, OneRosterEnrollment[]> {
  const groups = new Map<string, OneRosterEnrollment[]>();
  for (const enrollment of enrollments) {
    const group = groups.get(enrollment.userId);
    if (group) group.push(enrollment);
    else groups.set(enrollment.userId, [enrollment]);
  }
  return groups;
}

/** The rights that follow from a staff member's roles and classes. */
export function grantsOf(member: OneRosterStaffMember, index: CityIndex): Grant[] {
  const grants: Grant[] = [];
  for (const { role, orgId, from, until } of member.roles) {
    const schoolCode = index.schoolCodes.get(orgId) ?? null;
    const name = schoolCode === null ? boardRoleNames[role] : schoolRoles[role];
    // At the board everybody arrives as a teacher too; an administrator there is just that.
    const administers = member.roles.some((other) => other.orgId === orgId && other.role !== 'teacher');
    if (schoolCode === null && role === 'teacher' && administers) continue;
    if (name) grants.push({ role: name, schoolCode, from, until });
  }
  for (const enrollment of index.enrollmentsByUser.get(member.sourcedId) ?? []) {
    const grant = classGrant(enrollment, index);
    if (grant) grants.push(grant);
  }
  const covered = new Set(grants.map((grant) => grant.schoolCode));
  for (const { role, orgId, from, until } of member.roles) {
    const schoolCode = index.schoolCodes.get(orgId);
    // A teacher without a class (専科, TT, 養護) belongs to the staff: reads, and writes nothing by default.
    if (role === 'teacher' && schoolCode && !covered.has(schoolCode)) {
      grants.push({ role: 'subjectTeacher', schoolCode, from, until });
    }
  }
  return grants;
}

function classGrant(enrollment: OneRosterEnrollment, index: CityIndex): Grant | null {
  const schoolCode = index.schoolCodes.get(enrollment.schoolId);
  if (enrollment.role !== 'teacher' || !schoolCode) return null;
  const { from, until, classId } = enrollment;
  if (!index.homeroomIds.has(classId)) return { role: 'subjectTeacher', schoolCode, classId, from, until };
  const role = enrollment.primary ? 'homeroomTeacher' : 'assistantHomeroomTeacher';
  return { role, schoolCode, homeroomId: classId, from, until };
}

/** What colleagues see of a person's grants at a school. */
export function dutiesOf(grants: readonly Grant[], schoolCode: string): StaffDuty[] {
  const duties: StaffDuty[] = [];
  for (const grant of grants) {
    if (grant.schoolCode !== schoolCode) continue;
    switch (grant.role) {
      case 'homeroomTeacher':
      case 'assistantHomeroomTeacher':
        if (grant.homeroomId) duties.push({ role: grant.role, homeroomId: grant.homeroomId });
        break;
      case 'subjectTeacher':
        if (grant.classId) duties.push({ role: grant.role, classId: grant.classId });
        break;
      case 'principal':
      case 'vicePrincipal':
      case 'schoolNurse':
      case 'officeStaff':
        duties.push({ role: grant.role });
        break;
      default:
    }
  }
  return duties;
}
