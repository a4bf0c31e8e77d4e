import { expect, it } from 'vitest';
import { officialStream, recordsStream, registerStream, streamKey } from '../../ledger/stream.ts';
import {
  guardianEntry,
  homeroomId,
  OTHER_SCHOOL,
  pupilId,
  SCHOOL,
  studentRecordEntry,
  YEAR,
} from '../testing/small-town.ts';
import { TestGateway } from '../testing/test-gateway.ts';
import { verifyStream } from './verify-stream.ts';

const room = recordsStream(SCHOOL, YEAR, homeroomId(SCHOOL, 1));
const other = recordsStream(SCHOOL, YEAR, homeroomId(SCHOOL, 2));
const official = officialStream(SCHOOL, 'official1');

it('looks through every stream that holds an entry, each by itself', async () => {
  const town = await TestGateway.open();
  const { parts } = town.gateway;
  await town.writeAround(room, [guardianEntry(room, pupilId(SCHOOL, 1, 1), 'import')]);
  await town.writeAround(other, [guardianEntry(other, pupilId(SCHOOL, 2, 1), 'import')]);
  await town.writeAround(official, [studentRecordEntry(pupilId(SCHOOL, 1, 1), 'import')]);
  const stored = await parts.streams.stored();
  expect(stored.map(streamKey)).toEqual([
    streamKey(registerStream(SCHOOL, YEAR)),
    streamKey(registerStream(OTHER_SCHOOL, YEAR)),
    streamKey(official),
    streamKey(room),
    streamKey(other),
  ]);
  for (const stream of stored) expect((await verifyStream(parts, stream)).findings).toEqual([]);
  expect((await verifyStream(parts, room)).entryCount).toBe(1);

  const unstamped = guardianEntry(other, pupilId(SCHOOL, 2, 2), 'import');
  await town.store.putEntries(other.db, [unstamped]);
  expect((await verifyStream(parts, room)).findings).toEqual([]);
  expect((await verifyStream(parts, other)).findings).toMatchObject([
    { code: 'unstamped', where: unstamped._id },
  ]);
});
