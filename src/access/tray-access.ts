import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { EntryBody } from '../ledger/entry.ts';
import type { Stream } from '../ledger/stream.ts';
import { allow, deny, type Decision } from './decision.ts';
import { canWriteEntry, isValidOn, type RosterContext } from './register-access.ts';
import type { Role, Subject } from './subject.ts';

/** Who settles what waits in a school's tray. */
export const trayKeepers: ReadonlySet<Role> = new Set(['officeStaff', 'vicePrincipal', 'principal']);

/** Whether this person may look into the school's tray, and take or reject what lies there. */
export function canKeepTray(subject: Subject, schoolCode: string, today: CalendarDate): Decision {
  let expired = false;
  for (const grant of subject.grants) {
    if (grant.schoolCode !== schoolCode || !trayKeepers.has(grant.role)) continue;
    if (isValidOn(grant, today)) return allow('schoolManagement');
    expired = true;
  }
  return deny(expired ? 'expired' : 'noGrant');
}

/**
 * Whether a row of the tray may enter the register: its author had the right once (`past` is the author as if no
 * grant had ended), or whoever takes it has it today.
 */
export function canTakeFromTray(
  taker: Subject,
  past: Subject,
  stream: Stream,
  body: EntryBody,
  context: RosterContext,
  today: CalendarDate,
): Decision {
  const byAuthor = canWriteEntry(past, stream, body, context, today);
  if (byAuthor.allowed) return byAuthor;
  return canWriteEntry(taker, stream, { ...body, by: taker.personId }, context, today);
}
