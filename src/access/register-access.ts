import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { EntryBody } from '../ledger/entry.ts';
import { parseAttendanceKey, type RegisterKind } from '../ledger/kinds.ts';
import { parseRegisterDatabase, parseSchoolDatabase, type Stream } from '../ledger/stream.ts';
import { allow, deny, type Decision } from './decision.ts';
import { canReadRecords, canWriteRecords } from './records-access.ts';
import { boardRoles, isValidOn, type Role, type Subject } from './subject.ts';

/** What a decision must know of a school beyond the entry: where a student belonged on a day. */
export interface RosterContext {
  readonly homeroomOf: (studentId: string, date: CalendarDate) => string | undefined;
}

/**
 * How far a role's right goes. `homeroom`: the grant's own homeroom. `school`: the grant's school. `everySchool`: all
 * of the board's. Absent: denied.
 */
export type Reach = 'homeroom' | 'school' | 'everySchool';
type WriterReach = Exclude<Reach, 'everySchool'>;

/**
 * Who writes what in a register. What is not in this table is denied; `school` and nothing else arrives by import
 * alone.
 */
export const registerWriters: { readonly [K in RegisterKind]: { readonly [R in Role]?: WriterReach } } = {
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
  homeroom: {
    academicAffairs: 'school',
    officeStaff: 'school',
    vicePrincipal: 'school',
    principal: 'school',
  },
  staff: { officeStaff: 'school', vicePrincipal: 'school', principal: 'school' },
  calendar: {
    academicAffairs: 'school',
    officeStaff: 'school',
    vicePrincipal: 'school',
    principal: 'school',
  },
  school: {},
};

/** Erasure is the principal's, or the board administrator's, and nobody else's. */
export const erasers: { readonly [R in Role]?: Reach } = {
  principal: 'school',
  boardAdministrator: 'everySchool',
};

/** All staff of a school read its whole register, and nobody else: not the board either. */
export function registerReach(role: Role): Reach | undefined {
  return boardRoles.has(role) ? undefined : 'school';
}

/** The board's own staff see counts by school, never a register. */
export function boardCountsReach(role: Role): Reach | undefined {
  return boardRoles.has(role) ? 'everySchool' : undefined;
}

export { isValidOn };

const SOLE_SCOPES = { register: 'register', official1: 'official', official2: 'official' } as const;

function registerSchoolOf(stream: Stream): string | null {
  if (stream.scope !== 'register') return null;
  return parseRegisterDatabase(stream.db)?.schoolCode ?? null;
}

/** Whether a stream is this person's to know by right; where it may be held is for `canHoldStream` to say. */
export function canReadStream(subject: Subject, stream: Stream, today: CalendarDate): Decision {
  const school = registerSchoolOf(stream);
  if (school === null) return canReadRecords(subject, stream, today);
  let expired = false;
  for (const grant of subject.grants) {
    if (grant.schoolCode !== school || registerReach(grant.role) === undefined) continue;
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
  if (body.by !== subject.personId) return deny('notTheAuthor');
  const school = registerSchoolOf(stream);
  if (school === null) return canWriteRecords(subject, stream, body, context, today);
  const writers = Object.hasOwn(registerWriters, body.kind) ? registerWriters[body.kind as RegisterKind] : {};
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
  const database = parseSchoolDatabase(stream.db);
  // Registers and official records have one stream each; any other scope is none of ours.
  const isScope =
    database?.class === 'records' || stream.scope === SOLE_SCOPES[database?.class ?? 'register'];
  if (!database || !isScope) return deny('noGrant');
  const school = database.schoolCode;
  const grant = subject.grants.find((candidate) => {
    const reach = erasers[candidate.role];
    return (
      (reach === 'everySchool' || (reach === 'school' && candidate.schoolCode === school)) &&
      isValidOn(candidate, today)
    );
  });
  return grant ? allow('schoolManagement') : deny('noGrant');
}

export function canReadBoardCounts(subject: Subject, today: CalendarDate): Decision {
  const grant = subject.grants.find(
    (candidate) => boardCountsReach(candidate.role) !== undefined && isValidOn(candidate, today),
  );
  return grant ? allow('boardCounts') : deny('noGrant');
}
