import { beforeEach, describe, expect, it } from 'vitest';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { isErased } from '../../src/ledger/erasure.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import { MAX_BLOCK_ENTRIES } from '../../src/gateway/exchange/block.ts';
import { type FailingStore } from '../../src/gateway/testing/failing-store.ts';
import {
  attendance,
  grantOf,
  homeroomId,
  otherStream,
  pupilId,
  rosterEntries,
  SCHOOL,
  stream,
} from '../../src/gateway/testing/small-town.ts';
import { readExchange } from '../../src/gateway/testing/test-client.ts';
import { TestDevice } from '../../src/gateway/testing/test-device.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

const key = streamKey(stream);
const first = pupilId(SCHOOL, 1, 1);
const second = pupilId(SCHOOL, 1, 2);

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

async function deviceOf(login: string, name = `${login}-device`): Promise<TestDevice> {
  return new TestDevice(await town.signIn(login, name));
}

async function gatewayState(): Promise<{ count: number; digest: string }> {
  return (await town.gateway.parts.streams.open(stream)).index.state;
}

describe('a device that holds nothing', () => {
  it('[SY3, SY4] gets a stream whole in one request: the standing part, then the newest month', async () => {
    const days = ['2026-04-08', '2026-05-08', '2026-06-08'].map(calendarDate);
    const marks = days.map((on) => attendance({ by: 'import', on, marks: { [first]: 'present' } }));
    await town.writeAround(stream, marks);
    const { head, blocks } = await (await town.signIn('homeroom1')).exchange();
    expect(blocks.map(({ meta }) => meta.period)).toEqual(['2026-00', '2026-06', '2026-05', '2026-04']);
    const device = await deviceOf('nurse');
    expect(await device.sync()).toBe(1);
    expect(device.stateOf(key)).toEqual(await gatewayState());
    expect(head.streams[key]).toMatchObject({ ...device.stateOf(key), follow: 'blocks' });
  });

  it('[SY20] gets blocks of one stream and period that say what they hold', async () => {
    const { blocks } = await (await town.signIn('homeroom1')).exchange();
    for (const { meta, entries } of blocks) {
      expect(entries.every((entry) => entry._id.startsWith(`register:${meta.period}:`))).toBe(true);
      expect(entries.length).toBe(meta.count);
      expect(meta.count).toBeLessThanOrEqual(MAX_BLOCK_ENTRIES);
    }
  });

  it('[SY22] can tell an answer that was cut, and keeps the blocks before the cut', async () => {
    await town.writeAround(stream, [attendance({ by: 'import', marks: { [first]: 'sick' } })]);
    const client = await town.signIn('homeroom1');
    const answer = await client.send('POST', '/api/exchange', client.requestOf());
    const whole = new Uint8Array(await answer.arrayBuffer());
    for (const length of [0, 3, 40, whole.length - 40, whole.length - 1]) {
      await expect(readExchange(new Response(whole.slice(0, length)))).rejects.toThrow('cut');
    }
    expect((await readExchange(new Response(whole))).blocks).toHaveLength(2);
  });

  it('[SY9, SY22] ends whole after a first sync that broke off behind any of its blocks', async () => {
    const months = ['2026-04-08', '2026-05-08', '2026-06-08'].map(calendarDate);
    await town.writeAround(
      stream,
      months.map((on) => attendance({ by: 'import', on, marks: { [first]: 'sick' } })),
    );
    for (const got of [0, 1, 2, 3]) {
      const device = await deviceOf('homeroom1', `cut-${got}`);
      const { blocks } = await device.client.exchange();
      const held = device.heldOf(key);
      for (const { entries } of blocks.slice(0, got)) for (const entry of entries) held.set(entry._id, entry);
      expect(await device.sync()).toBeLessThanOrEqual(2);
      expect(device.stateOf(key)).toEqual(await gatewayState());
    }
  });
});

