import { canChangeAccount, visibleGrants } from '../../access/people-access.ts';
import type { Grant, Subject } from '../../access/subject.ts';
import type { CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { subjectOf, type Account } from '../identity/account.ts';

/** What an administrator is told of a person: nothing of the password, and only the grants in sight. */
export interface PersonSummary {
  readonly personId: string;
  readonly login: string;
  readonly name: string;
  readonly locked: boolean;
  /** Whether a password was ever set. */
  readonly hasPassword: boolean;
  readonly grants: readonly Grant[];
  /** Whether there are grants beyond those that are shown, and not ended. */
  readonly hasOtherGrants: boolean;
}

export interface PersonDetails extends PersonSummary {
  readonly may: { readonly lock: boolean; readonly password: boolean; readonly factors: boolean };
}

export function summarisePerson(
  administrator: Subject,
  account: Account,
  today: CalendarDate,
): PersonSummary {
  const { personId, login, name, lockedAt, passwordHash } = account;
  const grants = visibleGrants(administrator, subjectOf(account), today);
  return {
    personId,
    login,
    name,
    locked: lockedAt !== null,
    hasPassword: passwordHash !== null,
    grants,
    hasOtherGrants: account.grants.some((grant) => grant.until > today && !grants.includes(grant)),
  };
}

export function describePerson(administrator: Subject, account: Account, today: CalendarDate): PersonDetails {
  const target = subjectOf(account);
  const may = (action: 'lock' | 'password' | 'factors'): boolean =>
    canChangeAccount(administrator, target, action, today).allowed;
  return {
    ...summarisePerson(administrator, account, today),
    may: { lock: may('lock'), password: may('password'), factors: may('factors') },
  };
}
