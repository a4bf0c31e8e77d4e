import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { EntryBody } from '../ledger/entry.ts';
import { parseAttendanceKey, type Kind } from '../ledger/kinds.ts';
import { parseRegisterDatabase, type Stream } from '../ledger/stream.ts';
import { allow, deny, type Decision } from './decision.ts';
import { boardRoles, type Grant, type Role, type Subject } from './subject.ts';

/** What a decision must know of a school beyond the entry: where a student belonged on a day. */
export interface RosterContext {
  readonly homeroomOf: (studentId: string, date: CalendarDate) => string | undefined;
}

/** `school`: any student of the school. `homeroom`: those of the grant's own homeroom. Absent: denied. */
type Reach = 'school' | 'homeroom';

/**
 * Who writes what in a register. What is not in this table is denied; `school` and nothing else arrives by import
 * alone.
 */
export const registerWriters: { readonly [K in Kind]: { readonly [R in Role]?: Reach } } = {
  attendance: {
    homeroomTeacher: 'homeroom',
    assistantHomeroomTeacher: 'homeroom',
    schoolNurse: 'school',
    officeStaff: 'school',
    vicePrincipal: 'school',
    principal: 'school',
  },
  closing: { homeroomTeacher: 'homeroom', vicePrincipal: 'school', principal: 'school' },
  enrollment: { officeStaff: 'school', vicePrincipal: 'school', principal: 'school' },
  homeroom: { officeStaff: 'school', vicePrincipal: 'school', principal: 'school' },
  staff: { officeStaff: 'school', vicePrincipal: 'school', principal: 'school' },
  calendar: { officeStaff: 'school', vicePrincipal: 'school', principal: 'school' },
  school: {},
};

/** Erasure is the principal's, or the board administrator's, and nobody else's. */
const erasers: ReadonlySet<Role> = new Set(['principal', 'boardAdministrator']);

export function isValidOn(grant: Grant, today: CalendarDate): boolean {
  return grant.from <= today && today < grant.until;
}

function schoolOf(stream: Stream): string | null {
  if (stream.scope !== 'register') return null;
  return parseRegisterDatabase(stream.db)?.schoolCode ?? null;
}

/** All staff of a school read its whole register, and nobody else: not the board either. */
export function canReadStream(subject: Subject, stream: Stream, today: CalendarDate): Decision {
  const school = schoolOf(stream);
  if (school === null) return deny('noGrant');
  let expired = false;
  for (const grant of subject.grants) {
    if (grant.schoolCode !== school || boardRoles.has(grant.role)) continue;
    if (isValidOn(grant, today)) return allow('staffOfSchool');
    expired = true;
  }
  return deny(expired ? 'expired' : 'noGrant');
}

function withinHomeroom(homeroomId: string, body: EntryBody, context: RosterContext): boolean {
  return body.cells.every((cell) => {
    const day = parseAttendanceKey(cell.key);
    if (day) return context.homeroomOf(day.studentId, day.date) === homeroomId;
    return cell.key.startsWith(`closing/${homeroomId}/`);
  });
}

function everyStudentKnown(body: EntryBody, context: RosterContext): boolean {
  if (body.kind !== 'attendance') return true;
  return body.cells.every((cell) => {
    const day = parseAttendanceKey(cell.key);
    return day !== null && context.homeroomOf(day.studentId, day.date) !== undefined;
  });
}

/** Whether this person may write this entry into this stream now. `by` must be the person. */
export function canWriteEntry(
  subject: Subject,
  stream: Stream,
  body: EntryBody,
  context: RosterContext,
  today: CalendarDate,
): Decision {
  const school = schoolOf(stream);
  if (school === null) return deny('noGrant');
  if (body.by !== subject.personId) return deny('notTheAuthor');
  const writers = Object.hasOwn(registerWriters, body.kind) ? registerWriters[body.kind as Kind] : {};
  let closest: Decision = deny('noGrant');
  for (const grant of subject.grants) {
    if (grant.schoolCode !== school) continue;
    if (!isValidOn(grant, today)) {
      if (closest.because === 'noGrant') closest = deny('expired');
      continue;
    }
    const reach = writers[grant.role];
    if (reach === 'school')
      return everyStudentKnown(body, context) ? allow('wholeSchool') : deny('notEnrolled');
    if (reach === undefined) closest = deny('notThisKind');
    else if (grant.homeroomId && withinHomeroom(grant.homeroomId, body, context)) return allow('ownHomeroom');
    else closest = deny('notThisHomeroom');
  }
  return closest;
}

export function canEraseEntry(subject: Subject, stream: Stream, today: CalendarDate): Decision {
  const school = schoolOf(stream);
  if (school === null) return deny('noGrant');
  const grant = subject.grants.find(
    (candidate) =>
      erasers.has(candidate.role) &&
      isValidOn(candidate, today) &&
      (candidate.schoolCode === school || boardRoles.has(candidate.role)),
  );
  return grant ? allow('schoolManagement') : deny('noGrant');
}

/** The board's own staff see counts by school, never a register. */
export function canReadBoardCounts(subject: Subject, today: CalendarDate): Decision {
  const grant = subject.grants.find(
    (candidate) => boardRoles.has(candidate.role) && isValidOn(candidate, today),
  );
  return grant ? allow('boardCounts') : deny('noGrant');
}
