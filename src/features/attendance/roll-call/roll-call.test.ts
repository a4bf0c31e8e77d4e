import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandResult, RecordAttendance } from '#device/device.ts';
import type { DayView } from '#device/views.ts';
import { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';
import {
  conflict,
  date,
  single,
  UNMARKED,
  viewOf,
  write,
} from '#features/attendance/roll-call/testing/day-views.ts';

/** A device that answers when told to. */
class Recorder {
  readonly commands: RecordAttendance[] = [];
  answer: CommandResult | null = null;
  #waiting: ((result: CommandResult) => void)[] = [];

  readonly record = (command: RecordAttendance): Promise<CommandResult> => {
    this.commands.push(command);
    if (this.answer) return Promise.resolve(this.answer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  };

  async settle(result: CommandResult): Promise<void> {
    this.#waiting.shift()?.(result);
    await vi.advanceTimersByTimeAsync(0);
  }
}

function open(days: Readonly<Record<string, DayView>>, canWrite = true) {
  const recorder = new Recorder();
  const rollCall = new RollCall('h', date, recorder.record);
  rollCall.receive(viewOf(days, canWrite));
  const shownOf = (studentId: string) =>
    rollCall.shown(rollCall.rows.find((row) => row.studentId === studentId)!);
  return { recorder, rollCall, shownOf };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a tap', () => {
  it('marks absence at once and saves it right after', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED, b: UNMARKED });
    expect(rollCall.tap('a')).toBe('marked');
    expect(shownOf('a')).toMatchObject({ mark: 'sick', saving: 'saving' });
    await vi.advanceTimersByTimeAsync(300);
    expect(recorder.commands).toEqual([
      { homeroomId: 'h', date, cells: [{ studentId: 'a', mark: 'sick', painted: [] }] },
    ]);
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    expect(shownOf('a')).toMatchObject({ saving: 'settled', delivery: 'device' });
  });

  it('taken back before it was saved leaves no entry', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED });
    rollCall.tap('a');
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(recorder.commands).toEqual([]);
    expect(shownOf('a').mark).toBeNull();
  });

  it('taken back after it was saved writes over the saved entry', async () => {
    const { rollCall, recorder } = open({ a: single('e0', 'present'), b: UNMARKED });
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(300);
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(300);
    expect(recorder.commands[1]?.cells).toEqual([{ studentId: 'a', mark: 'present', painted: ['e1'] }]);
  });

  it('and the roll pass over whoever has no school that day', async () => {
    const { rollCall, recorder } = open({ a: UNMARKED, offDuty: UNMARKED });
    expect(rollCall.unmarkedCount).toBe(1);
    expect(rollCall.markRestPresent()).toBe(1);
    await vi.advanceTimersByTimeAsync(300);
    expect(recorder.commands[0]?.cells.map((cell) => cell.studentId)).toEqual(['a']);
    expect(rollCall.isComplete).toBe(true);
  });

  it('sets what the person chose', () => {
    const { rollCall, shownOf } = open({ a: UNMARKED });
    rollCall.chooseBrush('late');
    rollCall.tap('a');
    expect(shownOf('a').mark).toBe('late');
  });

  it('only opens what somebody else decided, a disagreement, and a completed roll', () => {
    const nurse = open({ a: single('e0', 'suspendedInfection'), b: UNMARKED });
    expect(nurse.rollCall.tap('a')).toBe('details');
    const torn = open({ a: conflict(write('e1', 'sick'), write('e2', 'present')), b: UNMARKED });
    expect(torn.rollCall.tap('a')).toBe('details');
    const complete = open({ a: single('e0', 'present') });
    expect(complete.rollCall.tap('a')).toBe('details');
  });

  it('only opens where the person may not write', () => {
    const { rollCall, recorder } = open({ a: UNMARKED }, false);
    expect(rollCall.tap('a')).toBe('details');
    expect(rollCall.markRestPresent()).toBe(0);
    expect(recorder.commands).toEqual([]);
  });
});

describe('the counts', () => {
  it('follow a tap at once, and what it takes back', async () => {
    const { rollCall } = open({
      a: UNMARKED,
      b: single('e0', 'present'),
      c: conflict(write('e1', 'suspendedInfection'), write('e2', 'present')),
      offDuty: UNMARKED,
    });
    const view = rollCall.view!;
    const counted = { dueCount: 3, presentCount: 1, suspendedCount: 1, conflictCount: 1, unmarkedCount: 1 };
    rollCall.receive({ ...view, tally: { ...view.tally, ...counted } });
    expect(rollCall.tally).toMatchObject(counted);

    rollCall.tap('a');
    expect(rollCall.tally).toMatchObject({ ...counted, absentCount: 1, unmarkedCount: 0 });
    rollCall.tap('a');
    expect(rollCall.tally).toMatchObject({ ...counted, absentCount: 0 });
    rollCall.mark('b', 'lateAndEarly');
    expect(rollCall.tally).toMatchObject({ ...counted, lateCount: 1, earlyDepartureCount: 1 });
    rollCall.mark('c', 'present');
    expect(rollCall.tally).toMatchObject({ presentCount: 2, suspendedCount: 0, conflictCount: 0 });
    rollCall.mark('offDuty', 'present');
    expect(rollCall.tally).toMatchObject({ presentCount: 2, unmarkedCount: 1 });
  });

  it('count nothing twice once the device has counted it', async () => {
    const { rollCall, recorder } = open({ a: UNMARKED });
    rollCall.mark('a', 'sick');
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    const view = viewOf({ a: single('e1', 'sick') });
    rollCall.receive({ ...view, tally: { ...view.tally, absentCount: 1, unmarkedCount: 0 } });
    expect(rollCall.tally).toMatchObject({ absentCount: 1, unmarkedCount: 0 });
  });
});

