import { calendarDate, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import { schoolAuditReaders, wholeAuditReaders } from './audit-access.ts';
import type { Decision } from './decision.ts';
import { deviceKeepers } from './device-access.ts';
import { administrations } from './people-access.ts';
import { canSeePermits, canSetPolicy } from './permit-access.ts';
import { official1Readers, official1Writers, recordsReaders, recordsWriters } from './records-access.ts';
import { boardCountsReach, erasers, registerReach, registerWriters, type Reach } from './register-access.ts';
import { boardRoles, isValidOn, type Grant, type Role, type Subject } from './subject.ts';
import { trayKeepers } from './tray-access.ts';

/**
 * How far each right goes for a role. What is asked here are the tables and functions that decide, so that an
 * explanation cannot say anything else; an area with rights of its own adds its lines.
 */
const reachOf = {
  readRegister: registerReach,
  writeAttendance: (role) => registerWriters.attendance[role],
  writeClosing: (role) => registerWriters.closing[role],
  writeEnrollment: (role) => registerWriters.enrollment[role],
  writeHomeroom: (role) => registerWriters.homeroom[role],
  writeStaff: (role) => registerWriters.staff[role],
  writeCalendar: (role) => registerWriters.calendar[role],
  erase: (role) => erasers[role],
  readRecords: (role) => recordsReaders[role],
  writeGuardian: (role) => recordsWriters.guardian[role],
  readOfficial: (role) => official1Readers[role],
  writeOfficial: (role) => official1Writers.studentRecord[role],
  readBoardCounts: boardCountsReach,
  managePeople: (role) => administrations[role]?.reach,
  keepDevices: (role) => deviceKeepers[role],
  keepTray: (role) => (trayKeepers.has(role) ? 'school' : undefined),
  seePermits: byAsking(canSeePermits),
  readAudit: (role) =>
    wholeAuditReaders.has(role) ? 'everySchool' : schoolAuditReaders.has(role) ? 'school' : undefined,
  setPolicy: byAsking((subject, _school, today) => canSetPolicy(subject, today)),
} satisfies Readonly<Record<string, (role: Role) => Reach | undefined>>;

/** What a role can give, a closed set. */
export type RightCode = keyof typeof reachOf;

export const rightCodes = Object.keys(reachOf) as readonly RightCode[];

/** The reach of a right that a function decides and no table: a role is given, and the function is asked. */
function byAsking(
  decide: (subject: Subject, schoolCode: string, today: CalendarDate) => Decision,
): (role: Role) => Reach | undefined {
  const [today, until] = [calendarDate('2000-04-01'), calendarDate('2001-04-01')];
  return (role) => {
    const atBoard = boardRoles.has(role);
    const grant: Grant = { role, schoolCode: atBoard ? null : 'S', from: today, until };
    if (!decide({ personId: 'p', grants: [grant] }, 'S', today).allowed) return undefined;
    return atBoard ? 'everySchool' : 'school';
  };
}

/** One right of a person, with the grant that gives it. */
export interface Explanation {
  readonly right: RightCode;
  /** Where it holds: a school's code, or null for every school of the board. */
  readonly schoolCode: string | null;
  /** Given where the right is bounded to a homeroom. */
  readonly homeroomId?: string;
  readonly because: Grant;
}

/** Why a person may do what they may do on a day: every right by every grant that gives it. */
export function explainAccess(subject: Subject, on: CalendarDate): Explanation[] {
  return subject.grants
    .filter((grant) => isValidOn(grant, on))
    .flatMap((because) => rightCodes.flatMap((right) => explainOne(right, because)));
}

function explainOne(right: RightCode, because: Grant): Explanation[] {
  const { role, schoolCode, homeroomId } = because;
  switch (reachOf[right](role)) {
    case 'everySchool':
      return [{ right, schoolCode: null, because }];
    case 'school':
      return schoolCode === null ? [] : [{ right, schoolCode, because }];
    case 'homeroom':
      return schoolCode === null || homeroomId === undefined
        ? []
        : [{ right, schoolCode, homeroomId, because }];
    default:
      return [];
  }
}
