import type { RosterContext } from '../access/register-access.ts';
import type { Grant } from '../access/subject.ts';
import { calendarDateAt, schoolYearOf, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import { parseRegisterDatabase, parseStreamKey, type StreamKey } from '../ledger/stream.ts';
import type { ContentKey } from '../vault/sealing.ts';
import { attendanceEntry, type OwnWrites } from './attendance-entry.ts';
import type { CommandResult, RecordAttendance } from './device.ts';
import { appendToJournal } from './journal-writer.ts';
import type { PersonDatabase } from './person-database.ts';
import type { Profile } from './person-vault.ts';
import { randomHex, webCrypto } from './web-crypto.ts';
import type { ToWorker } from './worker/messages.ts';

/** Who writes, and with what. */
export interface Writer {
  readonly db: PersonDatabase;
  readonly generation: number;
  readonly device: string;
  readonly profile: Profile;
  /** The school in hand. */
  readonly schoolCode: string | null;
  /** Those of the person's grants that still count here. */
  readonly grants: readonly Grant[];
  readonly rosters: ReadonlyMap<StreamKey, RosterContext>;
  readonly contentKeys: ReadonlyMap<string, ContentKey>;
  readonly own: OwnWrites;
  /** The corrected clock. */
  readonly now: number;
  readonly tellWorker: (message: ToWorker) => void;
}

/** From the command to the disk; resolves once the entry is durable there. */
export async function recordAttendance(writer: Writer, command: RecordAttendance): Promise<CommandResult> {
  const { db, generation, profile, now, own } = writer;
  const place = findStream(profile, writer.schoolCode, command.date);
  const stream = parseStreamKey(place?.key);
  const content = place && writer.contentKeys.get(place.schoolCode);
  if (!place || !stream || !content) return { ok: false, code: 'denied' };
  const entry = attendanceEntry(
    stream,
    command,
    {
      subject: { personId: profile.person.id, grants: writer.grants },
      device: writer.device,
      roster: writer.rosters.get(place.key) ?? { homeroomOf: () => undefined },
    },
    { madeAt: Math.max(0, Math.round(now)), today: calendarDateAt(now), salt: randomHex(16) },
    own,
  );
  if (typeof entry === 'string') return { ok: false, code: entry };
  const row = { stream: place.key, entry, at: now, generation, content };
  const appended = await appendToJournal(webCrypto, db, row);
  if (!appended.ok) {
    own.forget(entry._id);
    return appended;
  }
  const { seq, at } = appended;
  // It is on the disk: who waits for that is told first, then everything that follows from it begins.
  setTimeout(() => writer.tellWorker({ type: 'row', seq, at, stream: place.key, entry }));
  return { ok: true, entryIds: [entry._id] };
}

/** The register of the school in hand in the year of a date. */
function findStream(
  profile: Profile,
  school: string | null,
  date: CalendarDate,
): Profile['streams'][number] | undefined {
  const year = schoolYearOf(date);
  return profile.streams.find(({ key, schoolCode }) => {
    const register = parseRegisterDatabase(parseStreamKey(key)?.db ?? '');
    return schoolCode === school && register?.schoolYear === year;
  });
}
