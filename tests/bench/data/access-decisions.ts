import { canReadStream, canWriteEntry } from '../../../src/access/register-access.ts';
import { rosterContextOf } from '../../../src/access/roster-context.ts';
import { roles, type Grant, type Subject } from '../../../src/access/subject.ts';
import { calendarDate } from '../../../src/domain/calendar/calendar-date.ts';
import type { EntryBody } from '../../../src/ledger/entry.ts';
import { attendanceKey } from '../../../src/ledger/kinds.ts';
import { registerStream, type Stream } from '../../../src/ledger/stream.ts';

const YEAR = 2026;
const TODAY = calendarDate('2026-06-10');
const SPAN = { from: calendarDate('2026-04-01'), until: calendarDate('2027-04-01') };
const HOMEROOMS = 18;
const PUPILS = 35;
const SCHOOLS = ['B101', 'B102', 'B103'] as const;
const BOARD = new Set(['boardSupervisor', 'boardAdministrator', 'systemAdministrator']);

const homeroomId = (school: string, homeroom: number): string => `${school}-h${homeroom}`;
const pupilId = (school: string, homeroom: number, pupil: number): string =>
  `${homeroomId(school, homeroom)}-p${pupil}`;

/** A whole school's pupils, as a gateway holds them. */
function contextOf(school: string) {
  const enrollments = [];
  for (let homeroom = 1; homeroom <= HOMEROOMS; homeroom++) {
    for (let pupil = 1; pupil <= PUPILS; pupil++) {
      const studentId = pupilId(school, homeroom, pupil);
      enrollments.push({
        id: studentId,
        studentId,
        homeroomId: homeroomId(school, homeroom),
        rosterNumber: pupil,
        ...SPAN,
        beganBy: 'yearStart' as const,
        endedBy: null,
      });
    }
  }
  return rosterContextOf({ enrollments });
}

function grantOf(role: Grant['role'], school: string, homeroom: number): Grant {
  const atBoard = BOARD.has(role);
  const bounded = role === 'homeroomTeacher' || role === 'assistantHomeroomTeacher';
  return {
    role,
    schoolCode: atBoard ? null : school,
    ...(bounded ? { homeroomId: homeroomId(school, homeroom) } : {}),
    ...SPAN,
  };
}

interface Question {
  readonly subject: Subject;
  readonly stream: Stream;
  readonly body: EntryBody;
  readonly context: ReturnType<typeof contextOf>;
}

function makeQuestions(): Question[] {
  const contexts = new Map(SCHOOLS.map((school) => [school, contextOf(school)]));
  const questions: Question[] = [];
  for (const school of SCHOOLS) {
    for (const role of roles) {
      for (let homeroom = 1; homeroom <= HOMEROOMS; homeroom++) {
        const subject = {
          personId: `${role}-${homeroom}`,
          // Some who look hold a second duty beside.
          grants: [
            grantOf(role, school, homeroom),
            ...(homeroom % 3 === 0 ? [grantOf('subjectTeacher', 'B102', 1)] : []),
          ],
        };
        for (const asked of ['B101', 'B102'] as const) {
          const key = attendanceKey(pupilId(asked, homeroom, 1 + (questions.length % PUPILS)), TODAY);
          const body: EntryBody = {
            v: 1,
            kind: 'attendance',
            salt: '',
            on: TODAY,
            madeAt: 0,
            by: subject.personId,
            device: 'd',
            cells: [{ key, value: { mark: 'present' }, over: [] }],
          };
          const context = contexts.get(asked);
          if (context) questions.push({ subject, stream: registerStream(asked, YEAR), body, context });
        }
      }
    }
  }
  return questions;
}

export interface DecisionRun {
  readonly decisions: number;
  readonly allowed: number;
  readonly milliseconds: number;
}

/**
 * Every question in turn, rounds over: half of them whether somebody reads a stream, half whether they write an entry
 * into it. What is allowed is counted, so that nothing is left out for being unused.
 */
export function runDecisions(rounds: number): DecisionRun {
  const questions = makeQuestions();
  let allowed = 0;
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const { subject, stream, body, context } of questions) {
      if (canReadStream(subject, stream, TODAY).allowed) allowed += 1;
      if (canWriteEntry(subject, stream, body, context, TODAY).allowed) allowed += 1;
    }
  }
  const milliseconds = performance.now() - started;
  return { decisions: rounds * questions.length * 2, allowed, milliseconds };
}
