import { describe, expect, it } from 'vitest';
import { canReadOfficial } from '../../src/access/records-access.ts';
import { canEraseEntry, canReadStream, canWriteEntry } from '../../src/access/register-access.ts';
import { rosterContextOf } from '../../src/access/roster-context.ts';
import { roles, type Role, type Subject } from '../../src/access/subject.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { readRoster } from '../../src/ledger/register-view.ts';
import { officialStream, recordsStream } from '../../src/ledger/stream.ts';
import {
  guardianEntry,
  homeroomId,
  OTHER_SCHOOL,
  pupilId,
  rosterEntries,
  SCHOOL,
  studentRecordEntry,
  TODAY,
  YEAR,
} from '../../src/gateway/testing/small-town.ts';
import { grantFor } from './register-cases.ts';

const context = rosterContextOf(readRoster(foldEntries(rosterEntries(SCHOOL)), YEAR));
const ownRoom = recordsStream(SCHOOL, YEAR, homeroomId(SCHOOL, 1));
const otherRoom = recordsStream(SCHOOL, YEAR, homeroomId(SCHOOL, 2));
const otherSchool = recordsStream(OTHER_SCHOOL, YEAR, homeroomId(OTHER_SCHOOL, 1));
const official = officialStream(SCHOOL, 'official1');
const [ownPupil, otherPupil] = [pupilId(SCHOOL, 1, 1), pupilId(SCHOOL, 2, 1)];

/** Told a second time, from the notes of the design. */
const wholeSchool: readonly Role[] = ['schoolNurse', 'officeStaff', 'vicePrincipal', 'principal'];
const ofHomeroom: readonly Role[] = ['homeroomTeacher', 'assistantHomeroomTeacher'];
const officialSchool: readonly Role[] = ['academicAffairs', 'officeStaff', 'vicePrincipal', 'principal'];
const officialWriters: readonly Role[] = ['officeStaff', 'vicePrincipal', 'principal'];

describe.each(roles)('%s', (role) => {
  describe.each(['valid', 'expired', 'future'] as const)('with a grant that is %s', (validity) => {
    const subject: Subject = { personId: 'person', grants: [grantFor(role, validity)] };
    const valid = validity === 'valid';
    const school = valid && wholeSchool.includes(role);
    const own = school || (valid && ofHomeroom.includes(role));

    it('[AC61, AC3] reads the records of a homeroom or not', () => {
      expect(canReadStream(subject, ownRoom, TODAY).allowed).toBe(own);
      expect(canReadStream(subject, otherRoom, TODAY).allowed).toBe(school);
      expect(canReadStream(subject, otherSchool, TODAY).allowed).toBe(false);
    });

    it('[AC61, AC62] writes 緊急連絡先 or not, where the pupil is', () => {
      const write = (stream: typeof ownRoom, pupil: string, by = 'person') =>
        canWriteEntry(subject, stream, guardianEntry(stream, pupil, by), context, TODAY).allowed;
      expect(write(ownRoom, ownPupil)).toBe(own);
      expect(write(otherRoom, otherPupil)).toBe(school);
      // Into the stream of a homeroom where the pupil is not: its readers would see a stranger.
      expect(write(ownRoom, otherPupil)).toBe(false);
      expect(write(otherRoom, ownPupil)).toBe(false);
      expect(write(ownRoom, 'nobody-here')).toBe(false);
      expect(write(otherSchool, pupilId(OTHER_SCHOOL, 1, 1))).toBe(false);
      expect(write(ownRoom, ownPupil, 'colleague')).toBe(false);
    });

    it('[AC63] sees 指導要録 of a pupil or not', () => {
      const sees = (pupil: string, of = SCHOOL) =>
        canReadOfficial(subject, of, pupil, context, TODAY).allowed;
      const all = valid && officialSchool.includes(role);
      expect(sees(ownPupil)).toBe(all || (valid && role === 'homeroomTeacher'));
      expect(sees(otherPupil)).toBe(all);
      expect(sees(ownPupil, OTHER_SCHOOL)).toBe(false);
      expect(canReadStream(subject, official, TODAY).allowed).toBe(all);
      expect(canReadStream(subject, { ...official, scope: 'register' }, TODAY).allowed).toBe(false);
    });

    it('[AC64] writes 指導要録 or not', () => {
      const write = (pupil: string) =>
        canWriteEntry(subject, official, studentRecordEntry(pupil, 'person'), context, TODAY).allowed;
      expect(write(ownPupil)).toBe(valid && officialWriters.includes(role));
      expect(write('nobody-here')).toBe(false);
    });

    it('[AC65] erases or not', () => {
      const erases = valid && (role === 'principal' || role === 'boardAdministrator');
      expect(canEraseEntry(subject, ownRoom, TODAY).allowed).toBe(erases);
      expect(canEraseEntry(subject, official, TODAY).allowed).toBe(erases);
      expect(canEraseEntry(subject, otherSchool, TODAY).allowed).toBe(valid && role === 'boardAdministrator');
    });
  });
});

describe('the other part of 指導要録', () => {
  it('[AC15] has no rule yet and is nobody’s', () => {
    const all: Subject = { personId: 'person', grants: roles.map((role) => grantFor(role, 'valid')) };
    expect(canReadStream(all, officialStream(SCHOOL, 'official2'), TODAY).allowed).toBe(false);
    const entry = { ...guardianEntry(ownRoom, ownPupil, 'person'), kind: 'constructor' };
    expect(canWriteEntry(all, ownRoom, entry, context, TODAY).allowed).toBe(false);
  });
});

describe('a pupil who changes homeroom', () => {
  it('[AC62] is written about where the pupil was on the day', () => {
    const moved = rosterContextOf({
      enrollments: [
        {
          id: 'e1',
          studentId: 'mover',
          homeroomId: homeroomId(SCHOOL, 1),
          rosterNumber: null,
          from: calendarDate('2026-04-01'),
          until: calendarDate('2026-06-01'),
          beganBy: 'yearStart',
          endedBy: 'homeroomChange',
        },
        {
          id: 'e2',
          studentId: 'mover',
          homeroomId: homeroomId(SCHOOL, 2),
          rosterNumber: null,
          from: calendarDate('2026-06-01'),
          until: calendarDate('2027-04-01'),
          beganBy: 'homeroomChange',
          endedBy: null,
        },
      ],
    });
    const office: Subject = { personId: 'person', grants: [grantFor('officeStaff', 'valid')] };
    const teacher: Subject = { personId: 'person', grants: [grantFor('homeroomTeacher', 'valid')] };
    const write = (subject: Subject, stream: typeof ownRoom) =>
      canWriteEntry(subject, stream, guardianEntry(stream, 'mover', 'person'), moved, TODAY).allowed;
    expect(write(office, otherRoom)).toBe(true);
    expect(write(office, ownRoom)).toBe(false);
    expect(write(teacher, ownRoom)).toBe(false);
  });
});
