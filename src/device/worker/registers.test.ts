import { beforeEach, describe, expect, test } from 'vitest';
import type { Grant } from '../../access/subject.ts';
import { defaultMarks } from '../../domain/attendance/default-marks.ts';
import { calendarDate, calendarMonth } from '../../domain/calendar/calendar-date.ts';
import type { Entry } from '../../ledger/entry.ts';
import { periodOfId, type Period } from '../../ledger/entry-id.ts';
import { Fold } from '../../ledger/fold.ts';
import { parseStreamKey, type Stream } from '../../ledger/stream.ts';
import { markOf, received, standingEntries, STREAM } from '../testing/entries.ts';
import { conflicts, findStudents, monthRegisterView, rollCall, schoolDay } from './register-queries.ts';
import { makeSource, readStanding, type RefusedEntry, type RegisterSource } from './register-source.ts';
import { Registers, touchesQuery, type RegistersPorts } from './registers.ts';
import { PeriodModel } from './period-model.ts';

const DAY = '2026-06-01';
const date = calendarDate(DAY);
const whole = { from: calendarDate('2026-04-01'), until: calendarDate('2027-04-01') };
const teacher: Grant = { role: 'homeroomTeacher', schoolCode: 'B101', homeroomId: 'h-31', ...whole };
const nurse: Grant = { role: 'schoolNurse', schoolCode: 'B101', ...whole };
const subjectTeacher: Grant = { role: 'subjectTeacher', schoolCode: 'B101', ...whole };

let folds: Map<Period, Fold>;
let refused: RefusedEntry[];
let waiting: Entry[];

function add(...entries: Entry[]): void {
  for (const entry of entries) {
    const period = periodOfId(entry._id);
    const fold = folds.get(period) ?? new Fold();
    folds.set(period, fold);
    fold.add(entry);
  }
}

function source(grant = teacher): RegisterSource {
  return makeSource({
    stream: parseStreamKey(STREAM) as Stream,
    schoolYear: 2026,
    standing: readStanding(folds.get('2026-00') ?? new Fold(), 2026),
    marks: defaultMarks,
    subject: { personId: 't-1', grants: [grant] },
    today: date,
    refused,
    waiting,
    foldOf: (period) => folds.get(period) ?? new Fold(),
  });
}

const rowOf = (student: string) => {
  const row = rollCall(source(), 'h-31', date)?.rows.find((each) => each.studentId === student);
  if (!row) throw new Error('row');
  return row;
};

beforeEach(() => {
  folds = new Map();
  refused = [];
  waiting = [];
  add(...standingEntries().map((entry, i) => received(entry, i + 1)));
});

describe('the day', () => {
  test('the roll-call shows the class with its neighbours in the calendar', () => {
    const view = rollCall(source(), 'h-31', date);
    expect(view).toMatchObject({
      homeroomTitle: '3年1組',
      dayKind: 'schoolDay',
      previousSchoolDay: '2026-05-29',
      nextSchoolDay: '2026-06-02',
      canWrite: true,
    });
    expect(view?.rows.map((row) => [row.rosterNumber, row.familyName])).toEqual([
      [1, '青山'],
      [2, '石井'],
      [3, '上田'],
    ]);
    expect(rollCall(source(subjectTeacher), 'h-31', date)?.canWrite).toBe(false);
    expect(rollCall(source(), 'h-99', date)).toBeNull();
  });

  test('[DE51] a disagreement shows all values with their authors, the provisional one first', () => {
    add(
      markOf('s1', DAY, 'present'),
      received(markOf('s1', DAY, 'suspendedInfection', [], 't-2', 'インフル')),
    );
    const { day } = rowOf('s1');
    expect(day.state).toBe('conflict');
    expect(day.open.map(({ mark, byName, byRole, delivery }) => [mark, byName, byRole, delivery])).toEqual([
      ['suspendedInfection', '養護', 'schoolNurse', 'school'],
      ['present', '担任', 'homeroomTeacher', 'device'],
    ]);
    expect(day.shown).toEqual(day.open[0]);
    expect(day.painted).toHaveLength(2);

    const [view] = conflicts(source(), ['s1/2026-06-01', 's2/2026-06-01']);
    expect(view).toMatchObject({
      homeroomId: 'h-31',
      canWrite: true,
      row: { studentId: 's1', rosterNumber: 1 },
    });

    add(markOf('s1', DAY, 'suspendedInfection', day.painted));
    expect(rowOf('s1').day).toMatchObject({ state: 'single', shown: { byName: '担任' } });
    expect(rowOf('s1').day.struck).toHaveLength(2);
    expect(conflicts(source(), ['s1/2026-06-01'])).toEqual([]);
  });

  test('[DE51] a value sent back stands among the struck ones and counts nothing', () => {
    const entry = markOf('s2', DAY, 'sick', [], 't-1', '発熱');
    refused = [{ entry, code: 'denied' }];
    const { day } = rowOf('s2');
    expect(day.state).toBe('unmarked');
    expect(day.struck).toMatchObject([{ mark: 'sick', note: '発熱', delivery: 'refused' }]);
  });

  test('[DE44] what was painted names the head, and what an unsent head replaced', () => {
    const first = received(markOf('s1', DAY, 'present'));
    const second = markOf('s1', DAY, 'late', [first._id]);
    add(first, second);
    expect(rowOf('s1').day.painted).toEqual([first._id, second._id].sort());
    add(received(second, 2));
    expect(rowOf('s1').day.painted).toEqual([second._id]);
  });

  test('corrections stay readable, newest first', () => {
    const first = received(markOf('s1', DAY, 'present'));
    const second = received(markOf('s1', DAY, 'late', [first._id]), 2);
    const third = received(markOf('s1', DAY, 'sick', [second._id]), 3);
    add(third, first, second);
    expect(rowOf('s1').day.struck.map(({ mark }) => mark)).toEqual(['late', 'present']);
  });
});

