import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.ts';
import { SESSION_IDLE_MS, SESSION_LONGEST_MS, Sessions } from './sessions.ts';

const HOUR = 3_600_000;
const db = 'accounts-test';
const key = new Uint8Array(32).fill(7);

let store: MemoryStore;
let clock: { now: number };
let sessions: Sessions;
const open = () => new Sessions({ store, db, key, now: () => clock.now });

beforeEach(async () => {
  store = new MemoryStore();
  await store.ensureDatabase(db);
  clock = { now: 1_800_000_000_000 };
  sessions = open();
});

describe('a session', () => {
  it('[AC33] is found by its token, here and by another process, and by nothing that is stored', async () => {
    const { token, session } = await sessions.start('person', 'tablet');
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await sessions.find(token)).toMatchObject({ personId: 'person', device: 'tablet' });
    expect(await open().find(token)).toEqual(session);
    const records = JSON.stringify(await store.listRecords(db, ''));
    expect(records).not.toContain(token);
    expect(await sessions.find(session.id)).toBeNull();
    const otherKey = new Sessions({ store, db, key: new Uint8Array(32), now: () => clock.now });
    expect(await otherKey.find(token)).toBeNull();
  });

  it.each([null, '', 'x', 'A'.repeat(43), `${'A'.repeat(42)}/`])(
    '[AC33] is not found by %s',
    async (token) => {
      await sessions.start('person', 'tablet');
      expect(await sessions.find(token)).toBeNull();
    },
  );

  it('[AC33] ends after 12 hours without use, and lasts with use', async () => {
    const { token } = await sessions.start('person', 'tablet');
    const { token: idle } = await sessions.start('person', 'other');
    for (let hours = 0; hours < 36; hours += 11) {
      clock.now += 11 * HOUR;
      expect(await sessions.find(token)).not.toBeNull();
    }
    clock.now += SESSION_IDLE_MS;
    expect(await open().find(token)).toBeNull();
    expect(await sessions.find(idle)).toBeNull();
    expect(await store.listRecords(db, 'session:')).toEqual([]);
  });

  it('[AC33] ends after 30 days however much it is used', async () => {
    const { token, session } = await sessions.start('person', 'tablet');
    while (clock.now < session.createdAt + SESSION_LONGEST_MS - 11 * HOUR) {
      clock.now += 11 * HOUR;
      expect(await sessions.find(token)).not.toBeNull();
    }
    clock.now += 11 * HOUR;
    expect(await sessions.find(token)).toBeNull();
  });

  it('[AC33] ends on signing out, for every process within seconds, and tells who listens', async () => {
    const other = open();
    const { token, session } = await sessions.start('person', 'tablet');
    await other.find(token);
    const ended: string[] = [];
    sessions.onEnd(({ id }) => ended.push(id));
    await sessions.end(session.id);
    expect(await sessions.find(token)).toBeNull();
    expect(ended).toEqual([session.id]);
    clock.now += 11_000;
    expect(await other.find(token)).toBeNull();
  });

  it('is written at most once in five minutes by being used', async () => {
    const { token } = await sessions.start('person', 'tablet');
    const rev = async () => (await store.listRecords(db, 'session:'))[0]?._rev;
    const first = await rev();
    for (let i = 0; i < 29; i++) {
      clock.now += 10_000;
      await sessions.find(token);
    }
    expect(await rev()).toBe(first);
    clock.now += 10_000;
    await sessions.find(token);
    expect(await rev()).not.toBe(first);
  });

  it('of one person can be ended all at once, and swept when they have run out', async () => {
    const { token } = await sessions.start('one', 'a');
    await sessions.start('one', 'b');
    await sessions.start('two', 'c');
    expect(await sessions.endAllOf('one')).toBe(2);
    expect(await sessions.find(token)).toBeNull();
    expect(await sessions.list()).toHaveLength(1);
    clock.now += SESSION_IDLE_MS;
    expect(await sessions.sweep()).toBe(1);
    expect(await sessions.list()).toEqual([]);
  });
});
