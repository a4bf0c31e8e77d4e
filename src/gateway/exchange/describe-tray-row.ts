import { calendarDateAt, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { periodOfId } from '../../ledger/entry-id.ts';
import { parseAttendanceKey } from '../../ledger/kinds.ts';
import { parseStreamKey } from '../../ledger/stream.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { OpenStream } from './open-stream.ts';
import type { TrayRow } from './tray.ts';

type Ports = Pick<GatewayParts, 'accounts' | 'streams' | 'now'>;

/** A row as the office reads it: who wrote what about whom, and what the register shows now. */
export async function describeTrayRow(ports: Ports, row: TrayRow): Promise<object> {
  const { id, stream: key, state, code, entry, from, device, at, decision } = row;
  const stream = parseStreamKey(key);
  const opened = stream && (await ports.streams.exists(stream)) ? await ports.streams.open(stream) : null;
  return {
    id,
    state,
    code,
    at,
    device,
    from: await nameOf(ports, from),
    by: entry && (await nameOf(ports, entry.by)),
    kind: entry?.kind ?? '',
    on: entry?.on ?? null,
    madeAt: entry?.madeAt ?? null,
    cells: opened && entry ? await cellsOf(ports, opened, row) : [],
    decision: decision && { ...decision, by: await nameOf(ports, decision.by) },
  };
}

/** What the tray holds has a right hash; its cells may still be of a shape that this program does not know. */
async function cellsOf(ports: Ports, opened: OpenStream, { id, entry }: TrayRow): Promise<object[]> {
  const { roster, context } = await opened.folds.standing();
  const fold = await opened.folds.foldOf(periodOfId(id));
  const today = calendarDateAt(ports.now());
  const pupilOf = (key: string) => {
    const day = parseAttendanceKey(key);
    const studentId = day?.studentId ?? /^student\/(.+)$/.exec(key)?.[1];
    const student = studentId === undefined ? undefined : roster.students.get(studentId);
    if (!student) return null;
    const homeroomId = context.homeroomOf(student.id, day?.date ?? today);
    return {
      name: `${student.familyName} ${student.givenName}`,
      homeroom: roster.homerooms.get(homeroomId ?? '')?.title ?? '',
      rosterNumber: rosterNumberOf(roster.enrollments, student.id, homeroomId),
    };
  };
  const cells = (entry?.cells ?? [])
    .map(({ key, value }) => ({ key, value, pupil: pupilOf(key) }))
    .sort((a, b) => compareText(a.pupil?.homeroom, b.pupil?.homeroom) || numberOf(a) - numberOf(b));
  return Promise.all(
    cells.map(async ({ key, value, pupil }) => ({
      key,
      value,
      pupil,
      present: await Promise.all(
        fold.headsOf(key).map(async (write) => ({
          value: write.value ?? null,
          by: await nameOf(ports, write.entry.by),
          madeAt: write.entry.madeAt,
        })),
      ),
    })),
  );
}

function numberOf({ pupil }: { readonly pupil: { readonly rosterNumber: number | null } | null }): number {
  return pupil?.rosterNumber ?? Number.MAX_SAFE_INTEGER;
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rosterNumberOf(
  enrollments: readonly {
    readonly studentId: string;
    readonly homeroomId: string;
    readonly rosterNumber: number | null;
    readonly from: CalendarDate;
  }[],
  studentId: string,
  homeroomId: string | undefined,
): number | null {
  const found = enrollments.filter((each) => each.studentId === studentId && each.homeroomId === homeroomId);
  return found.sort((a, b) => (a.from < b.from ? 1 : -1))[0]?.rosterNumber ?? null;
}

async function nameOf({ accounts }: Ports, personId: string): Promise<string> {
  return (await accounts.findByPerson(personId))?.name ?? personId;
}
