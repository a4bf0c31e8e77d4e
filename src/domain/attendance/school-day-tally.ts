import type { CalendarDate } from '../calendar/calendar-date.ts';
import { readSchoolDays } from '../calendar/school-day-reader.ts';
import { dayTally, noCounts, type DayCounts, type DayTally } from './day-tally.ts';
import type { AttendanceSources } from './sources.ts';

/** A school's day in counts only: no pupil is named. */
export interface SchoolDayTally extends DayCounts {
  readonly rollDueHomeroomCount: number;
  readonly rollTakenHomeroomCount: number;
  /** In the order of the roster's homerooms. */
  readonly homerooms: readonly { readonly homeroomId: string; readonly tally: DayTally }[];
}

export function schoolDayTally(input: AttendanceSources & { readonly date: CalendarDate }): SchoolDayTally {
  const schoolDays = readSchoolDays(input.calendar, input.roster.homerooms);
  const homerooms = [...input.roster.homerooms.keys()].map((homeroomId) => ({
    homeroomId,
    tally: dayTally({ ...input, homeroomId, schoolDays }),
  }));
  const sum = noCounts();
  for (const { tally } of homerooms) {
    for (const name of Object.keys(sum) as (keyof DayCounts)[]) sum[name] += tally[name];
  }
  return {
    ...sum,
    rollDueHomeroomCount: homerooms.filter(({ tally }) => tally.rollDue).length,
    rollTakenHomeroomCount: homerooms.filter(({ tally }) => tally.rollTaken).length,
    homerooms,
  };
}
