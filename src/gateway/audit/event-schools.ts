import { isValidOn } from '../../access/register-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { Account } from '../identity/account.ts';
import type { AuditEntry } from './audit-entry.ts';

/**
 * The schools that an entry concerns: the one it names, or those where who acted, or who was acted upon, was on the
 * staff on that day.
 */
export async function schoolsOfEntry(
  { at, event }: AuditEntry,
  findAccount: (personId: string) => Promise<Account | null>,
): Promise<Set<string>> {
  if (event.school !== undefined) return new Set([event.school]);
  const day = calendarDateAt(event.happenedAt ?? at);
  const schools = new Set<string>();
  for (const personId of [event.by, event.target]) {
    const account = personId ? await findAccount(personId) : null;
    for (const grant of account?.grants ?? []) {
      if (grant.schoolCode !== null && isValidOn(grant, day)) schools.add(grant.schoolCode);
    }
  }
  return schools;
}