describe('a device that is up to date', () => {
  it('[SY3] asks once and is told so, without a block', async () => {
    const device = await deviceOf('homeroom1');
    await device.sync();
    const { head, blocks } = await device.client.exchange({ streams: { [key]: device.stateOf(key) } });
    expect(head.streams[key]).toEqual({ ...device.stateOf(key), hold: 'disk', follow: 'equal' });
    expect(blocks).toEqual([]);
    expect(await device.sync()).toBe(1);
  });

  it('[SY2] gets exactly what followed since', async () => {
    const device = await deviceOf('homeroom1');
    await device.sync();
    const nurse = await town.signIn('nurse');
    const news = [
      attendance({ by: 'nurse', marks: { [first]: 'sick' } }),
      attendance({ by: 'nurse', on: calendarDate('2026-05-29'), marks: { [second]: 'late' } }),
    ];
    await nurse.push(stream, ...news);
    const { head, blocks } = await device.client.exchange({ streams: { [key]: device.stateOf(key) } });
    expect(head.streams[key]?.follow).toBe('blocks');
    expect(blocks.flatMap(({ entries }) => entries.map((entry) => entry._id)).sort()).toEqual(
      news.map((entry) => entry._id).sort(),
    );
  });

  it('[SY1, SY2] is understood by a gateway that has just started and never heard of it', async () => {
    const device = await deviceOf('homeroom1');
    await device.sync();
    const restarted = await TestGateway.openOn(town.store, { secrets: town.secrets, empty: true });
    const again = new TestDevice(await restarted.signIn('homeroom1'));
    for (const [id, entry] of device.heldOf(key)) again.heldOf(key).set(id, entry);
    expect(await again.sync()).toBe(1);
  });

  it('[SY1, SY39] is not moved by any clock', async () => {
    const device = await deviceOf('homeroom1');
    device.write(
      stream,
      attendance({ by: 'homeroom1', marks: { [first]: 'sick' }, madeAt: 4_090_000_000_000 }),
    );
    town.clock.now -= 86_400_000 * 3;
    await device.sync();
    town.clock.now += 86_400_000 * 3 + 7_200_000;
    expect(await device.sync()).toBe(1);
    expect(device.stateOf(key)).toEqual(await gatewayState());
  });
});

describe('an erasure', () => {
  async function erase(id: string): Promise<void> {
    const principal = await town.signIn('principal');
    const answer = await principal.send('POST', '/api/erasure', { stream: key, id, why: '別の児童の記録' });
    expect(answer.status).toBe(200);
  }

  it('[SY8] reaches a device that has the entry, and a new one gets it erased', async () => {
    const device = await deviceOf('homeroom1');
    const mark = attendance({ by: 'homeroom1', marks: { [first]: 'sick' } });
    device.write(stream, mark);
    await device.sync();
    const before = device.stateOf(key);
    await erase(mark._id);
    await erase(mark._id);
    expect(await device.sync()).toBe(2);
    const [held] = [device.heldOf(key).get(mark._id)];
    expect(held && isErased(held)).toBe(true);
    expect(JSON.stringify(held)).not.toContain('sick');
    expect(device.stateOf(key)).toEqual(await gatewayState());
    expect(device.stateOf(key).count).toBe(before.count);
    expect(device.stateOf(key).digest).not.toBe(before.digest);
    const fresh = await deviceOf('nurse');
    await fresh.sync();
    expect(fresh.stateOf(key)).toEqual(device.stateOf(key));
  });

  it('[SY32] is not undone by who pushes the entry once more', async () => {
    const device = await deviceOf('homeroom1');
    const mark = attendance({ by: 'homeroom1', marks: { [first]: 'sick' } });
    await device.client.push(stream, mark);
    await erase(mark._id);
    const [verdict] = await device.client.push(stream, mark);
    expect(verdict?.verdict).toBe('accepted');
    const [stored] = await town.store.getEntries(stream.db, [mark._id]);
    expect(stored && isErased(stored)).toBe(true);
  });
});

