import { auditReachOf, canReadAudit, reachesEvent } from '../../src/access/audit-access.ts';
import { canKeepDevice } from '../../src/access/device-access.ts';
import { canManagePeopleAt } from '../../src/access/people-access.ts';
import { canSeePermits, canSetPolicy } from '../../src/access/permit-access.ts';
import { canReadOfficial } from '../../src/access/records-access.ts';
import {
  canEraseEntry,
  canReadBoardCounts,
  canReadStream,
  canWriteEntry,
} from '../../src/access/register-access.ts';
import { rosterContextOf } from '../../src/access/roster-context.ts';
import type { Subject } from '../../src/access/subject.ts';
import { canKeepTray } from '../../src/access/tray-access.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import type { EntryBody } from '../../src/ledger/entry.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { attendanceKey } from '../../src/ledger/kinds.ts';
import { readRoster } from '../../src/ledger/register-view.ts';
import { officialStream, recordsStream, registerStream, type Stream } from '../../src/ledger/stream.ts';
import { homeroomId, pupilId, rosterEntries, TODAY, YEAR } from '../../src/gateway/testing/small-town.ts';
import { schools, type Place } from './generated-subjects.ts';

export const years = [YEAR - 1, YEAR, YEAR + 1] as const;

const contexts = new Map(
  schools.map((school) => [school, rosterContextOf(readRoster(foldEntries(rosterEntries(school)), YEAR))]),
);
const contextOf = (school: string) => {
  const context = contexts.get(school as (typeof schools)[number]);
  if (!context) throw new Error(`no such school: ${school}`);
  return context;
};

/** Cells alone decide, and their keys; their values are the ledger's to check. */
function body(kind: string, by: string, year: number, key: string): EntryBody {
  const on = calendarDate(`${year}-06-10`);
  return {
    v: 1,
    kind,
    salt: '0'.repeat(32),
    on,
    madeAt: 0,
    by,
    device: 'device',
    cells: [{ key, value: {}, over: [] }],
  };
}

function keyOf(kind: string, { school, homeroom }: Place, year: number): string {
  const pupil = pupilId(school, homeroom, 1);
  switch (kind) {
    case 'attendance':
      return attendanceKey(pupil, calendarDate(`${year}-06-10`));
    case 'closing':
      return `closing/${homeroomId(school, homeroom)}/${year}-06`;
    case 'enrollment':
      return `student/${pupil}`;
    case 'homeroom':
      return `homeroom/${homeroomId(school, homeroom)}`;
    case 'guardian':
    case 'studentRecord':
      return `${kind}/${pupil}`;
    default:
      return kind === 'school' ? 'school' : `${kind}/some-id`;
  }
}

type Decide = (subject: Subject, at: Place, year: number) => boolean;

const register = ({ school }: Place, year: number): Stream => registerStream(school, year);
const records = ({ school, homeroom }: Place, year: number): Stream =>
  recordsStream(school, year, homeroomId(school, homeroom));
const official = ({ school }: Place): Stream => officialStream(school, 'official1');

const writes =
  (kind: string, streamAt: (at: Place, year: number) => Stream): Decide =>
  (subject, at, year) =>
    canWriteEntry(
      subject,
      streamAt(at, year),
      body(kind, subject.personId, year, keyOf(kind, at, year)),
      contextOf(at.school),
      TODAY,
    ).allowed;

/** Each right of the hand-written table, as the code decides it. */
export const decisions: Readonly<Record<string, Decide>> = {
  readRegister: (subject, at, year) => canReadStream(subject, register(at, year), TODAY).allowed,
  writeAttendance: writes('attendance', register),
  writeClosing: writes('closing', register),
  writeEnrollment: writes('enrollment', register),
  writeHomeroom: writes('homeroom', register),
  writeStaff: writes('staff', register),
  writeCalendar: writes('calendar', register),
  writeSchool: writes('school', register),
  erase: (subject, at, year) => canEraseEntry(subject, register(at, year), TODAY).allowed,
  readRecords: (subject, at, year) => canReadStream(subject, records(at, year), TODAY).allowed,
  writeGuardian: writes('guardian', records),
  readOfficial: (subject, { school, homeroom }) =>
    canReadOfficial(subject, school, pupilId(school, homeroom, 1), contextOf(school), TODAY).allowed,
  writeOfficial: writes('studentRecord', official),
  readBoardCounts: (subject) => canReadBoardCounts(subject, TODAY).allowed,
  managePeople: (subject, { school }) => canManagePeopleAt(subject, school, TODAY).allowed,
  keepDevices: (subject, { school }) => canKeepDevice(subject, [school], TODAY).allowed,
  keepTray: (subject, { school }) => canKeepTray(subject, school, TODAY).allowed,
  seePermits: (subject, { school }) => canSeePermits(subject, school, TODAY).allowed,
  readAudit: (subject, { school }) => {
    const reach = auditReachOf(subject, TODAY);
    return reach !== null && canReadAudit(subject, TODAY).allowed && reachesEvent(reach, [school]);
  },
  setPolicy: (subject) => canSetPolicy(subject, TODAY).allowed,
};