describe('the school and the month', () => {
  test('the school’s day counts its homerooms', () => {
    for (const student of ['s1', 's2', 's3']) add(markOf(student, DAY, 'present'));
    const view = schoolDay(source(nurse), date);
    expect(view).toMatchObject({
      schoolName: '試小学校',
      total: { enrolledCount: 3, presentCount: 3, rollDue: true, rollTaken: true },
    });
    expect(view.homerooms).toMatchObject([{ homeroomId: 'h-31', own: false, tally: { rollTaken: true } }]);
    expect(schoolDay(source(), date).homerooms[0]?.own).toBe(true);
  });

  test('the month’s page names its people and what has not arrived', () => {
    const entry = markOf('s1', DAY, 'sick');
    add(entry);
    waiting = [entry];
    const view = monthRegisterView(source(), 'h-31', calendarMonth('2026-06'));
    expect(view).toMatchObject({
      schoolName: '試小学校',
      homeroomTeachers: ['担任'],
      principal: '校長',
      waitingCount: 1,
    });
    expect(view?.register.rows).toHaveLength(3);
  });
});

test('[DE52] a search ignores width, kana, case and spaces', () => {
  const names = (text: string) => findStudents(source(), text, date).map((hit) => hit.familyName);
  for (const text of ['青山', 'あおやま', 'アオ', 'ｱｵﾔﾏ', 'アオヤマ ハ', 'あおやま　はな'])
    expect(names(text)).toEqual(['青山']);
  expect(names('ハナ')).toHaveLength(3);
  expect(names('  ')).toEqual([]);
  expect(names('山')).toEqual([]);
});

test('only the questions that a change touches are asked again', () => {
  const touches = touchesQuery('2026-06', ['s1/2026-06-01', 's2/2026-06-01']);
  const other = calendarDate('2026-06-02');
  expect(touches({ type: 'rollCall', homeroomId: 'h', date })).toBe(true);
  expect(touches({ type: 'rollCall', homeroomId: 'h', date: other })).toBe(false);
  expect(touches({ type: 'schoolDay', date: other })).toBe(false);
  expect(touches({ type: 'monthRegister', homeroomId: 'h', month: calendarMonth('2026-06') })).toBe(true);
  expect(touches({ type: 'monthRegister', homeroomId: 'h', month: calendarMonth('2026-05') })).toBe(false);
  expect(touches({ type: 'sync' })).toBe(false);
  expect(touchesQuery('2026-00', ['student/s1'])({ type: 'rollCall', homeroomId: 'h', date: other })).toBe(
    true,
  );
});

test('[DE50] a register is shown only when all of it was once here', async () => {
  const standing = new PeriodModel();
  standing.addHeld(standingEntries().map((entry, i) => received(entry, i + 1)));
  const empty = new PeriodModel();
  const modelOf = (period: Period) => (period === '2026-00' ? standing : empty);
  const whole: string[] = [];
  const registers = new Registers({
    held: {
      load: async (_stream: string, period: Period) => modelOf(period),
      model: (_stream: string, period: Period) => modelOf(period),
      periods: () => ['2026-00'],
    } as unknown as RegistersPorts['held'],
    journal: { rows: () => [] } as unknown as RegistersPorts['journal'],
    subject: () => ({ personId: 't-1', grants: [teacher] }),
    chosenSchool: () => null,
    wholeStreams: () => whole,
    exchangesHere: () => true,
    now: () => Date.parse('2026-06-01T00:00:00Z'),
  });
  const question = { type: 'rollCall', homeroomId: 'h-31', date } as const;
  expect(await registers.answer(question)).toBeNull();
  expect(await registers.answer({ type: 'findStudents', text: '青山', date })).toEqual([]);
  whole.push(STREAM);
  expect(await registers.answer(question)).toMatchObject({ homeroomTitle: '3年1組' });
});

test('[DE15, DE16] of several schools the chosen one is answered for, else the first with a duty', async () => {
  const standing = new PeriodModel();
  standing.addHeld(standingEntries().map((entry, i) => received(entry, i + 1)));
  const empty = new PeriodModel();
  const loaded: string[] = [];
  let chosen: string | null = null;
  const other = STREAM.replace('b101', 'b102');
  const registers = new Registers({
    held: {
      load: async (stream: string, period: Period) => {
        loaded.push(stream);
        return period === '2026-00' ? standing : empty;
      },
      model: () => empty,
      periods: () => ['2026-00'],
    } as unknown as RegistersPorts['held'],
    journal: { rows: () => [] } as unknown as RegistersPorts['journal'],
    subject: () => ({ personId: 't-1', grants: [teacher, { ...teacher, schoolCode: 'B102' }] }),
    chosenSchool: () => chosen,
    exchangesHere: () => true,
    wholeStreams: () => [other, STREAM],
    now: () => Date.parse('2026-06-01T00:00:00Z'),
  });
  const asked = async (): Promise<string[]> => {
    loaded.length = 0;
    await registers.answer({ type: 'rollCall', homeroomId: 'h-31', date });
    return [...new Set(loaded)];
  };
  expect(await asked()).toEqual([STREAM]);
  chosen = 'B102';
  expect(await asked()).toEqual([other]);
  chosen = 'B109';
  expect(await asked()).toEqual([STREAM]);
});
