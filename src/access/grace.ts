import { addDays, calendarDateAt, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { EntryBody } from '../ledger/entry.ts';
import type { Stream } from '../ledger/stream.ts';
import type { Decision } from './decision.ts';
import { canWriteEntry, type RosterContext } from './register-access.ts';
import type { Subject } from './subject.ts';

/** How long after a grant's end its author's rows are still taken without anybody looking. */
export const GRACE_DAYS = 14;

/**
 * Whether an entry that its author no longer may write was written under a grant that has ended as planned and not
 * longer ago than the grace: made while the grant held, about a day that it held. One that was taken away has none.
 */
export function canWriteInGrace(
  subject: Subject,
  stream: Stream,
  body: EntryBody,
  context: RosterContext,
  today: CalendarDate,
): Decision {
  const madeOn = calendarDateAt(body.madeAt);
  const grants = subject.grants
    .filter(
      (grant) =>
        !grant.revoked &&
        grant.until <= today &&
        today < addDays(grant.until, GRACE_DAYS) &&
        grant.from <= madeOn &&
        madeOn < grant.until &&
        body.on < grant.until,
    )
    .map((grant) => ({ ...grant, until: addDays(today, 1) }));
  return canWriteEntry({ personId: subject.personId, grants }, stream, body, context, today);
}
