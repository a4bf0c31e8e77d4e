import type { OneRosterHomeroom, OneRosterSubject, OneRosterTaughtClass } from './one-roster-city.ts';
import type { Org } from './read-orgs.ts';
import { readRows } from './read-rows.ts';
import { readSubjects } from './read-subjects.ts';
import type { ReadingContext, RowReader } from './row-reader.ts';
import type { Table } from './table.ts';

export interface Course {
  readonly subjects: readonly OneRosterSubject[];
}

export type SchoolClass =
  | { readonly type: 'homeroom'; readonly schoolId: string; readonly homeroom: OneRosterHomeroom }
  | { readonly type: 'scheduled'; readonly schoolId: string; readonly taughtClass: OneRosterTaughtClass };

export function readCourses(
  table: Table,
  context: ReadingContext,
  known: { readonly orgs: ReadonlyMap<string, Org>; readonly sessions: ReadonlyMap<string, unknown> },
): ReadonlyMap<string, Course> {
  return readRows(table, context, (row): Course => {
    row.reference('orgSourcedId', known.orgs, 'orgs.csv');
    const sessionId = row.raw('schoolYearSourcedId');
    if (sessionId !== '')
      row.lookUp('schoolYearSourcedId', sessionId, known.sessions, 'academicSessions.csv');
    return { subjects: readSubjects(row) };
  });
}

export function readClasses(
  table: Table,
  context: ReadingContext,
  known: {
    readonly orgs: ReadonlyMap<string, Org>;
    readonly courses: ReadonlyMap<string, Course>;
    readonly sessions: ReadonlyMap<string, unknown>;
  },
): ReadonlyMap<string, SchoolClass> {
  return readRows(table, context, (row, sourcedId): SchoolClass => {
    const type = row.oneOf('classType', ['homeroom', 'scheduled'] as const) ?? 'scheduled';
    const course = row.reference('courseSourcedId', known.courses, 'courses.csv');
    for (const id of row.list('termSourcedIds')) {
      row.lookUp('termSourcedIds', id, known.sessions, 'academicSessions.csv');
    }
    const schoolId = readSchoolId(row, 'schoolSourcedId', known.orgs);
    const specialNeeds = row.boolean('metadata.jp.specialNeeds') ?? false;
    const subjects = readSubjects(row);
    const shared = {
      sourcedId,
      schoolId,
      title: row.requiredLabel('title'),
      gradeLevels: row.gradeLevels('grades'),
      classCode: row.raw('classCode'),
    };
    if (type === 'homeroom') {
      if (row.raw('grades') === '') row.issue('missingValue', 'grades');
      return { type, schoolId, homeroom: { ...shared, specialNeeds } };
    }
    const taughtClass: OneRosterTaughtClass = {
      ...shared,
      subjects: subjects.length > 0 ? subjects : (course?.subjects ?? []),
      courseId: row.raw('courseSourcedId'),
    };
    return { type, schoolId, taughtClass };
  });
}

/** The id of a school, where the profile asks for one and a board would be wrong. */
export function readSchoolId(row: RowReader, column: string, orgs: ReadonlyMap<string, Org>): string {
  const org = row.reference(column, orgs, 'orgs.csv');
  if (org && org.type !== 'school') row.issue('orgNotASchool', column, {}, org.sourcedId);
  return org?.sourcedId ?? '';
}