describe('all present', () => {
  it('writes the exceptions and presence for the unmarked in one entry, and nobody else', async () => {
    const { rollCall, recorder } = open({
      a: UNMARKED,
      b: UNMARKED,
      c: single('e0', 'late'),
      d: conflict(write('e1', 'sick'), write('e2', 'present')),
    });
    rollCall.tap('a');
    expect(rollCall.markRestPresent()).toBe(1);
    expect(recorder.commands.map((command) => command.cells)).toEqual([
      [
        { studentId: 'a', mark: 'sick', painted: [] },
        { studentId: 'b', mark: 'present', painted: [] },
      ],
    ]);
    expect(rollCall.isComplete).toBe(true);
  });

  it('is taken back by new entries over the old ones', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED, b: single('e0', 'sick') });
    rollCall.markRestPresent();
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    expect(rollCall.canUndo).toBe(true);
    rollCall.undo();
    expect(shownOf('a').mark).toBeNull();
    expect(recorder.commands[1]?.cells).toEqual([{ studentId: 'a', mark: null, painted: ['e1'] }]);
    expect(rollCall.canUndo).toBe(false);
  });

  it('leaves alone, when taken back, what has changed since', async () => {
    const { rollCall, recorder } = open({ a: UNMARKED });
    rollCall.markRestPresent();
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    rollCall.receive(viewOf({ a: single('e2', 'suspendedInfection', [write('e1', 'present')]) }));
    rollCall.undo();
    await vi.advanceTimersByTimeAsync(300);
    expect(recorder.commands).toHaveLength(1);
  });
});

describe('a save that fails', () => {
  it('keeps the marks on the screen, says why, and takes them along with the next try', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED, b: UNMARKED });
    recorder.answer = { ok: false, code: 'storageFull' };
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(300);
    expect(shownOf('a')).toMatchObject({ mark: 'sick', saving: 'failed' });
    expect(rollCall.failure).toBe('storageFull');
    recorder.answer = { ok: true, entryIds: ['e1'] };
    rollCall.tap('b');
    await vi.advanceTimersByTimeAsync(300);
    expect(recorder.commands.at(-1)?.cells.map((cell) => cell.studentId)).toEqual(['a', 'b']);
    expect(rollCall.failure).toBeNull();
    expect(rollCall.unsavedCount).toBe(0);
  });

  it('keeps them when the device throws, and through a lock', async () => {
    const rollCall = new RollCall('h', date, () => Promise.reject(new Error('bug')));
    rollCall.receive(viewOf({ a: UNMARKED }));
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(300);
    rollCall.forgetView();
    expect(rollCall.rows).toEqual([]);
    expect(rollCall.failedCount).toBe(1);
    rollCall.receive(viewOf({ a: UNMARKED }));
    expect(rollCall.shown(rollCall.rows[0]!)).toMatchObject({ mark: 'sick', saving: 'failed' });
  });

  it('can be given up for one pupil', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED });
    recorder.answer = { ok: false, code: 'denied' };
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(300);
    rollCall.discard('a');
    expect(shownOf('a').mark).toBeNull();
    expect(rollCall.failure).toBeNull();
  });
});

describe('what was painted', () => {
  it('is what stood there when the person began, though other news came since', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED });
    rollCall.tap('a');
    rollCall.receive(viewOf({ a: single('n1', 'suspendedInfection') }));
    expect(shownOf('a').mark).toBe('sick');
    await vi.advanceTimersByTimeAsync(300);
    expect(recorder.commands[0]?.cells[0]?.painted).toEqual([]);
  });

  it('is the own entry for a tap that comes while the first is being saved', async () => {
    const { rollCall, recorder } = open({ a: UNMARKED });
    rollCall.tap('a');
    await vi.advanceTimersByTimeAsync(300);
    rollCall.mark('a', 'late');
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    expect(recorder.commands[1]?.cells).toEqual([{ studentId: 'a', mark: 'late', painted: ['e1'] }]);
  });

  it('is every value where a disagreement is settled', () => {
    const { rollCall, recorder } = open({ a: conflict(write('e1', 'sick'), write('e2', 'present')) });
    rollCall.mark('a', 'sick');
    expect(recorder.commands[0]?.cells).toEqual([{ studentId: 'a', mark: 'sick', painted: ['e1', 'e2'] }]);
    expect(rollCall.canUndo).toBe(false);
  });

  it('gives way to the view once the view holds it', async () => {
    const { rollCall, recorder, shownOf } = open({ a: UNMARKED });
    rollCall.mark('a', 'late');
    await recorder.settle({ ok: true, entryIds: ['e1'] });
    const arrived = single('e1', 'late');
    rollCall.receive(viewOf({ a: { ...arrived, shown: { ...write('e1', 'late'), delivery: 'school' } } }));
    expect(shownOf('a').delivery).toBe('school');
    rollCall.receive(viewOf({ a: conflict(write('n1', 'suspendedInfection'), write('e1', 'late')) }));
    expect(shownOf('a').state).toBe('conflict');
  });
});
