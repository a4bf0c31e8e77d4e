import type { Grant, Role } from '../../access/subject.ts';
import { grantsOf, type CityIndex } from '../import/staff-grants.ts';

/**
 * A roster knows no nurse and no vice principal. In the practice city, each school's first administrator in order of
 * login is the 教頭, the others the 事務, and its first teacher without a class is the 養護教諭; where every teacher has
 * one, the last administrator is.
 */
export function practiceGrants(index: CityIndex): Map<string, Grant[]> {
  const grants = new Map(index.city.staff.map((member) => [member.sourcedId, grantsOf(member, index)]));
  const staff = [...index.city.staff].sort((a, b) => (a.username < b.username ? -1 : 1));
  for (const code of index.schoolCodes.values()) {
    const rename = (candidates: typeof staff, from: (grant: Grant) => boolean, role: Role): boolean => {
      for (const member of candidates) {
        const own = grants.get(member.sourcedId) ?? [];
        const only = own.length === 1 ? own[0] : undefined;
        if (!only || only.schoolCode !== code || !from(only)) continue;
        grants.set(member.sourcedId, [{ ...only, role }]);
        return true;
      }
      return false;
    };
    const isOffice = (grant: Grant): boolean => grant.role === 'officeStaff';
    const isUnassigned = (grant: Grant): boolean =>
      grant.role === 'subjectTeacher' && grant.classId === undefined;
    rename(staff, isOffice, 'vicePrincipal');
    if (!rename(staff, isUnassigned, 'schoolNurse')) rename(staff.toReversed(), isOffice, 'schoolNurse');
  }
  return grants;
}
