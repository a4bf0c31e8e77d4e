import { gunzipSync } from 'node:zlib';
import { defaultMarks } from '../../src/domain/attendance/default-marks.ts';
import { resolveDay } from '../../src/domain/attendance/provisional.ts';
import { calendarDate, calendarDateAt } from '../../src/domain/calendar/calendar-date.ts';
import { decideDay, isSchoolDay } from '../../src/domain/calendar/day-kind.ts';
import { enrolledOn } from '../../src/domain/roster/enrolled.ts';
import { makeEntry, type Entry } from '../../src/ledger/entry.ts';
import { isErased, type StoredEntry } from '../../src/ledger/erasure.ts';
import { Fold } from '../../src/ledger/fold.ts';
import { attendanceOf, readCalendar, readRoster } from '../../src/ledger/register-view.ts';
import { parseRegisterDatabase, parseStreamKey } from '../../src/ledger/stream.ts';
import { readBlockText, stateOf } from '../../src/sync/block-codec.ts';
import { readFrames } from '../../src/sync/frames.ts';
import { PROTOCOL_VERSION, type ExchangeHead, type StreamState } from '../../src/sync/protocol.ts';

export { PROTOCOL_VERSION };

export interface AttendanceRow {
  readonly entry: string;
  readonly cell: string;
  readonly mark: string | null;
  readonly over: readonly string[];
  /** In the gateway's clock. */
  readonly receivedAt: number;
}

/** What an answer of the gateway held: its head, and the entries of each stream in the order they came. */
export async function readAnswer(
  bytes: Uint8Array,
): Promise<{ head: ExchangeHead; entries: Map<string, StoredEntry[]> }> {
  let head: ExchangeHead | null = null;
  const entries = new Map<string, StoredEntry[]>();
  for await (const frame of readFrames(once(bytes))) {
    if (frame.type === 'head') head = frame.head;
    if (frame.type !== 'block') continue;
    const { meta, bytes: packed } = frame.block;
    const read = readBlockText(gunzipSync(packed).toString('utf8'));
    entries.set(meta.stream, [...(entries.get(meta.stream) ?? []), ...read]);
  }
  if (!head) throw new Error('an answer without a head');
  return { head, entries };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A school's register as somebody holds it who asked the gateway for all of it. */
export class RegisterCopy {
  readonly stream: string;
  readonly schoolYear: number;
  readonly #entries: StoredEntry[] = [];
  readonly #fold = new Fold();

  constructor(stream: string) {
    this.stream = stream;
    this.schoolYear = parseRegisterDatabase(parseStreamKey(stream)?.db ?? '')?.schoolYear ?? 0;
  }

  add(entries: readonly StoredEntry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#fold.add(entry);
    }
  }

  state(): StreamState {
    return stateOf(this.#entries);
  }

  canonicalHash(): string {
    return this.#fold.canonicalHash();
  }

  has(id: string): boolean {
    return this.#fold.has(id);
  }

  /** Every write of a pupil's day; of an entry that came twice, twice. */
  attendance(): AttendanceRow[] {
    return this.#entries.flatMap((entry) => {
      if (entry.kind !== 'attendance' || isErased(entry)) return [];
      return entry.cells.map(({ key, value, over }) => ({
        entry: entry._id,
        cell: key,
        mark: (value as { mark: string } | null)?.mark ?? null,
        over,
        receivedAt: entry.received?.at ?? Infinity,
      }));
    });
  }

  homeroomIds(): string[] {
    return [...readRoster(this.#fold, this.schoolYear).homerooms.keys()];
  }

  /** Ids of the pupils on a homeroom's list that day. */
  pupils(homeroomId: string, date: string): string[] {
    const roster = readRoster(this.#fold, this.schoolYear);
    return enrolledOn(roster, homeroomId, calendarDate(date)).map(({ student }) => student.id);
  }

  /** The homeroom's last school days up to `through`, newest first. */
  schoolDays(homeroomId: string, through: string, count: number): string[] {
    const roster = readRoster(this.#fold, this.schoolYear);
    const calendar = readCalendar(this.#fold, this.schoolYear);
    const gradeLevel = roster.homerooms.get(homeroomId)?.gradeLevels[0];
    const days: string[] = [];
    for (let at = Date.parse(`${through}T12:00:00+09:00`); days.length < count; at -= 86_400_000) {
      const date = calendarDateAt(at);
      if (!gradeLevel || date < `${this.schoolYear}-04-01`) break;
      const { kind } = decideDay(calendar, roster.homerooms, homeroomId, gradeLevel, date);
      if (isSchoolDay(kind) && kind !== 'homeroomClosure') days.push(date);
    }
    return days;
  }

  /** The mark a pupil's day has now; undefined where nobody has marked it. */
  marksOf(cell: string): string[] {
    return this.#fold.headsOf(cell).flatMap(({ value }) => {
      const mark = (value as { mark: string } | null | undefined)?.mark;
      return mark === undefined ? [] : [mark];
    });
  }

  /** What a screen has to show of a homeroom's day, one line a pupil: id, mark, and whether values disagree. */
  picture(homeroomId: string, date: string): string {
    const lookUp = attendanceOf(this.#fold);
    const lines = this.pupils(homeroomId, date).map((student) => {
      const day = resolveDay(lookUp(student, calendarDate(date)), defaultMarks);
      const mark = day.state === 'single' || day.state === 'conflict' ? day.mark.code : '-';
      return `${student} ${mark}${day.state === 'conflict' ? ' conflict' : ''}`;
    });
    return lines.sort().join('\n');
  }

  /** An entry by which the office puts right in which homeroom a pupil has been. */
  moving(homeroomId: string, student: string, by: string, now: number): Entry {
    const stream = parseStreamKey(this.stream);
    const roster = readRoster(this.#fold, this.schoolYear);
    const found = roster.enrollments.find(
      (each) => each.studentId === student && each.homeroomId === homeroomId,
    );
    const other = [...roster.homerooms.keys()].find((each) => each !== homeroomId);
    if (!stream || !found || !other) throw new Error('this pupil is not in this homeroom');
    const { id, studentId, homeroomId: _, ...rest } = found;
    const key = `classEnrollment/${id}`;
    return makeEntry(stream, {
      v: 1,
      kind: 'enrollment',
      salt: crypto.randomUUID().replaceAll('-', ''),
      on: calendarDateAt(now),
      madeAt: now,
      by,
      device: 'fault-office',
      cells: [
        {
          key,
          value: { student: studentId, homeroom: other, ...rest },
          over: this.#fold.headsOf(key).map((write) => write.entry.id),
        },
      ],
    });
  }
}
