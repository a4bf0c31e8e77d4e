import { isValidOn } from '../access/subject.ts';
import type { Grant } from '../access/subject.ts';
import type { CalendarDate } from '../domain/calendar/calendar-date.ts';

/** The schools where a person has a duty on a day, in the order of the grants. `grants`: as this device judges them. */
export function schoolCodesOf(grants: readonly Grant[], today: CalendarDate): readonly string[] {
  const valid = grants.filter((grant) => isValidOn(grant, today));
  return [...new Set(valid.flatMap(({ schoolCode }) => schoolCode ?? []))];
}

/** The one the screens are about: the chosen one while there is a duty there, else the first. */
export function schoolInHand(
  grants: readonly Grant[],
  today: CalendarDate,
  chosen: string | null,
): string | null {
  const codes = schoolCodesOf(grants, today);
  return codes.find((code) => code === chosen) ?? codes[0] ?? null;
}
