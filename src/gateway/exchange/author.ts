import { canReadStream } from '../../access/register-access.ts';
import type { Grant, Subject } from '../../access/subject.ts';
import { calendarDate, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { Stream } from '../../ledger/stream.ts';

/** Whose rows they are, and from which device they come. */
export interface Author {
  readonly subject: Subject;
  readonly device: string;
  /** Who hands them in, sealed, for the author: a person's id, or the lost device's own. Absent: the author pushes. */
  readonly handedInBy?: string;
  /** The author's own session brings them: rows of an older vault. No other proof is needed. */
  readonly isThere?: boolean;
}

const FAR = calendarDate('9999-12-31');

/** The same person as if no grant that has begun had ever ended. */
export function asIfNothingEnded(subject: Subject, today: CalendarDate): Subject {
  const grants = subject.grants
    .filter((grant) => grant.from <= today)
    .map((grant): Grant => ({ ...grant, until: FAR }));
  return { personId: subject.personId, grants };
}

/** `reader`: belongs to the stream's school today. `former`: did once. Anyone else must not learn of the stream. */
export type Standing = 'reader' | 'former' | 'stranger';

export function standingOf(subject: Subject, stream: Stream, today: CalendarDate): Standing {
  if (canReadStream(subject, stream, today).allowed) return 'reader';
  return canReadStream(asIfNothingEnded(subject, today), stream, today).allowed ? 'former' : 'stranger';
}