describe('a restored backup', () => {
  /** The same gateway over the store as it was: without the last `lost` entries. */
  async function restoreWithout(lostIds: readonly string[]): Promise<void> {
    town.store.tamper(stream.db, (entries) => {
      for (const id of lostIds) entries.delete(id);
    });
    town = await TestGateway.openOn(town.store, { secrets: town.secrets, empty: true });
  }

  it('[SY5, SY6] is healed by the devices, each entry with its old stamp, whoever hands it back', async () => {
    const teacher = await deviceOf('homeroom1');
    const nurse = await deviceOf('nurse');
    const marks = [1, 2, 3].map((p) =>
      attendance({ by: 'homeroom1', marks: { [pupilId(SCHOOL, 1, p)]: 'present' } }),
    );
    for (const mark of marks) teacher.write(stream, mark);
    await teacher.sync();
    await nurse.sync();
    const before = await gatewayState();
    const stamps = marks.map((mark) => nurse.heldOf(key).get(mark._id)?.received);
    await restoreWithout(marks.slice(1).map((mark) => mark._id));
    expect((await gatewayState()).count).toBe(before.count - 2);

    // New work is done before any of the old devices comes back.
    const office = await town.signIn('office');
    const newer = attendance({ by: 'office', marks: { [second]: 'late' } });
    await office.push(stream, newer);

    const returning = new TestDevice(await town.signIn('nurse'));
    for (const [id, entry] of nurse.heldOf(key)) returning.heldOf(key).set(id, entry);
    expect(await returning.sync()).toBeLessThanOrEqual(4);
    const stored = await town.store.getEntries(
      stream.db,
      marks.map((mark) => mark._id),
    );
    expect(stored.map((entry) => entry?.received)).toEqual(stamps);
    expect((await gatewayState()).count).toBe(before.count + 1);
    expect(returning.stateOf(key)).toEqual(await gatewayState());
    expect(returning.heldOf(key).has(newer._id)).toBe(true);
  });

  it('[SY6, SY8] gets an erasure back, and believes only the one it made', async () => {
    const teacher = await deviceOf('homeroom1');
    const mark = attendance({ by: 'homeroom1', marks: { [first]: 'sick' } });
    teacher.write(stream, mark);
    await teacher.sync();
    const [original] = await town.store.getEntries(stream.db, [mark._id]);
    const principal = await town.signIn('principal');
    await principal.send('POST', '/api/erasure', { stream: key, id: mark._id, why: '誤記' });
    await teacher.sync();
    const erased = teacher.heldOf(key).get(mark._id);
    town.store.tamper(stream.db, (entries) => original && entries.set(mark._id, original));
    town = await TestGateway.openOn(town.store, { secrets: town.secrets, empty: true });

    const client = await town.signIn('homeroom2');
    const forged = [
      { ...erased, why: '気に入らない' },
      { ...erased, erasedBy: 'homeroom2' },
      { ...erased, cells: [] },
      { ...erased, received: original?.received },
      { ...erased, received: undefined },
    ];
    for (const entry of forged) {
      const [verdict] = await client.push(stream, entry);
      expect(verdict).toMatchObject({ verdict: 'refused' });
    }
    const returning = new TestDevice(await town.signIn('homeroom1'));
    for (const [id, entry] of teacher.heldOf(key)) returning.heldOf(key).set(id, entry);
    await returning.sync();
    const [stored] = await town.store.getEntries(stream.db, [mark._id]);
    expect(stored && isErased(stored)).toBe(true);
    expect(returning.stateOf(key)).toEqual(await gatewayState());
  });

  it('[SY6] takes nothing back that does not carry its seal', async () => {
    const mark = attendance({ by: 'homeroom1', marks: { [first]: 'sick' } });
    const nurse = await town.signIn('nurse');
    const received = { at: 1, by: 'homeroom1', device: 'd', n: 1, mac: '0'.repeat(32) };
    const [verdict] = await nurse.push(stream, { ...mark, received });
    expect(verdict).toMatchObject({ verdict: 'refused', code: 'notTheAuthor' });
    const others = await TestGateway.open();
    await (await others.signIn('homeroom1')).push(stream, mark);
    const [elsewhere] = await others.store.getEntries(stream.db, [mark._id]);
    const [again] = await nurse.push(stream, elsewhere);
    expect(again).toMatchObject({ verdict: 'refused', code: 'notTheAuthor' });
  });
});

