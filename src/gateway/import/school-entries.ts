import { schoolYearStart } from '../../domain/calendar/calendar-date.ts';
import type { CalendarItem } from '../../domain/calendar/school-calendar.ts';
import type { OneRosterSchool } from '../../domain/oneroster/one-roster-city.ts';
import { canonicalJson, type Json } from '../../ledger/canonical.ts';
import { makeEntry, type Cell, type Entry } from '../../ledger/entry.ts';
import type { Fold } from '../../ledger/fold.ts';
import type { Kind } from '../../ledger/kinds.ts';
import { registerStream, type Stream } from '../../ledger/stream.ts';
import { dutiesOf, type CityIndex } from './staff-grants.ts';
import type { Grant } from '../../access/subject.ts';

/** Where an importer gets what a pure function must not make up. */
export interface ImportPorts {
  readonly now: () => number;
  /** 128 random bits in hexadecimal. */
  readonly salt: () => string;
}

/** Author of what arrives by import: no person's id is a bare word. */
export const IMPORTER = 'import';

interface DraftEntry {
  readonly kind: Kind;
  readonly cells: readonly { readonly key: string; readonly value: unknown }[];
}

/** What a package says of one school, as the standing entries of its register. */
function draftEntries(
  school: OneRosterSchool,
  index: CityIndex,
  grants: ReadonlyMap<string, readonly Grant[]>,
  calendar: readonly CalendarItem[],
): DraftEntry[] {
  const { city } = index;
  const homerooms = city.homerooms.filter((homeroom) => homeroom.schoolId === school.sourcedId);
  const drafts: DraftEntry[] = [
    {
      kind: 'school',
      cells: [
        { key: 'school', value: { code: school.code, name: school.name, schoolYear: city.schoolYear } },
      ],
    },
    ...homerooms.map(({ sourcedId, title, gradeLevels, specialNeeds }) => ({
      kind: 'homeroom' as const,
      cells: [{ key: `homeroom/${sourcedId}`, value: { title, gradeLevels, specialNeeds } }],
    })),
    ...calendar.map(({ id, ...value }) => ({
      kind: 'calendar' as const,
      cells: [{ key: `calendar/${id}`, value }],
    })),
  ];
  for (const member of city.staff) {
    const own = grants.get(member.sourcedId) ?? [];
    if (!own.some((grant) => grant.schoolCode === school.code)) continue;
    const { familyName, givenName } = member;
    drafts.push({
      kind: 'staff',
      cells: [
        {
          key: `staff/${member.sourcedId}`,
          value: { familyName, givenName, duties: dutiesOf(own, school.code) },
        },
      ],
    });
  }
  const homeroomIds = new Set(homerooms.map((homeroom) => homeroom.sourcedId));
  for (const student of city.students) {
    if (student.schoolId !== school.sourcedId) continue;
    const { familyName, kanaFamilyName, gradeLevel } = student;
    const givenName = joinNames(student.givenName, student.middleName);
    const kanaGivenName = joinNames(student.kanaGivenName, student.kanaMiddleName);
    const memberships = (index.enrollmentsByUser.get(student.sourcedId) ?? []).filter((enrollment) =>
      homeroomIds.has(enrollment.classId),
    );
    drafts.push({
      kind: 'enrollment',
      cells: [
        {
          key: `student/${student.sourcedId}`,
          value: { familyName, givenName, kanaFamilyName, kanaGivenName, gradeLevel },
        },
        ...memberships.map(({ id, classId, rosterNumber, from, until }) => ({
          key: `classEnrollment/${id}`,
          value: {
            student: student.sourcedId,
            homeroom: classId,
            rosterNumber,
            from,
            until,
            beganBy: from <= schoolYearStart(city.schoolYear) ? 'yearStart' : 'transferIn',
            endedBy: until >= schoolYearStart(city.schoolYear + 1) ? null : 'transferOut',
          },
        })),
      ],
    });
  }
  return drafts;
}

/** A middle name is printed behind the given name: a register has two columns of names. */
function joinNames(...names: readonly string[]): string {
  return names.filter((name) => name !== '').join(' ');
}

export interface SchoolPlan {
  readonly stream: Stream;
  readonly entries: readonly Entry[];
  /** Cells of the roster here that the package does not name: kept, and reported. */
  readonly missingKeys: readonly string[];
}

/**
 * What has to be written so that a school's register says what the package says: only cells whose value differs
 * from the present one, each over the heads it replaces. A second import of the same package writes nothing.
 */
export function planSchool(
  school: OneRosterSchool,
  index: CityIndex,
  grants: ReadonlyMap<string, readonly Grant[]>,
  calendar: readonly CalendarItem[],
  present: Fold,
  ports: ImportPorts,
): SchoolPlan {
  const stream = registerStream(school.code, index.city.schoolYear);
  const on = schoolYearStart(index.city.schoolYear);
  const named = new Set<string>();
  const entries: Entry[] = [];
  // A calendar that a school already keeps is the school's: an import brings the first one only.
  const keepsCalendar = [...present.keys()].some((key) => key.startsWith('calendar/'));
  for (const draft of draftEntries(school, index, grants, keepsCalendar ? [] : calendar)) {
    const cells: Cell[] = [];
    for (const { key, value } of draft.cells) {
      named.add(key);
      const heads = present.headsOf(key);
      const head = heads.length === 1 ? heads[0] : undefined;
      if (head && canonicalJson(head.value) === canonicalJson(value)) continue;
      cells.push({ key, value: value as Json, over: heads.map((write) => write.entry.id) });
    }
    if (cells.length === 0) continue;
    entries.push(
      makeEntry(stream, {
        v: 1,
        kind: draft.kind,
        salt: ports.salt(),
        on,
        madeAt: ports.now(),
        by: IMPORTER,
        device: IMPORTER,
        cells,
      }),
    );
  }
  const missingKeys = [...present.keys()].filter(
    (key) => /^(?:student|classEnrollment|homeroom|staff)\//.test(key) && !named.has(key),
  );
  return { stream, entries, missingKeys };
}
