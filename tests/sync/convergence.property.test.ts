import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { foldEntries, overOf } from '../../src/ledger/fold.ts';
import { attendanceKey } from '../../src/ledger/kinds.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import { attendance, pupilId, SCHOOL, stream } from '../../src/gateway/testing/small-town.ts';
import { TestDevice } from '../../src/gateway/testing/test-device.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

const key = streamKey(stream);
const people = ['nurse', 'office', 'vice', 'principal'] as const;
const days = ['2026-05-29', '2026-06-09', '2026-06-10'].map(calendarDate);

type Step =
  | {
      readonly do: 'mark';
      readonly who: number;
      readonly pupil: number;
      readonly day: number;
      readonly value: string;
    }
  | { readonly do: 'sync'; readonly who: number; readonly lost: boolean }
  | { readonly do: 'erase'; readonly which: number }
  | { readonly do: 'restore'; readonly keep: number }
  | { readonly do: 'forget'; readonly who: number }
  | { readonly do: 'restart' };

const who = fc.nat(people.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      who,
      pupil: fc.integer({ min: 1, max: 2 }),
      day: fc.nat(days.length - 1),
      value: fc.constantFrom('present', 'sick', 'late'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('sync' as const), who, lost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), which: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), keep: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), who }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** A town whose server can be restarted and put back to an older day, and the devices that talk to it. */
class World {
  town: TestGateway;
  readonly devices: TestDevice[] = [];
  /** Every entry that a device was told has arrived. */
  readonly arrived = new Set<string>();
  readonly erased = new Set<string>();

  constructor(town: TestGateway) {
    this.town = town;
  }

  static async open(): Promise<World> {
    const world = new World(await TestGateway.open());
    for (const login of people) world.devices.push(new TestDevice(await world.town.signIn(login)));
    return world;
  }

  async run(todo: Step): Promise<void> {
    switch (todo.do) {
      case 'mark': {
        const device = this.devices[todo.who] as TestDevice;
        const pupil = pupilId(SCHOOL, 1, todo.pupil);
        const on = days[todo.day] as (typeof days)[number];
        const painted = device.foldOf(stream).headsOf(attendanceKey(pupil, on));
        const by = people[todo.who] as string;
        device.write(stream, attendance({ by, on, marks: { [pupil]: todo.value }, over: overOf(painted) }));
        return;
      }
      case 'sync':
        return this.sync(todo.who, todo.lost);
      case 'erase':
        return this.erase(todo.which);
      case 'restore':
        this.town.store.tamper(stream.db, (entries) => {
          const marks = [...entries.values()].filter((entry) => entry.kind === 'attendance');
          marks.sort((a, b) => (a.received?.n ?? 0) - (b.received?.n ?? 0));
          for (const entry of marks.slice(todo.keep)) entries.delete(entry._id);
        });
        return this.restart();
      case 'restart':
        return this.restart();
      case 'forget':
        (this.devices[todo.who] as TestDevice).held.clear();
    }
  }

  async sync(at: number, lost: boolean): Promise<void> {
    const device = this.devices[at] as TestDevice;
    const before = new Set(device.journal.map((row) => row.entry._id));
    device.losesAnswer = () => lost;
    await device.sync();
    const waiting = new Set(device.journal.map((row) => row.entry._id));
    for (const id of before) if (!waiting.has(id) && !device.refused.has(id)) this.arrived.add(id);
  }

  async erase(which: number): Promise<void> {
    const stored = await this.stored();
    const marks = stored.filter((entry) => entry.kind === 'attendance' && !('erased' in entry));
    const entry = marks[which % Math.max(marks.length, 1)];
    if (!entry) return;
    const principal = await this.town.signIn('principal');
    await principal.send('POST', '/api/erasure', { stream: key, id: entry._id, why: '誤記' });
    this.erased.add(entry._id);
  }

  async stored() {
    const entries = [];
    for await (const batch of this.town.store.readEntries(stream.db)) entries.push(...batch);
    return entries;
  }

  async restart(): Promise<void> {
    const { store, secrets } = this.town;
    this.town = await TestGateway.openOn(store, { secrets, empty: true });
    for (const [i, login] of people.entries()) {
      const before = this.devices[i] as TestDevice;
      const device = new TestDevice(await this.town.signIn(login));
      for (const [id, entry] of before.heldOf(key)) device.heldOf(key).set(id, entry);
      device.journal.push(...before.journal);
      this.devices[i] = device;
    }
  }
}

describe('several devices and a gateway', () => {
  it('[SY9] come to the same state, whatever was lost, repeated, erased, restored or forgotten', async () => {
    const seen = { refused: 0, arrived: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = await World.open();
        for (const todo of steps) await world.run(todo);
        for (let round = 0; round < 3; round++) {
          for (const at of world.devices.keys()) await world.sync(at, false);
        }
        const stored = await world.stored();
        const hash = foldEntries(stored).canonicalHash();
        const { state } = (await world.town.gateway.parts.streams.open(stream)).index;
        for (const device of world.devices) {
          expect(device.refused.size).toBe(0);
          expect(device.journal.filter((row) => !isWaitingForLost(row.entry, stored))).toEqual([]);
          expect(device.stateOf(key)).toEqual(state);
          expect(foldEntries(device.heldOf(key).values()).canonicalHash()).toBe(hash);
        }
        const ids = new Set(stored.map((entry) => entry._id));
        // What arrived is there, unless the store lost it and every device had forgotten it.
        const safe = !steps.some(({ do: name }) => name === 'restore' || name === 'forget');
        for (const id of world.arrived) if (safe) expect(ids.has(id)).toBe(true);
        seen.arrived += world.arrived.size;
      }),
      { seed: 20261123, numRuns: 60 },
    );
    expect(seen.arrived).toBeGreaterThan(100);
  });
});

/** A row over an entry that a restored store lost and nobody holds any more. */
function isWaitingForLost(
  entry: { cells: readonly { over: readonly string[] }[] },
  stored: readonly { _id: string }[],
): boolean {
  const ids = new Set(stored.map((other) => other._id));
  return entry.cells.some((cell) => cell.over.some((id) => !ids.has(id)));
}
