import type { CommandResult, Device, RecordAttendance } from '#device/device.ts';
import type { Query, ResultOf, RollCallView } from '#device/views.ts';
import { calendarDate, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import type { EntryId } from '#ledger/entry-id.ts';
import { BarePut, millisecondsOf } from './bare-put.ts';
import { openSyncedDevice, type SignInOrder } from './product-device.ts';
import { hashOfText } from './result-hash.ts';

export interface TapOrder extends SignInOrder {
  readonly homeroomId: string;
  /** School days, the newest last; each takes one roll-call. */
  readonly dates: readonly string[];
  readonly n: number;
  readonly warmUp: number;
  /** An entry as it is stored, for the bare puts. */
  readonly entry: object;
}

/** By how the bare transaction ends. */
export type FloorTimes = Record<'auto' | 'commit', number[]>;

export interface TapTimes {
  readonly tap: number[];
  readonly put: FloorTimes;
  readonly rollCall: number[];
  readonly puts: FloorTimes;
  /** Of what the register shows afterwards, and whether it is what was tapped. */
  readonly hash: string;
  readonly right: boolean;
}

const PAUSE_MS = 80;
const endings = ['auto', 'commit'] as const;
const MARKS = ['sick', 'present', 'late'];

/** Taps as the roll-call screen makes them, and bare puts, in turn. */
export async function measureTaps(order: TapOrder): Promise<TapTimes> {
  const device = await openSyncedDevice(order);
  const bare = await BarePut.open(order.entry);
  const dates = order.dates.map(calendarDate);
  const { tap, put, expected } = await singleTaps(device, bare, dates.at(-1) as CalendarDate, order);
  const { rollCall, puts } = await rollCalls(device, bare, dates.slice(0, -1), order.homeroomId);
  const shown = await viewOf(device, order.homeroomId, dates.at(-1) as CalendarDate);
  const marks = shown.rows.map(({ studentId, day }) => [studentId, day.shown?.mark ?? null]);
  const right = marks.every(
    ([id, mark]) => !expected.has(id as string) || expected.get(id as string) === mark,
  );
  return { tap, put, rollCall, puts, hash: await hashOfText(JSON.stringify(marks)), right };
}

async function singleTaps(
  device: Device,
  bare: BarePut,
  date: CalendarDate,
  { homeroomId, n, warmUp }: TapOrder,
) {
  const tap: number[] = [];
  const put: FloorTimes = { auto: [], commit: [] };
  const expected = new Map<string, string>();
  const { rows } = await viewOf(device, homeroomId, date);
  const painted = new Map<string, readonly EntryId[]>(rows.map((row) => [row.studentId, row.day.painted]));
  for (let at = 0; at < n + warmUp; at += 1) {
    const studentId = rows[at % rows.length]?.studentId ?? '';
    const mark = MARKS[at % MARKS.length] ?? 'sick';
    const command = { homeroomId, date, cells: [{ studentId, mark, painted: painted.get(studentId) ?? [] }] };
    const sides = [
      async () => {
        const taken = await millisecondsOf(async () => painted.set(studentId, await record(device, command)));
        expected.set(studentId, mark);
        if (at >= warmUp) tap.push(taken);
      },
      ...endings.map((ending) => async () => {
        const taken = await millisecondsOf(() => bare.put(ending));
        if (at >= warmUp) put[ending].push(taken);
      }),
    ];
    await inTurn(sides, at);
  }
  return { tap, put, expected };
}

async function rollCalls(device: Device, bare: BarePut, dates: readonly CalendarDate[], homeroomId: string) {
  const rollCall: number[] = [];
  const puts: FloorTimes = { auto: [], commit: [] };
  for (const [at, date] of dates.entries()) {
    const { rows } = await viewOf(device, homeroomId, date);
    const cells = rows.map(({ studentId, day }) => ({ studentId, mark: 'present', painted: day.painted }));
    const sides = [
      async () => {
        const taken = await millisecondsOf(() => record(device, { homeroomId, date, cells }));
        if (at > 0) rollCall.push(taken);
      },
      ...endings.map((ending) => async () => {
        const taken = await millisecondsOf(async () => {
          for (let pupil = 0; pupil < rows.length; pupil += 1) await bare.put(ending);
        });
        if (at > 0) puts[ending].push(taken);
      }),
    ];
    await inTurn(sides, at);
  }
  return { rollCall, puts };
}

/**
 * Forth, then back, each after a pause longer than a hand needs: what follows a tap (fold, paint, push) is in nobody's
 * way, and neither side always meets a disk that has just been woken.
 */
async function inTurn(sides: readonly (() => Promise<void>)[], at: number): Promise<void> {
  for (const side of at % 2 === 0 ? sides : [...sides].reverse()) {
    await pause(PAUSE_MS);
    await side();
  }
}

async function record(device: Device, command: RecordAttendance): Promise<readonly EntryId[]> {
  const result: CommandResult = await device.recordAttendance(command);
  if (!result.ok) throw new Error(`the device refused a mark: ${result.code}`);
  return result.entryIds;
}

async function viewOf(device: Device, homeroomId: string, date: CalendarDate): Promise<RollCallView> {
  const view = await firstResult(device, { type: 'rollCall', homeroomId, date });
  if (!view || view.rows.length === 0) throw new Error('the roll-call has no pupils');
  return view;
}

function firstResult<Q extends Query>(device: Device, query: Q): Promise<ResultOf<Q>> {
  return new Promise((resolve) => {
    const stop = device.watch(query, (result) => {
      queueMicrotask(() => stop());
      resolve(result);
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
