import { describe, expect, it } from 'vitest';
import { isErased } from '../../src/ledger/erasure.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import type { DocumentStore } from '../../src/gateway/store/document-store.ts';
import { attendance, pupilId, rosterEntries, SCHOOL, stream } from '../../src/gateway/testing/small-town.ts';
import { TestDevice } from '../../src/gateway/testing/test-device.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { smallTownDatabases } from './hostile-client.ts';

const key = streamKey(stream);

/** What the gateway asks of a store beyond keeping new entries: its second wall must let all of it through. */
export function describeGatewayOnStore(name: string, openStore: () => Promise<DocumentStore>): void {
  describe(`a gateway on ${name}`, () => {
    it('[SY6, SY8, SY9] takes back entries and an erasure that the store has lost, each under its old stamp', async () => {
      const store = await openStore();
      for (const db of smallTownDatabases) await store.dropDatabase(db);
      const before = await TestGateway.openOn(store);
      const teacher = new TestDevice(await before.signIn('homeroom1'));
      const marks = [1, 2, 3].map((p) =>
        attendance({ by: 'homeroom1', marks: { [pupilId(SCHOOL, 1, p)]: 'sick' } }),
      ) as [Entry, Entry, Entry];
      for (const mark of marks) teacher.write(stream, mark);
      await teacher.sync();
      const principal = await before.signIn('principal');
      const erasure = { stream: key, id: marks[0]._id, why: '別の児童の記録' };
      expect((await principal.send('POST', '/api/erasure', erasure)).status).toBe(200);
      await teacher.sync();

      await store.dropDatabase(stream.db);
      const after = await TestGateway.openOn(store, { secrets: before.secrets, empty: true });
      await after.writeAround(stream, rosterEntries(SCHOOL));
      const nurse = new TestDevice(await after.signIn('nurse'));
      for (const [id, entry] of teacher.heldOf(key)) nurse.heldOf(key).set(id, entry);
      await nurse.sync();

      const stored = await store.getEntries(
        stream.db,
        marks.map((mark) => mark._id),
      );
      expect(stored.map((entry) => entry?.received)).toEqual(
        marks.map((mark) => teacher.heldOf(key).get(mark._id)?.received),
      );
      expect(stored.map((entry) => entry && isErased(entry))).toEqual([true, false, false]);
      expect(JSON.stringify(stored[0])).not.toContain('sick');
      expect(await store.findConflicts(stream.db)).toEqual([]);
      const { index } = await after.gateway.parts.streams.open(stream);
      expect(nurse.stateOf(key)).toEqual(index.state);
    });

    it('[SY38] keeps a tray', async () => {
      const store = await openStore();
      for (const db of smallTownDatabases) await store.dropDatabase(db);
      const town = await TestGateway.openOn(store);
      const nurse = await town.signIn('nurse');
      await town.gateway.parts.accounts.setGrants('nurse', []);
      const row = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
      for (let i = 0; i < 2; i++) {
        expect(await nurse.push(stream, row)).toMatchObject([{ verdict: 'refused', code: 'inTray' }]);
      }
      const laid = await store.listRecords('tray-s1', 'row:');
      expect(laid.map((record) => (record['entry'] as Entry)._id)).toEqual([row._id]);
    });
  });
}
