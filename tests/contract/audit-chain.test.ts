import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/gateway/audit/audit.ts';
import { FIRST_PREVIOUS, hashOfEntry, type AuditEntry } from '../../src/gateway/audit/audit-entry.ts';
import { findAuditEntries } from '../../src/gateway/audit/find-audit-entries.ts';
import { StoredAudit } from '../../src/gateway/audit/stored-audit.ts';
import { sweepAudit } from '../../src/gateway/audit/sweep-audit.ts';
import { verifyAudit, type ChainReport } from '../../src/gateway/audit/verify-audit.ts';
import type { DocumentStore, GatewayRecord } from '../../src/gateway/store/document-store.ts';
import { CouchStore } from '../../src/gateway/store/couch-store.ts';
import { EmbeddedStore } from '../../src/gateway/store/embedded-store.ts';
import { couchdbUrl, deployForTests, WITHOUT_COUCHDB } from './couch-server.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 3, 1);

/** The audit chain over a real store, and everything that somebody with the store's password could do to it. */
function describeAuditChain(open: () => Promise<DocumentStore>): void {
  describe('the audit chain', () => {
    let store: DocumentStore;
    let db: string;
    let key: Uint8Array;
    let clock: number;
    const dbs: string[] = [];

    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      for (const each of dbs) await store.dropDatabase(each);
      await store.close();
    });
    beforeEach(() => {
      db = `audit-t${randomBytes(5).toString('hex')}`;
      dbs.push(db);
      key = randomBytes(32);
      clock = START;
    });

    const openAudit = (): Promise<StoredAudit> => StoredAudit.open({ store, db, key, now: () => clock });
    const eventOf = (n: number): AuditEvent => ({ kind: 'signedIn', by: `p${n}`, count: n });
    const records = (): Promise<GatewayRecord[]> => store.listRecords(db, 'entries:');
    const entriesOf = (record: GatewayRecord): AuditEntry[] => record.entries as AuditEntry[];

    /** One record each. */
    async function write(audit: StoredAudit, from: number, until: number): Promise<void> {
      for (let n = from; n <= until; n++) await audit.record(eventOf(n));
    }

    async function sound(count = 6): Promise<StoredAudit> {
      const audit = await openAudit();
      await write(audit, 1, count);
      return audit;
    }

    async function verifyOwn(audit: StoredAudit): Promise<ChainReport> {
      const reports = await verifyAudit(store, db, audit.seal);
      return reports.find(({ gateway }) => gateway === audit.seal.gateway) as ChainReport;
    }

    async function found(audit: StoredAudit): Promise<string[]> {
      const { findings } = await verifyOwn(audit);
      return findings.map(({ code, seq, until }) => `${code} ${seq}${until ? `-${until}` : ''}`);
    }

    async function replace(record: GatewayRecord, entries: unknown): Promise<void> {
      expect((await store.putRecord(db, { ...record, entries })).ok).toBe(true);
    }

    async function remove(record: GatewayRecord | null): Promise<void> {
      if (!record) throw new Error('nothing to remove');
      expect(await store.deleteRecord(db, record._id, record._rev ?? '')).toBe(true);
    }

    /** The record that holds the entry; every entry has its own here. */
    async function recordOf(seq: number): Promise<GatewayRecord> {
      return (await records()).find((record) => entriesOf(record)[0]?.seq === seq) as GatewayRecord;
    }

    async function changeEntry(seq: number, change: (entry: AuditEntry) => unknown): Promise<void> {
      const record = await recordOf(seq);
      await replace(record, entriesOf(record).map(change));
    }

    test('[AU10, AU11, AU25] numbers its entries, and nothing is found in a sound one', async () => {
      const audit = await sound();
      const entries = (await records()).flatMap(entriesOf);
      expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(entries[0]?.previous).toBe(FIRST_PREVIOUS);
      for (const [i, entry] of entries.entries()) {
        if (i > 0) expect(entry.previous).toBe(entries[i - 1]?.hash);
      }
      const report = await verifyOwn(audit);
      expect(report).toMatchObject({ own: true, entryCount: 6, from: 1, until: 6, findings: [] });
      expect(await store.getRecord(db, `head:${audit.seal.gateway}`)).toMatchObject({ seq: 6 });
    });

    test('[AU3] writes what waits together as one record', async () => {
      const audit = await openAudit();
      await Promise.all(Array.from({ length: 500 }, (_, i) => audit.record(eventOf(i + 1))));
      const all = await records();
      // The first goes alone; the rest in as few as fit.
      expect(all.map((record) => entriesOf(record).length)).toEqual([1, 200, 200, 99]);
      expect(all.flatMap(entriesOf).map(({ event }) => event.count)).toEqual(
        Array.from({ length: 500 }, (_, i) => i + 1),
      );
      expect(await found(audit)).toEqual([]);
    });

    test('[AU25] verifies while it is being written', async () => {
      const audit = await openAudit();
      const writing = Promise.all(Array.from({ length: 300 }, (_, i) => audit.record(eventOf(i))));
      expect(await found(audit)).toEqual([]);
      await writing;
      expect(await found(audit)).toEqual([]);
    });

    test('[AU10] goes on after a restart', async () => {
      await sound(3);
      const again = await openAudit();
      await write(again, 4, 5);
      expect(await verifyOwn(again)).toMatchObject({ entryCount: 5, findings: [] });
    });

    test('[AU12] takes up entries that a crash left beyond the head', async () => {
      const audit = await sound(3);
      const head = await store.getRecord(db, `head:${audit.seal.gateway}`);
      await write(audit, 4, 4);
      const ahead = await store.getRecord(db, `head:${audit.seal.gateway}`);
      await store.putRecord(db, { ...(head as GatewayRecord), _rev: ahead?._rev as string });
      const again = await openAudit();
      expect(again.place.seq).toBe(4);
      await write(again, 5, 5);
      expect(await verifyOwn(again)).toMatchObject({ entryCount: 5, findings: [] });
    });

    test('[AU13] writes into the chain that its head was gone', async () => {
      const audit = await sound(3);
      await remove(await store.getRecord(db, `head:${audit.seal.gateway}`));
      expect(await found(audit)).toEqual(['headMissing 0']);
      const again = await openAudit();
      expect(await found(again)).toEqual(['damageNoted 4']);
      expect(entriesOf(await recordOf(4))[0]?.event).toEqual({
        kind: 'auditDamaged',
        by: null,
        code: 'headMissing',
      });
    });

    test('[AU13] writes into the chain that its head was forged', async () => {
      const audit = await sound(3);
      const head = (await store.getRecord(db, `head:${audit.seal.gateway}`)) as GatewayRecord;
      await store.putRecord(db, { ...head, seq: 2, hash: entriesOf(await recordOf(2))[0]?.hash });
      expect(await found(audit)).toEqual(['headForged 2']);
      expect(await found(await openAudit())).toEqual(['damageNoted 4']);
    });

    test('[AU14] does not fork where two processes write it', async () => {
      const [one, other] = [await openAudit(), await openAudit()];
      await Promise.all([write(one, 1, 10), write(other, 11, 20)]);
      const report = await verifyOwn(one);
      expect(report).toMatchObject({ entryCount: 20, until: 20, findings: [] });
      const counts = (await records()).flatMap(entriesOf).map(({ event }) => event.count ?? 0);
      expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    });

    test('[AU15] is not held up by a record of somebody else', async () => {
      const audit = await sound(2);
      const strange = `entries:${audit.seal.gateway}:${'3'.padStart(12, '0')}`;
      await store.putRecord(db, { _id: strange, entries: 'nothing' });
      await write(audit, 3, 4);
      expect(await found(audit)).toEqual(['unreadable 3']);
      expect((await verifyOwn(audit)).entryCount).toBe(4);
      const again = await openAudit();
      expect(again.place.seq).toBe(4);
    });

    test('[AU20] shows a changed entry', async () => {
      const audit = await sound();
      await changeEntry(3, (entry) => ({ ...entry, event: { ...entry.event, by: 'p9' } }));
      expect(await found(audit)).toEqual(['changed 3']);
    });

    test('[AU20] shows a changed entry whose hash fits, and that of the next too', async () => {
      const audit = await sound();
      const { gateway } = audit.seal;
      let hash = '';
      await changeEntry(3, (entry) => {
        const changed = { ...entry, at: entry.at + 1 };
        hash = hashOfEntry(gateway, changed);
        return { ...changed, hash };
      });
      await changeEntry(4, (entry) => {
        const changed = { ...entry, previous: hash };
        return { ...changed, hash: hashOfEntry(gateway, changed) };
      });
      expect(await found(audit)).toEqual(['changed 3', 'changed 4']);
    });

    test('[AU20] shows an entry that was made unreadable', async () => {
      const audit = await sound();
      await changeEntry(3, () => ({ seq: 3 }));
      expect(await found(audit)).toEqual(['changed 3']);
    });

    test('[AU21] shows a removed entry, and several', async () => {
      const audit = await sound(9);
      await remove(await recordOf(2));
      expect(await found(audit)).toEqual(['removed 2']);
      for (const seq of [5, 6, 7]) await remove(await recordOf(seq));
      expect(await found(audit)).toEqual(['removed 2', 'removed 5-7']);
    });

    test('[AU21] shows an entry that was taken out of its record', async () => {
      const audit = await openAudit();
      await Promise.all([1, 2, 3, 4, 5].map((n) => audit.record(eventOf(n))));
      const record = (await records())[1] as GatewayRecord;
      await replace(
        record,
        entriesOf(record).filter(({ seq }) => seq !== 3),
      );
      expect(await found(audit)).toEqual(['removed 3']);
    });

    test('[AU22] shows entries that changed places', async () => {
      const audit = await sound();
      const [third, fourth] = [await recordOf(3), await recordOf(4)];
      await replace(third, fourth.entries);
      await replace(fourth, third.entries);
      expect(await found(audit)).toEqual(['reordered 3']);
    });

    test('[AU22] shows entries that changed numbers', async () => {
      const audit = await sound();
      const [third, fourth] = [await recordOf(3), await recordOf(4)];
      await replace(
        third,
        entriesOf(third).map((entry) => ({ ...entry, seq: 4 })),
      );
      await replace(
        fourth,
        entriesOf(fourth).map((entry) => ({ ...entry, seq: 3 })),
      );
      expect((await found(audit)).filter((each) => each.startsWith('changed'))).toEqual([
        'changed 3',
        'changed 4',
      ]);
    });

    test('[AU23] shows a duplicated entry, wherever the copy lies', async () => {
      const audit = await sound();
      const { gateway } = audit.seal;
      const { entries } = await recordOf(3);
      await store.putRecord(db, { _id: `entries:${gateway}:000000000003-1`, entries });
      expect(await found(audit)).toEqual(['duplicated 3']);
      await store.putRecord(db, { _id: `entries:${gateway}:000000900000`, entries });
      expect(await found(audit)).toEqual(['duplicated 3', 'duplicated 3']);
    });

    test('[AU24] shows a chain that was cut off, and goes on showing it', async () => {
      const audit = await sound(6);
      await remove(await recordOf(6));
      expect(await found(audit)).toEqual(['truncated 6']);
      await remove(await recordOf(5));
      expect(await found(audit)).toEqual(['truncated 5-6']);
      const again = await openAudit();
      await write(again, 7, 7);
      expect(await found(again)).toEqual(['removed 5-6']);
    });

    test('[AU26] checks what can be checked of a chain of another key', async () => {
      const old = await sound(3);
      key = randomBytes(32);
      const audit = await openAudit();
      await write(audit, 1, 2);
      const oldReport = async (): Promise<ChainReport | undefined> =>
        (await verifyAudit(store, db, audit.seal)).find(({ gateway }) => gateway === old.seal.gateway);
      expect(await oldReport()).toMatchObject({ own: false, entryCount: 3, findings: [] });
      const record = (await store.listRecords(db, `entries:${old.seal.gateway}:`))[1] as GatewayRecord;
      await replace(
        record,
        entriesOf(record).map((entry) => ({ ...entry, at: entry.at + 1 })),
      );
      expect((await oldReport())?.findings).toEqual([{ code: 'changed', seq: 2 }]);
    });

    test('[AU31] loses what is over from its beginning, and still verifies', async () => {
      const audit = await openAudit();
      await write(audit, 1, 3);
      clock = START + 100 * DAY_MS;
      await write(audit, 4, 5);
      clock = START + 401 * DAY_MS;
      expect(await sweepAudit(audit, clock, 400)).toBe(3);
      expect((await records()).flatMap(entriesOf).map(({ seq }) => seq)).toEqual([4, 5, 6]);
      expect(entriesOf(await recordOf(6))[0]?.event).toEqual({ kind: 'auditSwept', by: null, count: 3 });
      expect(await verifyOwn(audit)).toMatchObject({ from: 4, until: 6, findings: [] });
      const again = await openAudit();
      await write(again, 7, 7);
      expect(await found(again)).toEqual([]);
      await remove(await recordOf(4));
      expect(await found(again)).toEqual(['removed 4']);
    });

    test('[AU30] keeps everything for a year, whatever is set', async () => {
      const audit = await sound(2);
      clock = START + 364 * DAY_MS;
      expect(await sweepAudit(audit, clock, 1)).toBe(0);
      clock = START + 366 * DAY_MS;
      expect(await sweepAudit(audit, clock, 1)).toBe(2);
    });

    test('[AU31] keeps a record of which one entry is younger', async () => {
      const audit = await openAudit();
      const first = audit.record(eventOf(1));
      const second = audit.record(eventOf(2));
      clock = START + 399 * DAY_MS;
      const third = audit.record(eventOf(3));
      await Promise.all([first, second, third]);
      expect((await records()).map((record) => entriesOf(record).length)).toEqual([1, 2]);
      clock = START + 500 * DAY_MS;
      expect(await sweepAudit(audit, clock, 400)).toBe(1);
    });

    test('[AU32] finishes a sweep that was interrupted', async () => {
      const audit = await sound(3);
      const left = await recordOf(2);
      clock = START + 401 * DAY_MS;
      await sweepAudit(audit, clock, 400);
      await store.putRecord(db, { _id: left._id, entries: left.entries });
      expect(await found(audit)).toEqual([]);
      await sweepAudit(audit, clock, 400);
      expect((await records()).flatMap(entriesOf).map(({ seq }) => seq)).toEqual([4]);
      expect(await found(audit)).toEqual([]);
    });

    test('[AU33] shows a forged anchor, and sweeps nothing behind it', async () => {
      const audit = await sound(4);
      clock = START + 401 * DAY_MS;
      const hash = entriesOf(await recordOf(2))[0]?.hash;
      const anchor = { seq: 2, hash, at: START, sweptAt: clock, seal: '0'.repeat(64) };
      await store.putRecord(db, { _id: `anchor:${audit.seal.gateway}`, ...anchor });
      expect(await found(audit)).toEqual(['anchorForged 2']);
      expect(await sweepAudit(audit, clock, 400)).toBe(0);
      expect(await records()).toHaveLength(4);
    });

    test('[AU33] shows entries that were removed before their time', async () => {
      const audit = await sound(4);
      const { hash } = entriesOf(await recordOf(2))[0] as AuditEntry;
      const anchor = { seq: 2, hash, at: START, sweptAt: START + 10 * DAY_MS };
      await audit.records.putAnchor(audit.seal, anchor, undefined);
      expect(await found(audit)).toEqual(['sweptEarly 2']);
    });

    test('[AU40] is read newest first, page by page, and by time', async () => {
      const audit = await openAudit();
      for (let day = 0; day < 12; day++) {
        clock = START + day * DAY_MS;
        await Promise.all(Array.from({ length: 200 }, (_, i) => audit.record(eventOf(day * 200 + i + 1))));
      }
      const all = (): true => true;
      const first = await findAuditEntries(audit, { limit: 3 }, all);
      expect(first.entries.map(({ seq }) => seq)).toEqual([2400, 2399, 2398]);
      expect(first.next).toBe(2398);
      const second = await findAuditEntries(audit, { limit: 3, before: 2398 }, all);
      expect(second.entries.map(({ seq }) => seq)).toEqual([2397, 2396, 2395]);
      const day = await findAuditEntries(
        audit,
        { limit: 1000, from: START + 2 * DAY_MS, until: START + 3 * DAY_MS },
        all,
      );
      expect(day.entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, i) => 600 - i));
      expect(day.next).toBeNull();
      const person = await findAuditEntries(audit, { limit: 9, person: 'p7' }, all);
      expect(person).toMatchObject({ entries: [{ seq: 7 }], next: null });
      const nothing = await findAuditEntries(audit, { limit: 9, kind: 'erased' }, all);
      expect(nothing).toEqual({ entries: [], next: null });
    });
  });
}

describe('on the embedded store', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amenimo-audit-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  describeAuditChain(() => EmbeddedStore.open(folder));
});

if (!couchdbUrl) console.warn(`The audit chain on CouchDB: ${WITHOUT_COUCHDB}`);

describe.skipIf(!couchdbUrl)('on CouchDB', () => {
  const url = couchdbUrl ?? '';
  describeAuditChain(async () => new CouchStore({ url, proxySecret: await deployForTests(url) }));
});
