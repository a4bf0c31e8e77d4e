import { canWriteEntry } from '../access/register-access.ts';
import { calendarDateAt, schoolYearOf } from '../domain/calendar/calendar-date.ts';
import { makeEntry, MAX_OVER } from '../ledger/entry.ts';
import { parseEntryId } from '../ledger/entry-id.ts';
import { kinds } from '../ledger/kinds.ts';
import { guardianKey } from '../ledger/record-kinds.ts';
import { recordsStream, registerStream, streamKey } from '../ledger/stream.ts';
import type { CommandResult, RecordGuardian } from './device.ts';
import { appendToJournal } from './journal-writer.ts';
import type { Writer } from './record-attendance.ts';
import { randomHex, webCrypto } from './web-crypto.ts';

/** Writes whom to call for a pupil, where the pupil's homeroom is today; resolves once it is durable. */
export async function recordGuardian(writer: Writer, command: RecordGuardian): Promise<CommandResult> {
  const { db, generation, profile, now, schoolCode } = writer;
  const { studentId, contacts, painted } = command;
  const today = calendarDateAt(now);
  const year = schoolYearOf(today);
  const register = schoolCode === null ? null : streamKey(registerStream(schoolCode, year));
  const roster = register === null ? undefined : writer.rosters.get(register);
  const homeroomId = roster?.homeroomOf(studentId, today);
  const content = schoolCode === null ? undefined : writer.contentKeys.get(schoolCode);
  if (schoolCode === null || !roster || homeroomId === undefined || !content) {
    return { ok: false, code: 'denied' };
  }
  const stream = recordsStream(schoolCode, year, homeroomId);
  const value = { contacts: contacts.map(({ note, ...rest }) => (note ? { ...rest, note } : rest)) };
  const key = guardianKey(studentId);
  const { guardian } = kinds;
  const isSound =
    guardian.ownsKey(key) &&
    guardian.value.safeParse(value).success &&
    painted.length <= MAX_OVER &&
    painted.every((id) => parseEntryId(id) !== null);
  if (!isSound) return { ok: false, code: 'invalid' };
  const body = {
    v: guardian.version,
    kind: 'guardian',
    salt: randomHex(16),
    on: today,
    madeAt: Math.max(0, Math.round(now)),
    by: profile.person.id,
    device: writer.device,
    cells: [{ key, value, over: [...painted] }],
  };
  const subject = { personId: profile.person.id, grants: writer.grants };
  if (!canWriteEntry(subject, stream, body, roster, today).allowed) return { ok: false, code: 'denied' };
  const entry = makeEntry(stream, body);
  const name = streamKey(stream);
  const appended = await appendToJournal(webCrypto, db, {
    stream: name,
    entry,
    at: now,
    generation,
    content,
  });
  if (!appended.ok) return appended;
  const { seq, at } = appended;
  setTimeout(() => writer.tellWorker({ type: 'row', seq, at, stream: name, entry }));
  return { ok: true, entryIds: [entry._id] };
}
