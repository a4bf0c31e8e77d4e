import {
  calendarDateAt,
  schoolYearOf,
  schoolYearStart,
  type CalendarDate,
  type SchoolYear,
} from '../../domain/calendar/calendar-date.ts';
import type { GradeLevel } from '../../domain/roster/roster.ts';
import { parseRegisterDatabase } from '../../ledger/stream.ts';
import type { PushPorts } from '../exchange/push.ts';

/** A school and the homerooms that its registers know, from this school year on: no pupil is named. */
export interface SchoolPlaces {
  readonly code: string;
  readonly name: string;
  readonly years: readonly {
    readonly schoolYear: SchoolYear;
    readonly until: CalendarDate;
    readonly homerooms: readonly {
      readonly id: string;
      readonly title: string;
      readonly gradeLevels: readonly GradeLevel[];
    }[];
  }[];
}

/** The places where a grant can hold, of the schools that are asked for. */
export async function listSchoolPlaces(
  { streams, now }: Pick<PushPorts, 'streams' | 'now'>,
  isAsked: (schoolCode: string) => boolean,
): Promise<SchoolPlaces[]> {
  const thisYear = schoolYearOf(calendarDateAt(now()));
  const schools = new Map<string, { name: string; years: SchoolPlaces['years'][number][] }>();
  for (const stream of await streams.list()) {
    const register = parseRegisterDatabase(stream.db);
    if (!register || register.schoolYear < thisYear || !isAsked(register.schoolCode)) continue;
    const { roster } = await (await streams.open(stream)).folds.standing();
    const { schoolYear } = register;
    const homerooms = [...roster.homerooms.values()]
      .map(({ id, title, gradeLevels }) => ({ id, title, gradeLevels }))
      .sort((a, b) => (a.title < b.title ? -1 : 1));
    const known = schools.get(register.schoolCode) ?? { name: roster.school.name, years: [] };
    known.years.push({ schoolYear, until: schoolYearStart(schoolYear + 1), homerooms });
    schools.set(register.schoolCode, known);
  }
  return [...schools].map(([code, { name, years }]) => ({ code, name, years }));
}
