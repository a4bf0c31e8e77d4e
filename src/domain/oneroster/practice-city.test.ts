import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { OneRosterCity } from './one-roster-city.ts';
import { parseOneRosterPackage } from './parse-one-roster-package.ts';

const root = new URL('../../../', import.meta.url);
const practiceZip = fileURLToPath(new URL('src/gateway/practice/RO_20260401_oami_1.2_JP.zip', root));
const countsFile = fileURLToPath(
  new URL('../shared/data/oneroster/RO_20260401_oami_1.2_JP.counts.json', root),
);

interface Counts {
  readonly schools: number;
  readonly pupils: number;
  readonly pupilsElementary: number;
  readonly pupilsJuniorHigh: number;
  readonly homeroomsOrdinary: number;
  readonly homeroomsSpecial: number;
  readonly scheduledClasses: number;
  readonly staff: number;
  readonly city: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly perSchool: readonly {
    readonly name: string;
    readonly code: string;
    readonly sourcedId: string;
    readonly pupils: number;
    readonly staff: number;
    readonly scheduledClasses: number;
    readonly homerooms: readonly {
      readonly title: string;
      readonly sourcedId: string;
      readonly grades: readonly string[];
      readonly special: boolean;
      readonly pupils: number;
      readonly homeroomTeacher: readonly string[];
    }[];
  }[];
}

function readPracticeCity(): OneRosterCity {
  const result = parseOneRosterPackage(new Uint8Array(readFileSync(practiceZip)));
  if (!result.ok) throw new Error(result.errors.map(({ code, line }) => `${code} ${line}`).join());
  return result.city;
}

/** The city's figures in the shape of counts.json, by school. */
function countSchool(
  city: OneRosterCity,
  school: OneRosterCity['schools'][number],
): Counts['perSchool'][number] {
  const inSchool = ({ schoolId }: { readonly schoolId: string }): boolean => schoolId === school.sourcedId;
  const members = (classId: string) => city.enrollments.filter((one) => one.classId === classId);
  const nameOf = new Map(city.staff.map((one) => [one.sourcedId, `${one.familyName} ${one.givenName}`]));
  return {
    ...school,
    pupils: city.students.filter(inSchool).length,
    staff: city.staff.filter(({ orgId }) => orgId === school.sourcedId).length,
    scheduledClasses: city.taughtClasses.filter(inSchool).length,
    homerooms: city.homerooms.filter(inSchool).map(({ title, sourcedId, gradeLevels, specialNeeds }) => ({
      title,
      sourcedId,
      grades: gradeLevels,
      special: specialNeeds,
      pupils: members(sourcedId).filter(({ role }) => role === 'student').length,
      homeroomTeacher: members(sourcedId)
        .filter(({ role, primary }) => role === 'teacher' && primary)
        .map(({ userId }) => nameOf.get(userId) ?? ''),
    })),
  };
}

describe('the practice city', () => {
  test('[OR33] is read without a warning', () => {
    const result = parseOneRosterPackage(new Uint8Array(readFileSync(practiceZip)));
    expect(result).toMatchObject({ ok: true, warnings: [], totals: { errors: 0, warnings: 0 } });
  });

  test('[OR33] has the figures it was made with', () => {
    const city = readPracticeCity();
    const special = city.homerooms.filter(({ specialNeeds }) => specialNeeds);
    const elementary = city.students.filter(({ gradeLevel }) => gradeLevel.startsWith('P'));
    expect({
      schoolYear: city.schoolYear,
      board: city.board.code,
      schools: city.schools.length,
      students: city.students.length,
      elementary: elementary.length,
      homerooms: city.homerooms.length,
      special: special.length,
      taughtClasses: city.taughtClasses.length,
      staff: city.staff.length,
      enrollments: city.enrollments.length,
    }).toEqual({
      schoolYear: 2026,
      board: '122394',
      schools: 10,
      students: 3531,
      elementary: 2356,
      homerooms: 137,
      special: 16,
      taughtClasses: 324,
      staff: 229,
      enrollments: 14903,
    });
  });

  test.skipIf(!existsSync(countsFile))(
    '[OR33] agrees with counts.json, school by school (skipped where ../shared/data is absent)',
    () => {
      const counts = JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
      const city = readPracticeCity();
      expect(city.board.name).toBe(counts.city);
      expect(city.students.filter(({ gradeLevel }) => gradeLevel.startsWith('J'))).toHaveLength(
        counts.pupilsJuniorHigh,
      );
      expect(city.enrollments).toHaveLength(counts.rows['enrollments.csv'] ?? 0);
      expect(city.schools).toHaveLength(counts.schools);
      // Compared as one boolean a school, so that a failure prints no name.
      const differing = city.schools.filter((school, i) => {
        const [ours, theirs] = [countSchool(city, school), counts.perSchool[i]];
        const ordered = (one: Counts['perSchool'][number] | undefined) =>
          JSON.stringify(
            one && [
              one.name,
              one.code,
              one.sourcedId,
              one.pupils,
              one.staff,
              one.scheduledClasses,
              one.homerooms.map((h) => [
                h.title,
                h.sourcedId,
                h.grades,
                h.special,
                h.pupils,
                h.homeroomTeacher,
              ]),
            ],
          );
        return ordered(ours) !== ordered(theirs);
      });
      expect(differing.map(({ code }) => code)).toEqual([]);
    },
  );

  test('[OR34] is read in well under two seconds', () => {
    const bytes = new Uint8Array(readFileSync(practiceZip));
    const times = [1, 2, 3].map(() => {
      const begin = performance.now();
      parseOneRosterPackage(bytes);
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(2_000);
  });
});
