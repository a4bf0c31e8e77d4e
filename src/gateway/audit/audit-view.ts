import { auditReachOf, reachesEvent, type AuditReach } from '../../access/audit-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import type { AuditEvent } from './audit.ts';
import { schoolsOfEntry } from './event-schools.ts';
import { findAuditEntries, type AuditQuery } from './find-audit-entries.ts';

export interface AuditView {
  /** Newest first. */
  readonly entries: readonly ({ readonly seq: number; readonly at: number } & AuditEvent)[];
  readonly next: number | null;
  /** The people that the entries name by id. */
  readonly people: Readonly<Record<string, { readonly name: string; readonly login: string }>>;
}

type Parts = Pick<GatewayParts, 'accounts' | 'storedAudit' | 'now'>;

export function reachOf(parts: Parts, account: Account): AuditReach | null {
  return auditReachOf(subjectOf(account), calendarDateAt(parts.now()));
}

/** A page of the log as one reader may see it. */
export async function viewAudit(parts: Parts, reach: AuditReach, query: AuditQuery): Promise<AuditView> {
  const accounts = new Map<string, Promise<Account | null>>();
  const findAccount = (personId: string): Promise<Account | null> => {
    const found = accounts.get(personId) ?? parts.accounts.findByPerson(personId);
    accounts.set(personId, found);
    return found;
  };
  const page = await findAuditEntries(
    parts.storedAudit,
    query,
    async (entry) => reach.everything || reachesEvent(reach, await schoolsOfEntry(entry, findAccount)),
  );
  const people: Record<string, { name: string; login: string }> = {};
  for (const { event } of page.entries) {
    for (const personId of [event.by, event.target]) {
      const account = personId ? await findAccount(personId) : null;
      if (account) people[account.personId] = { name: account.name, login: account.login };
    }
  }
  const entries = page.entries.map(({ seq, at, event }) => ({ seq, at, ...event }));
  return { entries, next: page.next, people };
}
