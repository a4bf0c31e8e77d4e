import '../testing/browser-storage.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersonDatabase } from '../person-database.ts';
import { writeRows } from '../testing/journal-rows.ts';
import { DeviceReporter } from './device-reporter.ts';

const before = globalThis.fetch;
const state = (count: number) => ({ count, digest: '0'.repeat(32) });
let bodies: unknown[];
let status: number;
let now: number;
let db: PersonDatabase;

beforeEach(async () => {
  [bodies, status, now] = [[], 200, 0];
  db = new PersonDatabase('reporter');
  await writeRows(db, 1, { note: '秘密' });
  globalThis.fetch = async (_path, init) => {
    bodies.push(JSON.parse(String(init?.body)));
    return Response.json(status === 200 ? { ok: true } : { code: 'busy' }, { status });
  };
});
afterEach(async () => {
  globalThis.fetch = before;
  await db.delete();
});

describe('the report of a device', () => {
  it('[DE147] names streams, counts and how they are kept, and nothing else', async () => {
    const reporter = new DeviceReporter(db, () => now);
    now = 300_000;
    await reporter.report({ 'register-b101-2026/register': state(7) }, 1);
    expect(bodies).toEqual([
      {
        streams: [{ key: 'register-b101-2026/register', count: 7 }],
        protection: 'password',
        encrypted: true,
        waiting: 1,
      },
    ]);
  });

  it('[DE147] is told at once where a stream has gone, else now and then, and again where it was not heard', async () => {
    const reporter = new DeviceReporter(db, () => now);
    await reporter.report({ a: state(1) }, 0);
    await reporter.report({ a: state(2), b: state(1) }, 5);
    now = 299_999;
    await reporter.report({ a: state(2), b: state(1) }, 0);
    expect(bodies).toEqual([]);
    status = 503;
    await reporter.report({ a: state(2) }, 0);
    status = 200;
    await reporter.report({ a: state(2) }, 0);
    expect(bodies).toHaveLength(2);
    await reporter.report({ a: state(3) }, 0);
    expect(bodies).toHaveLength(2);
    now = 599_999;
    await reporter.report({ a: state(3) }, 0);
    expect(bodies).toHaveLength(3);
  });
});
