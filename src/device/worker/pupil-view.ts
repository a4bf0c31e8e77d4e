import { canWriteEntry } from '../../access/register-access.ts';
import type { CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { enrolledOn } from '../../domain/roster/enrolled.ts';
import type { Fold, Write } from '../../ledger/fold.ts';
import { overOf } from '../../ledger/fold.ts';
import { guardianKey, type GuardianValue } from '../../ledger/record-kinds.ts';
import {
  parseRegisterDatabase,
  parseStreamKey,
  recordsStream,
  streamKey,
  type StreamKey,
} from '../../ledger/stream.ts';
import type { ContactsView, ContactsWrite, PupilView } from '../views.ts';
import { nameOf } from './day-view.ts';
import type { RegisterSource } from './register-source.ts';

/** The streams in which a pupil's records may lie: of the present homeroom, then of the others of the school. */
export function recordsOf(source: RegisterSource, studentId: string, date: CalendarDate): StreamKey[] {
  const school = parseRegisterDatabase(source.stream.db);
  const own = source.homeroomOf(studentId, date);
  if (!school || own === undefined) return [];
  const others = source.roster.enrollments
    .filter((enrollment) => enrollment.studentId === studentId && enrollment.homeroomId !== own)
    .map(({ homeroomId }) => homeroomId);
  return [...new Set([own, ...others])].map((id) =>
    streamKey(recordsStream(school.schoolCode, school.schoolYear, id)),
  );
}

/** What is known of one pupil here; null where the register does not know them. */
export function pupilView(
  source: RegisterSource,
  studentId: string,
  date: CalendarDate,
  records: { readonly folds: ReadonlyMap<StreamKey, Fold>; readonly otherTab: boolean },
): PupilView | null {
  const student = source.roster.students.get(studentId);
  const homeroom = source.roster.homerooms.get(source.homeroomOf(studentId, date) ?? '');
  const school = parseRegisterDatabase(source.stream.db);
  const [stream] = recordsOf(source, studentId, date);
  if (!student || !homeroom || !school || stream === undefined) return null;
  const seat = enrolledOn(source.roster, homeroom.id, date).find((each) => each.student.id === studentId);
  return {
    studentId,
    schoolCode: school.schoolCode,
    familyName: student.familyName,
    givenName: student.givenName,
    kana: `${student.kanaFamilyName} ${student.kanaGivenName}`.trim(),
    homeroomId: homeroom.id,
    homeroomTitle: homeroom.title,
    rosterNumber: seat?.enrollment.rosterNumber ?? null,
    stream,
    contacts: records.folds.has(stream) ? contactsView(source, studentId, date, stream, records.folds) : null,
    otherTab: records.otherTab,
  };
}

function contactsView(
  source: RegisterSource,
  studentId: string,
  date: CalendarDate,
  stream: StreamKey,
  folds: ReadonlyMap<StreamKey, Fold>,
): ContactsView {
  const key = guardianKey(studentId);
  const heads = folds.get(stream)?.headsOf(key) ?? [];
  const former = heads.length > 0 ? [] : [...folds.values()].flatMap((fold) => fold.headsOf(key));
  return {
    open: (heads.length > 0 ? heads : former).map((write) => contactsWrite(source, write)),
    // What lies in another stream cannot be replaced from here: it is carried over.
    painted: overOf(heads),
    canWrite: canWriteContacts(source, studentId, date, stream),
    fromFormerHomeroom: former.length > 0,
  };
}

function contactsWrite(source: RegisterSource, { entry, value }: Write): ContactsWrite {
  const contacts = entry.readable ? ((value as GuardianValue | null)?.contacts ?? null) : null;
  return {
    entryId: entry.id,
    contacts,
    byName: nameOf(source.roster.staff.get(entry.by)),
    madeAt: entry.madeAt,
    delivery: entry.received ? 'school' : 'device',
  };
}

function canWriteContacts(
  source: RegisterSource,
  studentId: string,
  date: CalendarDate,
  key: StreamKey,
): boolean {
  const stream = parseStreamKey(key);
  if (!stream) return false;
  const body = {
    v: 1,
    kind: 'guardian',
    salt: '',
    on: date,
    madeAt: 0,
    by: source.subject.personId,
    device: '',
    cells: [{ key: guardianKey(studentId), value: null, over: [] }],
  };
  return canWriteEntry(source.subject, stream, body, source, source.today).allowed;
}
