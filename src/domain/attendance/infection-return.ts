import { addDays, type CalendarDate } from '../calendar/calendar-date.ts';

/** Infectious diseases whose suspension of attendance is a matter of days alone. */
export type CountedInfection = 'influenza' | 'covid19';

export interface InfectionCourse {
  readonly disease: CountedInfection;
  /** 発症した日. */
  readonly onsetOn: CalendarDate;
  /** Influenza: 解熱した日. COVID-19: 症状が軽快した日. Null while it has not come. */
  readonly relievedOn: CalendarDate | null;
}

// 学校保健安全法施行規則19条2号. The day of onset and the day of relief are day 0: the pupil returns on the day after
// the last day to pass. A kindergarten waits three days after fever; this product serves none.
const DAYS_AFTER_ONSET = { influenza: 5, covid19: 5 } as const;
const DAYS_AFTER_RELIEF = { influenza: 2, covid19: 1 } as const;

/** The first day on which the pupil may return, a school day or not; null while it cannot be known. */
export function earliestReturn({ disease, onsetOn, relievedOn }: InfectionCourse): CalendarDate | null {
  if (relievedOn === null) return null;
  const byOnset = addDays(onsetOn, DAYS_AFTER_ONSET[disease] + 1);
  const byRelief = addDays(relievedOn, DAYS_AFTER_RELIEF[disease] + 1);
  return byOnset > byRelief ? byOnset : byRelief;
}