describe('what a person may read changes', () => {
  it('[SY7] names a lost stream once, and sends a new one whole', async () => {
    const device = await deviceOf('homeroom1');
    await device.sync();
    expect(device.streams()).toEqual([stream]);
    const moved = grantOf('homeroomTeacher', 'S2', { homeroomId: homeroomId('S2', 1) });
    await town.gateway.parts.accounts.setGrants('homeroom1', [moved]);
    const { head } = await device.client.exchange({ streams: { [key]: device.stateOf(key) } });
    expect(head.lost).toEqual([key]);
    await device.sync();
    expect(device.streams()).toEqual([otherStream]);
    expect(device.heldOf(streamKey(otherStream)).size).toBe(rosterEntries('S2').length);
  });

  it('[SY7] is not what a year’s database that is not there now means', async () => {
    const client = await town.signIn('homeroom1');
    const state = { count: 5, digest: '1'.repeat(32) };
    const { head } = await client.exchange({ streams: { 'register-s1-2024/register': state } });
    expect(head.lost).toEqual([]);
  });
});

describe('an answer that is lost', () => {
  it('[SY32, SY9] leaves nothing doubled and nothing missing', async () => {
    const device = await deviceOf('homeroom1');
    await device.sync();
    const mark = attendance({ by: 'homeroom1', marks: { [first]: 'sick' } });
    device.write(stream, mark);
    device.losesAnswer = () => true;
    await device.sync();
    const [stored] = await town.store.getEntries(stream.db, [mark._id]);
    const { count } = await gatewayState();
    device.losesAnswer = () => false;
    await device.sync();
    expect(device.journal).toEqual([]);
    expect((await gatewayState()).count).toBe(count);
    expect(device.heldOf(key).get(mark._id)?.received).toEqual(stored?.received);
    expect(device.stateOf(key)).toEqual(await gatewayState());
  });
});

describe('a store that fails', () => {
  it('[SY30, SY31] makes `later` of its own entries, and of nobody else’s', async () => {
    const both = [grantOf('principal', SCHOOL), grantOf('principal', 'S2')];
    await town.addPerson('both', both);
    const client = await town.signIn('both');
    await client.exchange();
    const here = attendance({ by: 'both', marks: { [first]: 'sick' } });
    const there = attendance({ by: 'both', of: otherStream, marks: { [pupilId('S2', 1, 1)]: 'sick' } });
    const { putEntries } = town.store;
    const failing = town.store as FailingStore;
    failing.putEntries = async (db, entries) => {
      if (db === stream.db) failing.down.add(db);
      try {
        return await putEntries.call(failing, db, entries);
      } finally {
        failing.down.delete(db);
      }
    };
    const push = [
      { stream: key, entry: here },
      { stream: streamKey(otherStream), entry: there },
    ];
    const { head } = await client.exchange({ push });
    expect(head.verdicts).toMatchObject([
      { id: here._id, verdict: 'later', code: 'storeUnavailable' },
      { id: there._id, verdict: 'accepted' },
    ]);
    expect(await town.store.getEntries(stream.db, [here._id])).toEqual([null]);
    failing.putEntries = putEntries;
    expect((await client.push(stream, here))[0]?.verdict).toBe('accepted');
    const device = await deviceOf('nurse');
    await device.sync();
    const whole = foldEntries(device.heldOf(key).values());
    expect(whole.has(here._id)).toBe(true);
  });

  it('[SY31] answers 503, and never with a state it has not read', async () => {
    town.store.down.add(stream.db);
    const client = await town.signIn('homeroom1').catch(() => null);
    expect(client).toBeNull();
    town.store.down.clear();
    const later = await town.signIn('homeroom1');
    town = await TestGateway.openOn(town.store, { secrets: town.secrets, empty: true });
    town.store.down.add(stream.db);
    const again = town.client();
    again.cookie = later.cookie;
    const answer = await again.send('POST', '/api/exchange', again.requestOf());
    expect([answer.status, await answer.json()]).toEqual([503, { code: 'storeUnavailable' }]);
  });

  it('[SY30, SY51] refuses by itself what the gateway let through, and that is the verdict', async () => {
    const client = await town.signIn('nurse');
    const bad = attendance({ by: 'nurse', marks: { [first]: 'sick' } });
    const good = attendance({ by: 'nurse', marks: { [second]: 'sick' } });
    town.store.refuses.add(bad._id);
    expect(await client.push(stream, bad, good)).toMatchObject([
      { verdict: 'refused', code: 'notPermitted' },
      { verdict: 'accepted' },
    ]);
  });
});
