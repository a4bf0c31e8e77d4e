import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandResult, Device, DeviceState, RecordAttendance } from '#device/device.ts';
import { MemoryDrafts } from '#device/testing/memory-drafts.ts';
import type { DayView, Person, RollCallView } from '#device/views.ts';
import { enterRemark } from '#features/attendance/roll-call/enter-remark.ts';
import { RollCallBook } from '#features/attendance/roll-call/roll-call-book.svelte.ts';
import {
  conflict,
  date,
  single,
  UNMARKED,
  viewOf,
  write,
} from '#features/attendance/roll-call/testing/day-views.ts';

const ENTRY = (digit: string) => `register:2026-11:attendance:${digit.repeat(32)}`;
const E1 = ENTRY('1');
const N1 = ENTRY('a');
const place = { homeroomId: 'h', studentId: 'a', date };
const KEY = `remark/a/${date}`;
const byMe = { byId: 'me' };
const person = { id: 'me' } as Person;
const OPEN: DeviceState = { phase: 'open', person };

/** A device of one homeroom, whose drafts outlive the books that are opened on it. */
class SmallDevice {
  readonly drafts = new MemoryDrafts();
  readonly commands: RecordAttendance[] = [];
  state: DeviceState = OPEN;
  answer: CommandResult = { ok: true, entryIds: [ENTRY('e')] };
  view: RollCallView | null = null;

  readonly recordAttendance: Device['recordAttendance'] = async (command) => {
    this.commands.push(command);
    return this.answer;
  };
  /** Whether it answers at all. */
  answers = true;
  readonly watch = (_: unknown, listener: (view: RollCallView | null) => void) => {
    if (this.answers) queueMicrotask(() => listener(this.view));
    return () => undefined;
  };

  shows(days: Readonly<Record<string, DayView>>, canWrite = true): void {
    this.view = viewOf(days, canWrite);
  }

  /** As after a sign-in, an unlock or a reload. */
  book(personId = 'me'): RollCallBook {
    const book = new RollCallBook(this as unknown as Device, personId);
    if (this.view) book.open('h', date).receive(this.view);
    return book;
  }
}

let device: SmallDevice;
const settled = () => vi.advanceTimersByTimeAsync(400);

async function typed(text: string, day: DayView = single(E1, 'sick')): Promise<RollCallBook> {
  device.shows({ a: day, b: UNMARKED });
  const book = device.book();
  await book.remarks.type(place, text, day.painted, day.shown?.note ?? '');
  return book;
}

beforeEach(() => {
  vi.useFakeTimers();
  device = new SmallDevice();
});
afterEach(() => vi.useRealTimers());

describe('a remark that is typed', () => {
  it('[DE75] is found again by another book of the same person, with when it was begun', async () => {
    await typed('熱');
    const book = device.book();
    expect(book.remarks.find(place)).toBeUndefined();
    await book.remarks.restore(place);
    expect(book.remarks.find(place)).toMatchObject({ text: '熱', foundFrom: 1_000, phase: 'kept' });
  });

  it('[DE71] is shown under no other pupil, day or person', async () => {
    await typed('熱');
    const book = device.book();
    const others = [
      { ...place, studentId: 'b' },
      { ...place, date: viewOf({}).date.replace('20', '19') as typeof date },
    ];
    for (const other of others) {
      await book.remarks.restore(other);
      expect(book.remarks.find(other)).toBeUndefined();
    }
    const stranger = device.book('someone-else');
    await stranger.remarks.restore(place);
    expect(stranger.remarks.find(place)).toBeUndefined();
  });

  it('[DE71] is nobody’s where its words name another pupil than its key', async () => {
    await device.drafts.save(KEY, { ...place, studentId: 'b', text: '熱', painted: [E1] });
    await device.drafts.save('remark/b', '熱');
    const book = device.book();
    await book.remarks.restore(place);
    expect(book.remarks.find(place)).toBeUndefined();
    expect(await book.remarks.restoreAll()).toEqual([]);
  });

  it('[DE73] stays on the screen where the device is full, through a lock, and goes with the next change', async () => {
    device.drafts.answer = { ok: false, code: 'storageFull' };
    const book = await typed('熱');
    expect(book.remarks.find(place)).toMatchObject({ text: '熱', phase: 'storageFull' });
    expect(book.wouldLose).toBe(true);
    book.forgetNames();
    expect(book.remarks.find(place)?.text).toBe('熱');
    device.drafts.answer = { ok: true };
    await book.remarks.restore(place);
    expect(book.remarks.find(place)?.phase).toBe('kept');
    expect(book.wouldLose).toBe(false);
  });

  it('[DE74] is not kept in memory while the device is locked', async () => {
    const book = await typed('熱');
    book.forgetNames();
    expect(book.remarks.find(place)).toBeUndefined();
    expect(await device.drafts.list()).toHaveLength(1);
  });

  it('[DE77] typed back to what the record says is no draft', async () => {
    const book = await typed('熱', single(E1, 'sick', [], { note: '頭痛' }));
    await book.remarks.type(place, '頭痛', [E1], '頭痛');
    expect(book.remarks.find(place)).toBeUndefined();
    expect(await device.drafts.list()).toEqual([]);
  });
});

