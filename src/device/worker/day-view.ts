import type { Role } from '../../access/subject.ts';
import type { AttendanceWrite } from '../../domain/attendance/attendance.ts';
import { resolveDay } from '../../domain/attendance/provisional.ts';
import type { CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { StaffMember, Student } from '../../domain/roster/roster.ts';
import { MAX_OVER } from '../../ledger/entry.ts';
import type { EntryId } from '../../ledger/entry-id.ts';
import { overOf, type Write } from '../../ledger/fold.ts';
import { attendanceKey } from '../../ledger/kinds.ts';
import type { DayView, RollCallRow, WriteView } from '../views.ts';
import type { RegisterSource } from './register-source.ts';

/** One pupil's day as a screen paints it. */
export function dayView(source: RegisterSource, studentId: string, date: CalendarDate): DayView {
  const cell = source.attendance(studentId, date);
  const resolved = resolveDay(cell, source.marks);
  const view = (write: AttendanceWrite): WriteView => writeView(source, write);
  const heads = cell?.heads ?? [];
  const open = resolved.state === 'conflict' || resolved.state === 'unreadable' ? resolved.writes : heads;
  const shown =
    resolved.state === 'single'
      ? resolved.write
      : resolved.state === 'conflict'
        ? resolved.provisional
        : null;
  const struck = (cell?.replaced ?? []).map(view).reverse();
  return {
    state: resolved.state,
    shown: shown && view(shown),
    open: open.map(view),
    struck: [...refusedViews(source, studentId, date), ...struck],
    painted: paintedIds(source.headsOf(studentId, date)),
  };
}

/** All that a new write of this cell has to name; the heads themselves come first where there are too many. */
function paintedIds(heads: readonly Write[]): EntryId[] {
  const all = overOf(heads);
  if (all.length <= MAX_OVER) return all;
  const own = heads.map((head) => head.entry.id);
  return [...own, ...all.filter((id) => !own.includes(id))].slice(0, MAX_OVER);
}

function writeView(source: RegisterSource, write: AttendanceWrite): WriteView {
  const member = source.roster.staff.get(write.by);
  return {
    entryId: write.entryId,
    mark: write.mark,
    note: write.note ?? null,
    byId: write.by,
    byName: nameOf(member),
    byRole: roleOf(member),
    madeAt: write.madeAt,
    delivery: write.receivedAt === null ? 'device' : 'school',
  };
}

/** What the school sent back stands among the struck: its author sees that it did not count. */
function refusedViews(source: RegisterSource, studentId: string, date: CalendarDate): WriteView[] {
  const key = attendanceKey(studentId, date);
  const views: WriteView[] = [];
  for (const { entry } of source.refused) {
    const cell = entry.cells.find((each) => each.key === key);
    if (!cell) continue;
    const value = cell.value as { mark: string; note?: string } | null;
    const { _id: entryId, by, madeAt } = entry;
    const write = { entryId, mark: value?.mark ?? null, by, madeAt, receivedAt: null };
    const note = value?.note;
    views.unshift({
      ...writeView(source, note === undefined ? write : { ...write, note }),
      delivery: 'refused',
    });
  }
  return views;
}

export function nameOf(person: Pick<StaffMember, 'familyName' | 'givenName'> | undefined): string {
  return person ? `${person.familyName} ${person.givenName}`.trim() : '';
}

function roleOf(member: StaffMember | undefined): Role | null {
  return member?.duties[0]?.role ?? null;
}

export function rollCallRow(
  source: RegisterSource,
  student: Student,
  rosterNumber: number | null,
  date: CalendarDate,
): RollCallRow {
  const homeroomId = source.homeroomOf(student.id, date);
  return {
    studentId: student.id,
    rosterNumber,
    familyName: student.familyName,
    givenName: student.givenName,
    kana: `${student.kanaFamilyName} ${student.kanaGivenName}`.trim(),
    due:
      homeroomId !== undefined &&
      source.schoolDays.dayFor(homeroomId, student.gradeLevel, date).kind === 'schoolDay',
    day: dayView(source, student.id, date),
  };
}
