import { daysBetween, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What a pupil's day turned out to be; a day that is not in the map was an ordinary presence. */
export interface PupilDay {
  readonly mark: string;
  readonly note?: string;
}

/** Daily chances, so that some 3–6 % of pupil-days are exceptions (school-records 2g). */
const ILLNESS = 0.011;
const INFLUENZA_IN_SEASON = 0.004;
const BEREAVEMENT = 0.0002;
const LATE = 0.004;
const EARLY_DEPARTURE = 0.004;
const INFLUENZA_DAYS = 6;

interface Character {
  /** Multiplies illness. */
  readonly frailty: number;
  readonly late: number;
  /** The first day of a long absence of a pupil who does not attend (不登校); null for nearly all. */
  readonly staysAwayFrom: number | null;
}

function characterOf(random: SeededRandom, dayCount: number): Character {
  return {
    frailty: random.chance(0.1) ? 3 : random.chance(0.3) ? 0.3 : 1,
    late: random.chance(0.03) ? 0.08 : LATE,
    staysAwayFrom: random.chance(0.012) ? random.between(20, Math.max(20, dayCount - 1)) : null,
  };
}

function inSeason(date: CalendarDate): boolean {
  const day = date.slice(5);
  return day >= '10-20' || day <= '03-10';
}

/** One pupil's exceptions on the given school days of a year, in order. */
export function pupilYear(random: SeededRandom, days: readonly CalendarDate[]): Map<CalendarDate, PupilDay> {
  const character = characterOf(random, days.length);
  const result = new Map<CalendarDate, PupilDay>();
  for (let i = 0; i < days.length; i += 1) {
    const date = days[i] as CalendarDate;
    if (character.staysAwayFrom !== null && i >= character.staysAwayFrom && random.chance(0.75)) {
      result.set(
        date,
        random.chance(0.15) ? { mark: 'credited', note: '教育支援センター' } : { mark: 'other' },
      );
    } else if (inSeason(date) && random.chance(INFLUENZA_IN_SEASON)) {
      while (i < days.length && daysBetween(date, days[i] as CalendarDate) < INFLUENZA_DAYS) {
        result.set(days[i] as CalendarDate, { mark: 'suspendedInfection', note: 'インフルエンザ' });
        i += 1;
      }
      i -= 1;
    } else if (random.chance(ILLNESS * character.frailty)) {
      for (const end = i + random.between(0, 2); i < days.length && i <= end; i += 1) {
        result.set(days[i] as CalendarDate, { mark: 'sick' });
      }
      i -= 1;
    } else if (random.chance(BEREAVEMENT)) {
      for (const end = i + random.between(0, 2); i < days.length && i <= end; i += 1) {
        result.set(days[i] as CalendarDate, { mark: 'bereavement', note: '祖父母' });
      }
      i -= 1;
    } else if (random.chance(character.late)) result.set(date, { mark: 'late' });
    else if (random.chance(EARLY_DEPARTURE)) result.set(date, { mark: 'earlyDeparture' });
  }
  return result;
}