describe('leaving a pupil’s day', () => {
  it('[DE75] [DE77] enters the remark with the one mark, and drops the draft when that is durable', async () => {
    const book = await typed('熱');
    expect(enterRemark(book, place)).toBe(true);
    expect(await device.drafts.list()).toHaveLength(1);
    await settled();
    expect(device.commands).toEqual([
      { homeroomId: 'h', date, cells: [{ studentId: 'a', mark: 'sick', note: '熱', painted: [E1] }] },
    ]);
    expect(await device.drafts.list()).toEqual([]);
    expect(enterRemark(book, place)).toBe(false);
  });

  it('[DE77] keeps the draft where the entry could not be written', async () => {
    const book = await typed('熱');
    device.answer = { ok: false, code: 'storageFull' };
    enterRemark(book, place);
    await settled();
    expect(await device.drafts.list()).toHaveLength(1);
    device.answer = { ok: true, entryIds: [ENTRY('e')] };
    await book.flush();
    expect(await device.drafts.list()).toEqual([]);
  });

  it('[DE77] keeps what was typed while the entry was on its way', async () => {
    const book = await typed('熱');
    enterRemark(book, place);
    await book.remarks.type(place, '熱、迎え', [E1], '熱');
    await settled();
    expect((await device.drafts.list()).map(({ value }) => value)).toMatchObject([{ text: '熱、迎え' }]);
  });

  it.each([
    ['nobody has marked', UNMARKED],
    ['the records disagree about', conflict(write(E1, 'sick'), write(N1, 'late'))],
    ['a newer app has marked', { ...single(E1, 'sick'), state: 'unreadable' as const }],
  ])('[DE75] leaves a draft where %s the day', async (_, day) => {
    const book = await typed('熱', day);
    expect(enterRemark(book, place)).toBe(false);
    await settled();
    expect(device.commands).toEqual([]);
    expect(await device.drafts.list()).toHaveLength(1);
  });

  it('[DE75] leaves a draft where the person may not write, or the device is locked', async () => {
    const book = await typed('熱');
    book.open('h', date).receive(viewOf({ a: single(E1, 'sick') }, false));
    expect(enterRemark(book, place)).toBe(false);
    book.open('h', date).receive(viewOf({ a: single(E1, 'sick') }));
    device.state = { phase: 'locked', logins: [] };
    expect(enterRemark(book, place)).toBe(false);
    device.state = { phase: 'open', person: { id: 'next' } as Person };
    expect(enterRemark(book, place)).toBe(false);
    expect(device.commands).toEqual([]);
    expect(await device.drafts.list()).toHaveLength(1);
  });

  it('[DE77] drops what the record has come to say itself', async () => {
    const book = await typed('熱');
    book.open('h', date).receive(viewOf({ a: single(N1, 'sick', [], { note: '熱' }) }));
    expect(enterRemark(book, place)).toBe(false);
    await settled();
    expect([device.commands, await device.drafts.list()]).toEqual([[], []]);
  });
});

describe('what a remark replaces', () => {
  const paintedAfter = async (later: DayView) => {
    await typed('熱');
    device.shows({ a: later });
    const book = device.book();
    await book.remarks.restore(place);
    enterRemark(book, place);
    await settled();
    return device.commands[0]?.cells[0]?.painted;
  };

  it('[DE76] is what was painted when it was begun: what another said since stands beside it', async () => {
    expect(await paintedAfter(single(N1, 'suspendedInfection', [write(E1, 'sick')]))).toEqual([E1]);
  });

  it('[DE76] is the person’s own mark, too, that was made since', async () => {
    expect(await paintedAfter(single(N1, 'late', [write(E1, 'sick')], byMe))).toEqual([N1]);
    device = new SmallDevice();
    const both = {
      ...conflict(write(N1, 'sick', byMe), write(ENTRY('b'), 'sick')),
      state: 'single' as const,
    };
    expect(await paintedAfter(both)).toEqual([E1, N1]);
  });
});

describe('signing out', () => {
  it('[DE75] enters every remark that can be, opened in this session or not', async () => {
    await typed('熱');
    await device.drafts.save(`remark/b/${date}`, { ...place, studentId: 'b', text: '遅れる', painted: [] });
    const book = device.book();
    const entering = book.enterRemarks();
    await settled();
    await entering;
    expect(device.commands.flatMap(({ cells }) => cells)).toEqual([
      { studentId: 'a', mark: 'sick', note: '熱', painted: [E1] },
    ]);
    expect((await device.drafts.list()).map(({ key }) => key)).toEqual([`remark/b/${date}`]);
  });

  it('[DE75] does not wait for ever for a day that does not come', async () => {
    await typed('熱');
    device.answers = false;
    device.view = null;
    const entering = device.book().enterRemarks();
    await vi.advanceTimersByTimeAsync(5_000);
    await entering;
    expect(device.commands).toEqual([]);
    expect(await device.drafts.list()).toHaveLength(1);
  });
});

it('[DE77] marks without a draft cause no write besides their own', async () => {
  device.shows({ a: UNMARKED, b: UNMARKED });
  const book = device.book();
  const rollCall = book.open('h', date);
  rollCall.tap('a');
  rollCall.markRestPresent();
  await settled();
  expect(device.commands).toHaveLength(1);
  expect(device.drafts.calls).toEqual([]);
});
