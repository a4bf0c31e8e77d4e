import type { OneRosterHomeroom, OneRosterStudent } from './one-roster-city.ts';
import type { SchoolClass } from './read-classes.ts';
import type { EnrollmentRow } from './read-enrollments.ts';
import { overlap } from './read-period.ts';
import type { User } from './read-users.ts';

interface Place extends EnrollmentRow {
  readonly homeroom: OneRosterHomeroom;
}

/** What must hold between students and their homerooms once all references are known to be good. */
export function checkHomerooms(
  enrollments: readonly EnrollmentRow[],
  classes: ReadonlyMap<string, SchoolClass>,
  students: ReadonlyMap<string, OneRosterStudent>,
  users: ReadonlyMap<string, User>,
): void {
  const ofStudent = new Map<string, Place[]>();
  const ofHomeroom = new Map<string, Place[]>();
  for (const found of enrollments) {
    const schoolClass = classes.get(found.enrollment.classId);
    if (found.enrollment.role !== 'student' || schoolClass?.type !== 'homeroom') continue;
    const place = { ...found, homeroom: schoolClass.homeroom };
    append(ofStudent, found.enrollment.userId, place);
    append(ofHomeroom, schoolClass.homeroom.sourcedId, place);
  }
  for (const places of ofHomeroom.values()) checkRosterNumbers(places);
  for (const student of students.values()) {
    const places = ofStudent.get(student.sourcedId) ?? [];
    checkPlaces(student, places);
    const row = users.get(student.sourcedId)?.row;
    if (!row) continue;
    if (places.length === 0) row.issue('studentWithoutHomeroom', 'sourcedId', {}, student.sourcedId);
    const homeClass = row.raw('metadata.jp.homeClass');
    if (classes.has(homeClass) && !places.some(({ homeroom }) => homeroom.sourcedId === homeClass)) {
      row.issue('homeClassDiffers', 'metadata.jp.homeClass', {}, homeClass);
    }
  }
}

/** `homeClass` is a class's sourcedId; one known exporter writes the title instead. */
export function checkHomeClasses(
  users: ReadonlyMap<string, User>,
  classes: ReadonlyMap<string, SchoolClass>,
): void {
  const titles = new Set<string>();
  for (const one of classes.values()) if (one.type === 'homeroom') titles.add(one.homeroom.title);
  for (const { row } of users.values()) {
    const homeClass = row.raw('metadata.jp.homeClass');
    if (homeClass === '' || classes.has(homeClass)) continue;
    if (titles.has(homeClass)) row.issue('homeClassIsTitle', 'metadata.jp.homeClass');
    else row.lookUp('metadata.jp.homeClass', homeClass, classes, 'classes.csv');
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function checkRosterNumbers(places: readonly Place[]): void {
  const byNumber = new Map<number, Place[]>();
  for (const place of places) {
    const { rosterNumber, userId } = place.enrollment;
    if (rosterNumber === null) continue;
    const clash = byNumber
      .get(rosterNumber)
      ?.find(({ enrollment }) => enrollment.userId !== userId && overlap(enrollment, place.enrollment));
    if (clash) {
      const params = { rosterNumber, firstLine: clash.row.line };
      place.row.issue('duplicateRosterNumber', 'metadata.jp.shussekiNo', params, String(rosterNumber));
    }
    append(byNumber, rosterNumber, place);
  }
}

/**
 * A pupil of a special-needs homeroom may also be in an ordinary one (交流学級). Two homerooms of one kind on one day
 * would count the pupil's days twice in the registers, and nothing says which is right: refused.
 */
function checkPlaces(student: OneRosterStudent, places: readonly Place[]): void {
  places.forEach((place, i) => {
    const clash = places
      .slice(0, i)
      .find(
        (other) =>
          other.homeroom.specialNeeds === place.homeroom.specialNeeds &&
          overlap(other.enrollment, place.enrollment),
      );
    if (clash) place.row.issue('overlappingHomerooms', 'classSourcedId', { firstLine: clash.row.line });
    if (place.homeroom.schoolId !== student.schoolId)
      place.row.issue('homeroomOfOtherSchool', 'schoolSourcedId');
    if (!place.homeroom.gradeLevels.includes(student.gradeLevel)) {
      place.row.issue('gradeLevelDiffers', 'classSourcedId', { gradeLevel: student.gradeLevel });
    }
  });
}
