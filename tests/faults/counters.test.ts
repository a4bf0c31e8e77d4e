import { describe, expect, test } from 'vitest';
import {
  countHiddenConflicts,
  countLosses,
  countMissing,
  isClean,
  noLosses,
  type Action,
  type Facts,
  type Write,
} from './counters.mjs';

const cell = 'p-1/2026-11-20';
const other = 'p-2/2026-11-20';

function action(no: number, mark: string, more: Partial<Action> = {}): Action {
  return {
    no,
    tab: 'a',
    at: no * 1000,
    writes: [{ cell, mark }],
    seen: new Map([[cell, { mark: null, conflict: false }]]),
    saved: new Set([cell]),
    ...more,
  };
}

function write(entry: string, mark: string, over: string[] = [], more: Partial<Write> = {}): Write {
  return { entry, cell, mark, over, receivedAt: 5000, ...more };
}

const seeing = (mark: string | null, conflict = false) => ({ seen: new Map([[cell, { mark, conflict }]]) });

const quiet: Facts = {
  actions: [],
  before: [],
  after: [],
  sentBack: [],
  missing: 0,
  hidden: 0,
  arrivals: [],
  replicas: [],
  hung: 0,
};
const count = (facts: Partial<Facts>) => countLosses({ ...quiet, ...facts });

/** A day without loss: one mark, a correction of it, and one that the school sent back. */
const whole: Partial<Facts> = {
  before: [write('e0', 'other')],
  actions: [
    action(1, 'sick', seeing('other')),
    action(2, 'late', seeing('sick')),
    action(3, 'present', { writes: [{ cell: other, mark: 'present' }], saved: new Set([other]) }),
  ],
  after: [write('e0', 'other'), write('e1', 'sick', ['e0']), write('e2', 'late', ['e0', 'e1'])],
  sentBack: [{ cell: other, mark: 'present' }],
  arrivals: [{ cell, mark: 'sick', at: 5001 }],
  replicas: [{ name: 'tablet', expected: 'x', found: 'x' }],
};

describe('the counters', () => {
  test('a day without loss counts nothing', () => {
    expect(count(whole)).toEqual(noLosses());
    expect(isClean(count(whole))).toBe(true);
  });

  test('L: a saved mark that is nowhere', () => {
    expect(count({ actions: [action(1, 'sick')] })).toEqual({ ...noLosses(), L: 1 });
    expect(isClean(count({ actions: [action(1, 'sick')] }))).toBe(false);
  });

  test('L: not a mark that was never said to be saved', () => {
    expect(count({ actions: [action(1, 'sick', { saved: new Set() })] }).L).toBe(0);
  });

  test('L: half of an action, saved or not', () => {
    const both = [
      { cell, mark: 'present' },
      { cell: other, mark: 'present' },
    ];
    const half = action(1, 'present', { writes: both, saved: new Set() });
    expect(count({ actions: [half], after: [write('e1', 'present')] }).L).toBe(1);
    expect(count({ actions: [half] }).L).toBe(0);
  });

  test('L: what a device no longer shows after its start', () => {
    const actions = [action(1, 'sick'), action(2, 'late', { saved: new Set() })];
    expect(countMissing(actions, new Map([[cell, 'sick']]))).toBe(0);
    expect(countMissing(actions, new Map([[cell, 'late']]))).toBe(0);
    expect(countMissing(actions, new Map([[cell, 'other']]))).toBe(1);
    expect(countMissing(actions, new Map())).toBe(1);
    expect(count({ missing: 1 }).L).toBe(1);
  });

  test('D: a mark twice, an entry that came twice, a mark nobody gave', () => {
    const actions = [action(1, 'sick')];
    const once = write('e1', 'sick');
    expect(count({ actions, after: [once] }).D).toBe(0);
    expect(count({ actions, after: [once, write('e2', 'sick')] }).D).toBe(1);
    expect(count({ actions, after: [once, once] }).D).toBe(1);
    expect(count({ actions, after: [once, write('e2', 'late')] }).D).toBe(1);
    expect(count({ before: [once], after: [once, once] }).D).toBe(1);
  });

  test('W: a saved mark replaced by somebody who did not see it', () => {
    const after = [write('e1', 'sick'), write('e2', 'late', ['e1'])];
    const blind = [action(1, 'sick'), action(2, 'late', { tab: 'b', ...seeing(null) })];
    expect(count({ actions: blind, after })).toEqual({ ...noLosses(), W: 1 });
    const seen = [action(1, 'sick'), action(2, 'late', { tab: 'b', ...seeing('sick') })];
    expect(count({ actions: seen, after }).W).toBe(0);
    const settled = [action(1, 'sick'), action(2, 'late', { tab: 'b', ...seeing('other', true) })];
    expect(count({ actions: settled, after }).W).toBe(0);
  });

  test('W: not where both stay open, nor through what stood on the tile', () => {
    const open = [write('e1', 'sick'), write('e2', 'late')];
    const actions = [action(1, 'sick'), action(2, 'late', seeing(null)), action(3, 'other', seeing('late'))];
    expect(count({ actions: actions.slice(0, 2), after: open }).W).toBe(0);
    const chain = [write('e1', 'sick'), write('e2', 'late', ['e1']), write('e3', 'other', ['e1', 'e2'])];
    const honest = [action(1, 'sick'), action(2, 'late', seeing('sick')), action(3, 'other', seeing('late'))];
    expect(count({ actions: honest, after: chain }).W).toBe(0);
  });

  test('W: values that disagree on a screen that does not say so', () => {
    const open = [write('e1', 'sick'), write('e2', 'late')];
    const showing = (conflict: boolean) => new Map([[cell, { mark: 'sick', conflict }]]);
    expect(countHiddenConflicts(open, showing(true))).toBe(0);
    expect(countHiddenConflicts(open, showing(false))).toBe(1);
    expect(countHiddenConflicts([...open, write('e3', 'other', ['e1', 'e2'])], showing(false))).toBe(0);
    expect(count({ hidden: 1 })).toEqual({ ...noLosses(), W: 1 });
  });

  test('S: arrived at school, which knew nothing of it, or only later', () => {
    const arrivals = [{ cell, mark: 'sick', at: 6000 }];
    const actions = [action(1, 'sick')];
    expect(count({ actions, arrivals, after: [write('e1', 'sick')] }).S).toBe(0);
    const later = write('e1', 'sick', [], { receivedAt: 7000 });
    expect(count({ actions, arrivals, after: [later] })).toEqual({ ...noLosses(), S: 1 });
    const refused = { sentBack: [{ cell, mark: 'sick' }] };
    expect(count({ actions, arrivals, ...refused })).toEqual({ ...noLosses(), S: 1 });
  });

  test('V: a replica that holds or shows something else', () => {
    const replicas = [
      { name: 'one', expected: 'x', found: 'x' },
      { name: 'two', expected: 'x', found: 'y' },
    ];
    expect(count({ replicas })).toEqual({ ...noLosses(), V: 1 });
  });

  test('H: what hung', () => {
    expect(count({ hung: 1 })).toEqual({ ...noLosses(), H: 1 });
  });
});
