import { describe, expect, it } from 'vitest';
import {
  canEraseEntry,
  canReadBoardCounts,
  canReadStream,
  canWriteEntry,
} from '../../src/access/register-access.ts';
import { rosterContextOf } from '../../src/access/roster-context.ts';
import { roles, type Subject } from '../../src/access/subject.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { readRoster } from '../../src/ledger/register-view.ts';
import { registerStream } from '../../src/ledger/stream.ts';
import {
  attendance,
  grantOf,
  homeroomId,
  OTHER_SCHOOL,
  pupilId,
  rosterEntries,
  SCHOOL,
  stream,
  TODAY,
  YEAR,
} from '../../src/gateway/testing/small-town.ts';
import { grantFor, mayRead, mayWrite, targetStream, writeFor, writtenKinds } from './register-cases.ts';
import { Tally } from './tally.ts';

const tally = new Tally('register-access');

const contexts = {
  own: rosterContextOf(readRoster(foldEntries(rosterEntries(SCHOOL)), YEAR)),
  foreign: rosterContextOf(readRoster(foldEntries(rosterEntries(OTHER_SCHOOL)), YEAR)),
};
const validities = ['valid', 'expired', 'future'] as const;
const targets = [
  { school: 'own', homeroom: 'own' },
  { school: 'own', homeroom: 'other' },
  { school: 'foreign', homeroom: 'own' },
] as const;

describe.each(roles)('%s', (role) => {
  describe.each(validities)('with a grant that is %s', (validity) => {
    const subject: Subject = { personId: 'person', grants: [grantFor(role, validity)] };

    it.each(targets)('[AC1, AC2, AC3] reads the register of the $school school or not', (target) => {
      expect(canReadStream(subject, targetStream(target), TODAY).allowed).toBe(
        mayRead(role, target, validity),
      );
    });

    describe.each(targets)('in the $school school, $homeroom homeroom', (target) => {
      it.each(writtenKinds)('[AC3, AC4, AC5, AC6, AC7] writes %s or not', (kind) => {
        const entry = writeFor(kind, target, 'person');
        const decision = canWriteEntry(subject, targetStream(target), entry, contexts[target.school], TODAY);
        const expected = mayWrite(role, kind, target, validity);
        tally.judge(expected, decision.allowed, () => `${validity} ${role} writes ${kind}`);
        expect(decision.allowed).toBe(expected);
      });

      it('[AC10] never writes in the name of another', () => {
        for (const kind of writtenKinds) {
          const entry = writeFor(kind, target, 'colleague');
          const decision = canWriteEntry(
            subject,
            targetStream(target),
            entry,
            contexts[target.school],
            TODAY,
          );
          tally.judge(false, decision.allowed, () => `${validity} ${role} writes ${kind} as a colleague`);
          expect(decision.allowed).toBe(false);
        }
      });
    });

    it('[AC11] erases or not', () => {
      const own = validity === 'valid' && (role === 'principal' || role === 'boardAdministrator');
      expect(canEraseEntry(subject, targetStream(targets[0]), TODAY).allowed).toBe(own);
      const foreign = validity === 'valid' && role === 'boardAdministrator';
      expect(canEraseEntry(subject, targetStream(targets[2]), TODAY).allowed).toBe(foreign);
    });

    it('[AC12] sees the board’s counts or not', () => {
      const board = ['boardSupervisor', 'boardAdministrator', 'systemAdministrator'].includes(role);
      expect(canReadBoardCounts(subject, TODAY).allowed).toBe(board && validity === 'valid');
    });
  });
});

