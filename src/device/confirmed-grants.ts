import { isValidOn } from '../access/register-access.ts';
import type { Grant } from '../access/subject.ts';
import { calendarDate, calendarDateAt } from '../domain/calendar/calendar-date.ts';

const ALWAYS = { from: calendarDate('1900-01-01'), until: calendarDate('9999-12-31') };

/**
 * Grants as this device may judge by them: one that held at the last contact with the school neither ends nor is
 * still to begin because of a clock here. The gateway judges by its own when the entry arrives.
 */
export function confirmedGrants(grants: readonly Grant[], lastContactAt: number | null): readonly Grant[] {
  if (lastContactAt === null) return grants;
  const day = calendarDateAt(lastContactAt);
  return grants.map((grant) => (isValidOn(grant, day) ? { ...grant, ...ALWAYS } : grant));
}
