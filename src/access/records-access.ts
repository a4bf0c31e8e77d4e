import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { EntryBody } from '../ledger/entry.ts';
import type { official1Kinds, recordsKinds } from '../ledger/record-kinds.ts';
import { classScope, parseSchoolDatabase, type Stream } from '../ledger/stream.ts';
import { allow, deny, type Decision } from './decision.ts';
import type { Reach, RosterContext } from './register-access.ts';
import { isValidOn, type Role, type Subject } from './subject.ts';

type SchoolReach = Exclude<Reach, 'everySchool'>;
type Table = { readonly [R in Role]?: SchoolReach };

/** Who reads what a school keeps of the pupils of a homeroom (importance Ⅱ). */
export const recordsReaders: Table = {
  homeroomTeacher: 'homeroom',
  assistantHomeroomTeacher: 'homeroom',
  schoolNurse: 'school',
  officeStaff: 'school',
  vicePrincipal: 'school',
  principal: 'school',
};

/** Who writes which kind of it. */
export const recordsWriters: { readonly [K in keyof typeof recordsKinds]: Table } = {
  guardian: recordsReaders,
};

/** Who reads 指導要録 様式1 (importance Ⅰ), online alone. `homeroom`: of the own pupils. */
export const official1Readers: Table = {
  homeroomTeacher: 'homeroom',
  academicAffairs: 'school',
  officeStaff: 'school',
  vicePrincipal: 'school',
  principal: 'school',
};

/** Who writes it, online alone. */
export const official1Writers: { readonly [K in keyof typeof official1Kinds]: Table } = {
  studentRecord: { officeStaff: 'school', vicePrincipal: 'school', principal: 'school' },
};

function tableOf(tables: Readonly<Record<string, Table>>, kind: string): Table {
  return Object.hasOwn(tables, kind) ? (tables[kind] ?? {}) : {};
}

/** Finds the grant that a table makes enough; `within` says whether a bounded one covers what is asked. */
function decide(
  subject: Subject,
  table: Table,
  schoolCode: string,
  today: CalendarDate,
  within: (homeroomId: string) => boolean,
): Decision {
  let closest: Decision = deny('noGrant');
  for (const grant of subject.grants) {
    if (grant.schoolCode !== schoolCode) continue;
    const reach = table[grant.role];
    if (!isValidOn(grant, today)) {
      if (reach !== undefined && closest.because === 'noGrant') closest = deny('expired');
    } else if (reach === 'school') return allow('wholeSchool');
    else if (reach === undefined) closest = deny('notThisKind');
    else if (grant.homeroomId !== undefined && within(grant.homeroomId)) return allow('ownHomeroom');
    else closest = deny('notThisHomeroom');
  }
  return closest;
}

/** Whether this person may know a whole stream of importance Ⅰ or Ⅱ; where it may be held is `canHoldStream`'s. */
export function canReadRecords(subject: Subject, stream: Stream, today: CalendarDate): Decision {
  const database = parseSchoolDatabase(stream.db);
  switch (database?.class) {
    case 'records':
      return decide(
        subject,
        recordsReaders,
        database.schoolCode,
        today,
        (homeroomId) => classScope(homeroomId) === stream.scope,
      );
    case 'official1':
      if (stream.scope !== 'official') return deny('noGrant');
      return decide(subject, official1Readers, database.schoolCode, today, () => false);
    default:
      return deny('noGrant');
  }
}

/** Whether this person may see one pupil's 指導要録 様式1. */
export function canReadOfficial(
  subject: Subject,
  schoolCode: string,
  studentId: string,
  context: RosterContext,
  today: CalendarDate,
): Decision {
  const homeroom = context.homeroomOf(studentId, today);
  return decide(subject, official1Readers, schoolCode, today, (homeroomId) => homeroomId === homeroom);
}

/** Whether this person may write an entry into a stream of importance Ⅰ or Ⅱ. The author was judged before. */
export function canWriteRecords(
  subject: Subject,
  stream: Stream,
  body: EntryBody,
  context: RosterContext,
  today: CalendarDate,
): Decision {
  const database = parseSchoolDatabase(stream.db);
  const homerooms = body.cells.map(({ key }) => context.homeroomOf(key.slice(key.indexOf('/') + 1), body.on));
  switch (database?.class) {
    case 'records': {
      const decision = decide(
        subject,
        tableOf(recordsWriters, body.kind),
        database.schoolCode,
        today,
        (homeroomId) => classScope(homeroomId) === stream.scope,
      );
      if (!decision.allowed) return decision;
      // Whoever reads the stream reads the entry: it lies with the pupil's own homeroom or nowhere.
      const allHere = homerooms.every((id) => id !== undefined && classScope(id) === stream.scope);
      return allHere ? decision : deny('notEnrolled');
    }
    case 'official1': {
      if (stream.scope !== 'official') return deny('noGrant');
      const table = tableOf(official1Writers, body.kind);
      const decision = decide(subject, table, database.schoolCode, today, () => false);
      if (!decision.allowed) return decision;
      return homerooms.every((id) => id !== undefined) ? decision : deny('notEnrolled');
    }
    default:
      return deny('noGrant');
  }
}
