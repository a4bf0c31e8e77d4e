import { FakeAccounts, installFakeBrowser } from '../testing/fake-browser.ts';
import { beforeEach, expect, test } from 'vitest';
import { MemoryBlocks, MemoryJournal } from '../../sync/testing/memory-device.ts';
import type { SyncPhase } from '../../sync/device-schedule.ts';
import { markOf, STREAM } from '../testing/entries.ts';
import { ExchangeRunner } from './exchange-runner.ts';

let accounts: FakeAccounts;
let phases: SyncPhase[];

class SilentEvents {
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readyState = 0;
  addEventListener(): void {}
  close(): void {}
}

function run(personId: string): ExchangeRunner {
  const blocks = new MemoryBlocks();
  const journal = new MemoryJournal(blocks.log);
  journal.write([markOf('s1', '2026-06-01', 'sick')], STREAM);
  const nothing = (): void => undefined;
  return new ExchangeRunner(
    {
      personId,
      device: 'd-1',
      app: 'test',
      blocks,
      journal,
      isKnown: () => true,
      onSession: nothing,
      onClock: nothing,
      onPhase: (phase) => phases.push(phase),
      onContact: nothing,
      onProgress: nothing,
      onStreams: nothing,
      onLost: nothing,
      onRest: nothing,
    },
    false,
  );
}

beforeEach(() => {
  accounts = new FakeAccounts();
  phases = [];
  installFakeBrowser(accounts);
  Object.defineProperty(globalThis, 'EventSource', { value: SilentEvents, configurable: true });
  for (const id of ['t-1', 't-2'])
    accounts.sessions.set(id, {
      person: { id, login: id, name: '', grants: [] },
      streams: [],
      sealing: {},
      factors: ['password'],
      secondFactor: 'none',
      passwordChangeDue: false,
      hasPassword: true,
      serverNow: 0,
    });
});

test('[DE23] with another person’s cookie nothing goes up', async () => {
  accounts.signedIn = 't-2';
  const runner = run('t-1');
  await runner.quiet();
  expect(phases.at(-1)).toBe('signedOut');
  expect(accounts.calls).toEqual(['GET /api/session']);

  accounts.signedIn = 't-1';
  runner.sessionChanged();
  await runner.quiet();
  expect(accounts.calls.slice(1)).toEqual(['GET /api/session', 'POST /api/exchange']);
});

test('[DE22] without a session the rows wait for a sign-in', async () => {
  const runner = run('t-1');
  await runner.quiet();
  expect(phases.at(-1)).toBe('signedOut');
  runner.trigger('row');
  runner.trigger('online');
  await runner.quiet();
  expect(accounts.calls).toEqual(['GET /api/session']);
});
