import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { commands } from '../control/commands.ts';
import { StoreUnavailable, type GatewayRecord } from '../store/document-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { TestGateway } from '../testing/test-gateway.ts';
import { RepeatedEvents } from './repeated-events.ts';
import { MemoryAudit } from './memory-audit.ts';
import { StoredAudit } from './stored-audit.ts';
import { verifyAudit } from './verify-audit.ts';
import { createWitnessFile } from './witness-file.ts';

class SwitchedStore extends MemoryStore {
  down: 'no' | 'before' | 'after' = 'no';

  override async putRecord(db: string, record: GatewayRecord) {
    if (this.down === 'before') throw new StoreUnavailable('switched off');
    const put = await super.putRecord(db, record);
    if (this.down === 'after') throw new StoreUnavailable('cut off');
    return put;
  }
}

describe('what the store does not take', () => {
  it.each(['before', 'after'] as const)('[AU2] rejects, and the chain goes on (cut off %s)', async (when) => {
    const store = new SwitchedStore();
    const options = { store, db: 'audit-t', key: randomBytes(32), now: () => 1 };
    const audit = await StoredAudit.open(options);
    await audit.record({ kind: 'signedIn', by: 'a' });
    store.down = when;
    await expect(audit.record({ kind: 'signedIn', by: 'b' })).rejects.toBeInstanceOf(StoreUnavailable);
    store.down = 'no';
    await audit.record({ kind: 'signedIn', by: 'c' });
    const [report] = await verifyAudit(store, 'audit-t', audit.seal);
    // What was cut off after it had been written is there.
    expect(report).toMatchObject({ findings: [], entryCount: when === 'after' ? 3 : 2 });
  });
});

describe('a database that was set back as a whole', () => {
  const twoDays = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amenimo-witness-'));
    const store = new MemoryStore();
    const key = randomBytes(32);
    const witness = createWitnessFile(join(folder, 'audit-head.json'));
    const open = () => StoredAudit.open({ store, db: 'audit-t', key, now: () => 1, witness });
    const audit = await open();
    await audit.record({ kind: 'signedIn', by: 'a' });
    const before = await store.listRecords('audit-t', '');
    await audit.record({ kind: 'erased', by: 'b' });
    await audit.idle();
    for (const { _id, _rev } of await store.listRecords('audit-t', '')) {
      await store.deleteRecord('audit-t', _id, _rev ?? '');
    }
    const setBack = async (): Promise<void> => {
      for (const { _rev, ...record } of before) await store.putRecord('audit-t', record);
    };
    await setBack();
    const found = async (of: StoredAudit) =>
      (await verifyAudit(store, 'audit-t', of.seal, of.known))[0]?.findings.map(({ code, seq }) => [
        code,
        seq,
      ]);
    return { folder, audit, open, found };
  };

  it('[AU16] is found, by the running gateway and by the next one', async () => {
    const { folder, audit, open, found } = await twoDays();
    expect(await found(audit)).toEqual([['truncated', 2]]);
    const next = await open();
    expect(await found(next)).toEqual([['damageNoted', 2]]);
    await next.record({ kind: 'signedIn', by: 'c' });
    await next.idle();
    expect(await found(await open())).toEqual([['damageNoted', 2]]);
    await rm(folder, { recursive: true });
  });

  it('[AU16] is written into the chain by a gateway that runs on', async () => {
    const { folder, audit, found } = await twoDays();
    await audit.record({ kind: 'signedIn', by: 'c' });
    await audit.record({ kind: 'signedIn', by: 'd' });
    await audit.idle();
    expect((await found(audit))?.map(([code]) => code)).toContain('damageNoted');
    await rm(folder, { recursive: true });
  });
});

describe('what comes again and again', () => {
  it('[AU4] is written once, then counted', async () => {
    const audit = new MemoryAudit();
    const repeated = new RepeatedEvents(audit);
    const denied = { kind: 'denied', by: 'a', code: 'x' } as const;
    for (let n = 0; n < 4; n++) await repeated.record(denied);
    await repeated.record({ ...denied, by: 'b' });
    expect(audit.events).toEqual([denied, { ...denied, by: 'b' }]);
    await repeated.flush();
    expect(audit.events.slice(2)).toEqual([{ ...denied, count: 3 }]);
    await repeated.flush();
    expect(audit.events).toHaveLength(3);
    await repeated.record(denied);
    expect(audit.events).toHaveLength(4);
  });

  it('[AU4] cannot be told apart by what a stranger calls the device', async () => {
    const audit = new MemoryAudit();
    const repeated = new RepeatedEvents(audit);
    for (let n = 0; n < 4; n++) {
      await repeated.record({ kind: 'signInRefused', by: null, device: `d${n}`, code: 'badCredentials' });
    }
    expect(audit.events).toHaveLength(1);
  });

  it('[AU4] is written again where the first could not be', async () => {
    let down = true;
    const written: string[] = [];
    const repeated = new RepeatedEvents({
      async record({ kind }) {
        if (down) throw new StoreUnavailable('switched off');
        written.push(kind);
      },
    });
    await expect(repeated.record({ kind: 'denied', by: 'a' })).rejects.toThrow();
    down = false;
    await repeated.record({ kind: 'denied', by: 'a' });
    expect(written).toEqual(['denied']);
  });
});

describe('the command', () => {
  async function verify(town: TestGateway): Promise<{ exit: number | undefined; lines: string[] }> {
    const lines: string[] = [];
    const exit = await commands.verify?.({
      parts: { ...town.gateway.parts, log: silentLog },
      language: 'en',
      words: [],
      options: {},
      input: null,
      print: (line) => lines.push(line),
    });
    return { exit, lines };
  }

  it('[AU25] names a chain and its findings, and ends with 1', async () => {
    const town = await TestGateway.open({ storedAudit: true });
    await town.signIn('nurse');
    await town.signIn('nurse', 'second');
    const sound = await verify(town);
    expect(sound.exit).toBe(0);
    expect(sound.lines.find((line) => line.startsWith('audit-test/'))).toMatch(/ {2}2 {2}1–2 {2}ok$/);
    const [record] = await town.store.listRecords('audit-test', 'entries:');
    await town.store.deleteRecord('audit-test', record?._id ?? '', record?._rev ?? '');
    const damaged = await verify(town);
    expect(damaged.exit).toBe(1);
    expect(damaged.lines).toContain('  removed  1  was removed');
  });
});