describe('a right bounded to a homeroom', () => {
  const teacher: Subject = { personId: 'person', grants: [grantFor('homeroomTeacher', 'valid')] };
  const decide = (subject: Subject, marks: Record<string, string>) =>
    canWriteEntry(subject, stream, attendance({ by: 'person', marks }), contexts.own, TODAY);

  it('[AC8] does not cover an entry that reaches beyond it by one cell', () => {
    const own = { [pupilId(SCHOOL, 1, 1)]: 'present', [pupilId(SCHOOL, 1, 2)]: 'sick' };
    expect(decide(teacher, own).allowed).toBe(true);
    expect(decide(teacher, { ...own, [pupilId(SCHOOL, 2, 1)]: 'present' }).allowed).toBe(false);
  });

  it('[AC13] adds up with other grants, and an ended one takes nothing away', () => {
    const other = grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 2) });
    const ended = { ...grantFor('schoolNurse', 'expired') };
    const both: Subject = { personId: 'person', grants: [ended, ...teacher.grants, other] };
    expect(decide(both, { [pupilId(SCHOOL, 2, 1)]: 'present' }).allowed).toBe(true);
    expect(decide(both, { [pupilId(SCHOOL, 1, 1)]: 'present' }).allowed).toBe(true);
    const office = grantOf('officeStaff', SCHOOL);
    const wide: Subject = { personId: 'person', grants: [...teacher.grants, office] };
    expect(
      decide(wide, { [pupilId(SCHOOL, 2, 1)]: 'present', [pupilId(SCHOOL, 1, 1)]: 'sick' }).allowed,
    ).toBe(true);
  });

  it('[AC9] does not cover pupils whom the school does not have', () => {
    const nurse: Subject = { personId: 'person', grants: [grantFor('schoolNurse', 'valid')] };
    expect(decide(nurse, { 'nobody-here': 'sick' }).allowed).toBe(false);
    expect(decide(nurse, { [pupilId(OTHER_SCHOOL, 1, 1)]: 'sick' }).allowed).toBe(false);
  });
});

describe('where a pupil belongs', () => {
  const roster = readRoster(foldEntries(rosterEntries(SCHOOL)), YEAR);
  const enrolled = (homeroom: number, from: string, until: string) => ({
    id: `${from}-${homeroom}`,
    studentId: 'mover',
    homeroomId: homeroomId(SCHOOL, homeroom),
    rosterNumber: 9,
    from: calendarDate(from),
    until: calendarDate(until),
    beganBy: 'transferIn' as const,
    endedBy: null,
  });
  const context = rosterContextOf({
    ...roster,
    enrollments: [enrolled(1, '2026-05-01', '2026-06-01'), enrolled(2, '2026-06-15', '2026-07-01')],
  });

  it.each([
    ['the day before the first', '2026-04-30', 1],
    ['a day of the first', '2026-05-31', 1],
    ['a day between two', '2026-06-10', 1],
    ['a day of the second', '2026-06-15', 2],
    ['a day after all', '2026-12-01', 2],
  ])('[AC9] is said by an enrolment on %s', (_, date, homeroom) => {
    expect(context.homeroomOf('mover', calendarDate(date))).toBe(homeroomId(SCHOOL, homeroom));
  });

  it('[AC9] is said by the later of two enrolments that overlap, and by none for a stranger', () => {
    const overlapping = rosterContextOf({
      ...roster,
      enrollments: [enrolled(2, '2026-06-01', '2027-04-01'), enrolled(1, '2026-05-01', '2027-04-01')],
    });
    expect(overlapping.homeroomOf('mover', TODAY)).toBe(homeroomId(SCHOOL, 2));
    expect(overlapping.homeroomOf('stranger', TODAY)).toBeUndefined();
  });
});

describe('what no rule names', () => {
  const all: Subject = { personId: 'person', grants: roles.map((role) => grantFor(role, 'valid')) };

  it.each(['records-s1', 'official2-s1', 'accounts-test', 'commons-test', 'tray-s1'])(
    '[AC15] is denied to everybody: %s',
    (db) => {
      const target = { db, scope: 'register' };
      const entry = attendance({ by: 'person', marks: { [pupilId(SCHOOL, 1, 1)]: 'present' } });
      expect(canReadStream(all, target, TODAY).allowed).toBe(false);
      expect(canWriteEntry(all, target, entry, contexts.own, TODAY).allowed).toBe(false);
      expect(canEraseEntry(all, target, TODAY).allowed).toBe(false);
    },
  );

  it('[AC15] is denied in another scope of a register, and for another kind', () => {
    const scope = { ...registerStream(SCHOOL, YEAR), scope: 'other' };
    expect(canReadStream(all, scope, TODAY).allowed).toBe(false);
    const entry = {
      ...attendance({ by: 'person', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } }),
      kind: 'toString',
    };
    expect(canWriteEntry(all, stream, entry, contexts.own, TODAY).allowed).toBe(false);
  });
});
