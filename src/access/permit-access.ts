import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { parseSchoolDatabase, type Stream } from '../ledger/stream.ts';
import { allow, deny, type Decision } from './decision.ts';
import { importanceOf } from './importance.ts';
import type { Permit } from './permit.ts';
import { canReadStream } from './register-access.ts';
import { isValidOn, type Role, type Subject } from './subject.ts';

function holds(subject: Subject, role: Role, schoolCode: string | null, today: CalendarDate): boolean {
  return subject.grants.some(
    (grant) => grant.role === role && grant.schoolCode === schoolCode && isValidOn(grant, today),
  );
}

const isBoardAdministrator = (subject: Subject, today: CalendarDate): boolean =>
  holds(subject, 'boardAdministrator', null, today);

/** Whether this person may ask to take these streams out: importance Ⅱ of one school, all of it readable to them. */
export function canRequestPermit(
  subject: Subject,
  schoolCode: string,
  streams: readonly Stream[],
  today: CalendarDate,
): Decision {
  if (streams.length === 0) return deny('noGrant');
  for (const stream of streams) {
    if (importanceOf(stream.db) !== 2) return deny('notThisKind');
    if (parseSchoolDatabase(stream.db)?.schoolCode !== schoolCode) return deny('noGrant');
    const reads = canReadStream(subject, stream, today);
    if (!reads.allowed) return reads;
  }
  return allow('staffOfSchool');
}

/** Who sees a school's register of permits: its principal, and the board's administrator. */
export function canSeePermits(subject: Subject, schoolCode: string, today: CalendarDate): Decision {
  const may = holds(subject, 'principal', schoolCode, today) || isBoardAdministrator(subject, today);
  return may ? allow('schoolManagement') : deny('noGrant');
}

/**
 * Who grants, refuses and revokes: the principal of the school, and for a principal's own permit the board's
 * administrator. Nobody decides of what they take out themselves.
 */
export function canDecidePermit(
  subject: Subject,
  permit: Pick<Permit, 'personId' | 'schoolCode'>,
  holder: Subject,
  today: CalendarDate,
): Decision {
  if (permit.personId === subject.personId) return deny('ownPermit');
  if (holds(subject, 'principal', permit.schoolCode, today)) return allow('schoolManagement');
  const ofPrincipal = holds(holder, 'principal', permit.schoolCode, today);
  return ofPrincipal && isBoardAdministrator(subject, today) ? allow('schoolManagement') : deny('noGrant');
}

/** Who gives and takes a school's blanket permission of importance Ⅲ: its principal, or the board's administrator. */
export function canSetBlanketPermission(subject: Subject, schoolCode: string, today: CalendarDate): Decision {
  return canSeePermits(subject, schoolCode, today);
}

/** Who changes the board's security policy. */
export function canSetPolicy(subject: Subject, today: CalendarDate): Decision {
  return isBoardAdministrator(subject, today) ? allow('schoolManagement') : deny('noGrant');
}
