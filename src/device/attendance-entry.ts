import type { RosterContext } from '../access/register-access.ts';
import { canWriteEntry } from '../access/register-access.ts';
import type { Subject } from '../access/subject.ts';
import { parseCalendarDate, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import { makeEntry, MAX_CELLS, MAX_OVER, type Cell, type Entry } from '../ledger/entry.ts';
import { parseEntryId, type EntryId } from '../ledger/entry-id.ts';
import { attendanceKey, kinds } from '../ledger/kinds.ts';
import type { Stream } from '../ledger/stream.ts';
import type { RecordAttendance } from './device.ts';

export interface EntryAuthor {
  readonly subject: Subject;
  readonly device: string;
  readonly roster: RosterContext;
}

export interface EntryMoment {
  /** The corrected clock. */
  readonly madeAt: number;
  readonly today: CalendarDate;
  readonly salt: string;
}

/** The entry a command asks for, or why there is none. */
export function attendanceEntry(
  stream: Stream,
  command: RecordAttendance,
  author: EntryAuthor,
  moment: EntryMoment,
  own: OwnWrites,
): Entry | 'invalid' | 'denied' {
  const cells = cellsOf(command, own);
  if (!cells) return 'invalid';
  const { attendance } = kinds;
  const body = {
    v: attendance.version,
    kind: 'attendance',
    salt: moment.salt,
    on: command.date,
    madeAt: moment.madeAt,
    by: author.subject.personId,
    device: author.device,
    cells,
  };
  const decision = canWriteEntry(author.subject, stream, body, author.roster, moment.today);
  if (!decision.allowed) return 'denied';
  const entry = makeEntry(stream, body);
  own.remember(entry);
  return entry;
}

function cellsOf({ date, cells }: RecordAttendance, own: OwnWrites): Cell[] | null {
  if (parseCalendarDate(date) === null || cells.length === 0 || cells.length > MAX_CELLS) return null;
  const made = new Map<string, Cell>();
  for (const { studentId, mark, note, painted } of cells) {
    const key = attendanceKey(studentId, date);
    const value = mark === null ? null : { mark, ...(note === undefined || note === '' ? {} : { note }) };
    const isSound =
      !made.has(key) &&
      kinds.attendance.ownsKey(key, date) &&
      kinds.attendance.value.safeParse(value).success &&
      painted.every((id) => parseEntryId(id) !== null);
    if (!isSound) return null;
    made.set(key, { key, value, over: own.overOf(key, painted) });
  }
  return [...made.values()];
}

/** Entries a tab remembers of its own. */
const MEMORY_SIZE = 500;

/**
 * What this tab wrote in this session. A screen that goes on from its own write, before the view has come back,
 * names that write alone; what it replaced is named too, in case the school never takes the write between.
 */
export class OwnWrites {
  readonly #overs = new Map<EntryId, ReadonlyMap<string, readonly EntryId[]>>();

  remember(entry: Entry): void {
    this.#overs.set(entry._id, new Map(entry.cells.map(({ key, over }) => [key, over])));
    const [oldest] = this.#overs.keys();
    if (this.#overs.size > MEMORY_SIZE && oldest !== undefined) this.#overs.delete(oldest);
  }

  forget(id: EntryId): void {
    this.#overs.delete(id);
  }

  overOf(key: string, painted: readonly EntryId[]): EntryId[] {
    const over = new Set(painted);
    for (const id of painted) for (const replaced of this.#overs.get(id)?.get(key) ?? []) over.add(replaced);
    return [...over].slice(0, MAX_OVER);
  }
}
