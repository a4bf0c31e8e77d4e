import { beforeEach, describe, expect, test } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { makeEntry, type Entry } from '../ledger/entry.ts';
import type { EntryId } from '../ledger/entry-id.ts';
import { isErased, type StoredEntry } from '../ledger/erasure.ts';
import { hashText } from '../ledger/hash.ts';
import { attendanceKey } from '../ledger/kinds.ts';
import { parseStreamKey, type StreamKey } from '../ledger/stream.ts';
import { DeviceExchange, type Progress } from './device-exchange.ts';
import { StorageFailure, TransportFailure, type Transport } from './device-ports.ts';
import { BrokenAnswer, readFrames, type Frame } from './frames.ts';
import type { ExchangeRequest } from './protocol.ts';
import { FakeGateway } from './testing/fake-gateway.ts';
import { MemoryBlocks, MemoryJournal } from './testing/memory-device.ts';

const STREAM: StreamKey = 'register-b101-2026/register';
const OTHER: StreamKey = 'register-b102-2026/register';

let serial = 0;
function entry(stream: StreamKey = STREAM, day = '2026-06-01', over: readonly EntryId[] = []): Entry {
  serial += 1;
  const at = parseStreamKey(stream);
  if (!at) throw new Error('stream');
  const on = calendarDate(day);
  return makeEntry(at, {
    v: 1,
    kind: 'attendance',
    salt: hashText(String(serial)),
    on,
    madeAt: 1_780_000_000_000 + serial,
    by: 't-1',
    device: 'd-1',
    cells: [{ key: attendanceKey(`s${serial % 40}`, on), value: { mark: 'sick' }, over: [...over] }],
  });
}

type Fault = (request: ExchangeRequest, chunks: Uint8Array[]) => Uint8Array[];

class FakeTransport implements Transport {
  gateway: FakeGateway;
  fault: Fault | null = null;
  constructor(gateway: FakeGateway) {
    this.gateway = gateway;
  }
  async *exchange(request: ExchangeRequest): AsyncGenerator<Frame> {
    // As on the wire: what is not JSON does not travel.
    const sent = JSON.parse(JSON.stringify(request)) as ExchangeRequest;
    let chunks = this.gateway.answer(sent);
    if (this.fault) chunks = this.fault(sent, chunks);
    try {
      yield* readFrames(
        (async function* () {
          yield* chunks;
        })(),
      );
    } catch (error) {
      throw error instanceof BrokenAnswer ? new TransportFailure('notOurs') : error;
    }
  }
}

let gateway: FakeGateway;
let blocks: MemoryBlocks;
let journal: MemoryJournal;
let transport: FakeTransport;
let exchange: DeviceExchange;
let clock: number;
let whole: Record<StreamKey, boolean>;
let progress: Progress[];
let lost: StreamKey[];

function restart(): void {
  exchange = new DeviceExchange(
    { blocks, journal, transport, now: () => clock },
    { app: 'test', device: 'd-1' },
    {
      onHead: () => undefined,
      onProgress: (each) => progress.push(each),
      onStreams: (each) => (whole = { ...each }),
      onLost: (stream) => lost.push(stream),
    },
  );
}

async function untilQuiet(limit = 40): Promise<number> {
  for (let rounds = 1; rounds <= limit; rounds += 1) if (!(await exchange.round()).again) return rounds;
  throw new Error('never quiet');
}

beforeEach(() => {
  gateway = new FakeGateway();
  gateway.streams.set(STREAM, []);
  blocks = new MemoryBlocks();
  journal = new MemoryJournal(blocks.log);
  transport = new FakeTransport(gateway);
  clock = 0;
  whole = {};
  progress = [];
  lost = [];
  restart();
});

const heldIds = (stream = STREAM) => [...blocks.ofStream(stream).keys()].sort();
const gatewayIds = (stream = STREAM) =>
  gateway
    .entriesOf(stream)
    .map((each) => each._id)
    .sort();

describe('one request', () => {
  test('[DE1] carries state, and rows in the order they were written', async () => {
    for (let i = 0; i < 5; i += 1) gateway.store(STREAM, entry());
    const rows = [entry(), entry(), entry()];
    journal.write(rows, STREAM);
    await untilQuiet();
    expect(gateway.requests[0]?.push.map(({ entry: each }) => (each as Entry)._id)).toEqual(
      rows.map((each) => each._id),
    );
    expect(gateway.requests).toHaveLength(1);
    expect(heldIds()).toEqual(gatewayIds());
    expect(journal.rows).toEqual([]);
    await exchange.round();
    expect(gateway.requests[1]).toMatchObject({ streams: { [STREAM]: { count: 8 } }, push: [] });
  });

  test('[DE4] rows leave the journal after the blocks are durable', async () => {
    journal.write([entry()], STREAM);
    await untilQuiet();
    expect(blocks.log.lastIndexOf('settled')).toBeLessThan(blocks.log.indexOf('arrived 1'));

    journal.write([entry()], STREAM);
    blocks.failNextSettle = true;
    await expect(exchange.round()).rejects.toThrow(StorageFailure);
    expect(journal.rows).toHaveLength(1);
    await untilQuiet();
    expect(journal.rows).toEqual([]);
    expect(heldIds()).toEqual(gatewayIds());
  });

  test('[DE5] a lost answer: pushed again, stored once, arrived once', async () => {
    journal.write([entry(), entry()], STREAM);
    transport.fault = () => [];
    await expect(exchange.round()).rejects.toMatchObject({ reason: 'notOurs' });
    transport.fault = null;
    restart();
    await untilQuiet();
    expect(gatewayIds()).toHaveLength(2);
    expect(heldIds()).toEqual(gatewayIds());
    expect(blocks.log.filter((line) => line.startsWith('arrived'))).toEqual(['arrived 2']);
  });

  test('[DE11] complete only when count and digest are equal', async () => {
    for (let i = 0; i < 3; i += 1) gateway.store(STREAM, entry());
    transport.fault = (_request, chunks) => [chunks[0] as Uint8Array, chunks.at(-1) as Uint8Array];
    await exchange.round();
    expect(whole[STREAM]).toBe(false);
    transport.fault = null;
    await untilQuiet();
    expect(whole[STREAM]).toBe(true);
    expect(progress.at(-1)).toEqual({ have: 3, total: 3 });
  });
});

describe('answers that do not count', () => {
  const garbage: [string, Fault][] = [
    ['nothing', () => []],
    ['a page of a captive portal', () => [new TextEncoder().encode('<!doctype html><title>Wi-Fi</title>')]],
    ['no end', (_request, chunks) => chunks.slice(0, -1)],
    ['no head', (_request, chunks) => chunks.slice(1)],
    ['a head cut in two', (_request, chunks) => [(chunks[0] as Uint8Array).subarray(0, 30)]],
    ['two heads', (_request, chunks) => [chunks[0] as Uint8Array, ...chunks]],
  ];
  test.each(garbage)('[DE2] %s', async (_name, fault) => {
    journal.write([entry()], STREAM);
    transport.fault = fault;
    await expect(exchange.round()).rejects.toMatchObject({ reason: 'notOurs' });
    expect(journal.rows).toHaveLength(1);
    expect(journal.refusals.size).toBe(0);
    expect(whole).toEqual({});
    transport.fault = null;
    await untilQuiet();
    expect(journal.rows).toEqual([]);
    expect(gatewayIds()).toHaveLength(1);
  });

  test('[DE2] verdicts on other rows than the pushed', async () => {
    journal.write([entry()], STREAM);
    transport.fault = (request) =>
      gateway.answer({ ...request, push: request.push.map(() => ({ stream: STREAM, entry: entry() })) });
    await expect(exchange.round()).rejects.toMatchObject({ reason: 'notOurs' });
    expect(journal.rows).toHaveLength(1);
  });

  test('[DE3] after a cut at each frame the next request goes on from there', async () => {
    gateway.blockSize = 10;
    for (let i = 0; i < 45; i += 1)
      gateway.store(STREAM, entry(STREAM, i < 20 ? '2026-05-11' : '2026-06-01'));
    for (let cut = 1; cut <= 6; cut += 1) {
      blocks = new MemoryBlocks();
      journal = new MemoryJournal(blocks.log);
      restart();
      transport.fault = (_request, chunks) => chunks.slice(0, cut);
      await expect(exchange.round()).rejects.toMatchObject({ reason: 'notOurs' });
      const kept = blocks.ofStream(STREAM).size;
      expect(kept).toBe(Math.min(45, [0, 10, 20, 30, 40, 45][cut - 1] as number));
      transport.fault = null;
      blocks.log.length = 0;
      await untilQuiet();
      const taken = blocks.log.filter((line) => line.startsWith('take')).map((line) => Number(line.slice(5)));
      expect(taken.reduce((sum, count) => sum + count, 0)).toBe(45 - kept);
      expect(heldIds()).toEqual(gatewayIds());
      expect(whole[STREAM]).toBe(true);
    }
  });
});

describe('verdicts', () => {
  test('[DE6] a refused row stays with its code and holds up no other', async () => {
    const rows = [entry(), entry(), entry()];
    journal.write(rows, STREAM);
    gateway.judge = (each) => (each._id === rows[1]?._id ? { verdict: 'refused', code: 'denied' } : null);
    await untilQuiet();
    expect([...journal.refusals]).toEqual([[rows[1]?._id, 'denied']]);
    expect(gatewayIds()).toHaveLength(2);
    await exchange.round();
    expect(gateway.requests.at(-1)?.push).toEqual([]);
  });

  test('[DE7] a row put off is tried again later, with growing pauses', async () => {
    const [first, second] = [entry(), entry()];
    journal.write([first, second], STREAM);
    gateway.judge = (each) =>
      each._id === first._id ? { verdict: 'later', code: 'storeUnavailable' } : null;
    await untilQuiet();
    expect(gatewayIds()).toEqual([second._id]);
    const wait = exchange.nextReadyAt() ?? 0;
    expect(wait).toBeGreaterThan(0);
    clock = wait;
    await untilQuiet();
    expect((exchange.nextReadyAt() ?? 0) - clock).toBeGreaterThan(wait);
    gateway.judge = () => null;
    clock = exchange.nextReadyAt() ?? 0;
    await untilQuiet();
    expect(journal.rows).toEqual([]);
  });

  test('[DE8] one row that makes the server fail is isolated; the others go through', async () => {
    const rows = Array.from({ length: 40 }, () => entry());
    const poison = rows[17]?._id;
    journal.write(rows, STREAM);
    transport.fault = (request, chunks) => {
      if (request.push.some(({ entry: each }) => (each as Entry)._id === poison)) {
        gateway.streams.set(
          STREAM,
          gateway.entriesOf(STREAM).filter((each) => each._id !== poison),
        );
        throw new TransportFailure('badBatch');
      }
      return chunks;
    };
    await untilQuiet();
    expect(journal.rows.map((row) => row.id)).toEqual([poison]);
    expect(gateway.requests.length).toBeLessThan(25);
    expect(exchange.nextReadyAt()).not.toBeNull();
  });

  test('[DE8] a server that fails without a push blames no row', async () => {
    journal.write([entry()], STREAM);
    transport.fault = () => {
      throw new TransportFailure('badBatch');
    };
    expect(await exchange.round()).toEqual({ whole: false, again: true });
    await expect(exchange.round()).rejects.toMatchObject({ reason: 'badBatch' });
    transport.fault = null;
    await untilQuiet();
    expect(journal.rows).toEqual([]);
  });
});

describe('states that are no beginning of the gateway’s', () => {
  test('[DE9] the device gets what it lacks, by period', async () => {
    const mine = [entry(STREAM, '2026-05-11'), entry(STREAM, '2026-06-01')];
    for (const each of mine) gateway.store(STREAM, each);
    await untilQuiet();
    for (let i = 0; i < 4; i += 1) gateway.store(STREAM, entry());
    const [first] = blocks.ofStream(STREAM).keys();
    blocks.ofStream(STREAM).delete(first as EntryId);
    expect(await untilQuiet()).toBe(2);
    expect(heldIds()).toEqual(gatewayIds());
    expect(Object.keys(gateway.requests.at(-1)?.compare?.[STREAM] ?? {}).sort()).toEqual([
      '2026-05',
      '2026-06',
    ]);
    expect(whole[STREAM]).toBe(true);
  });

  test('[DE9] after a restored backup the device hands back what the gateway lacks', async () => {
    for (let i = 0; i < 6; i += 1) gateway.store(STREAM, entry());
    await untilQuiet();
    gateway.streams.set(STREAM, gateway.entriesOf(STREAM).slice(0, 3));
    gateway.store(STREAM, entry());
    await untilQuiet();
    expect(gatewayIds()).toHaveLength(7);
    expect(heldIds()).toEqual(gatewayIds());
    expect(whole[STREAM]).toBe(true);
    const handedBack = gateway.requests.flatMap((request) => request.push).map((each) => each.entry as Entry);
    expect(handedBack.every((each) => each.received?.mac !== undefined)).toBe(true);
  });

  test('[DE9] an erasure reaches a device that holds the text', async () => {
    const stored = gateway.store(STREAM, entry());
    gateway.store(STREAM, entry());
    await untilQuiet();
    gateway.erase(STREAM, stored._id);
    await untilQuiet();
    expect(isErased(blocks.ofStream(STREAM).get(stored._id) as StoredEntry)).toBe(true);
    expect(whole[STREAM]).toBe(true);
  });

  test('[DE12] a comparison that changed nothing is not repeated', async () => {
    gateway.store(STREAM, entry());
    await untilQuiet();
    blocks.ofStream(STREAM).clear();
    const stranger = entry();
    blocks.ofStream(STREAM).set(stranger._id, stranger);
    transport.fault = (request, chunks) =>
      request.compare ? [chunks[0] as Uint8Array, chunks.at(-1) as Uint8Array] : chunks;
    gateway.judge = () => ({ verdict: 'refused', code: 'denied' });
    expect(await untilQuiet()).toBeLessThan(6);
    expect(whole[STREAM]).toBe(false);
    gateway.requests.length = 0;
    await untilQuiet();
    expect(gateway.requests.length).toBeLessThan(3);
  });
});

describe('a stream held in memory alone', () => {
  test('[DE120] is said to be so before its first block comes', async () => {
    gateway.store(STREAM, entry());
    gateway.holds.set(STREAM, { hold: 'memory', until: 5000 });
    await untilQuiet();
    const told = blocks.log.indexOf(`memory ${STREAM} until 5000`);
    const taken = blocks.log.findIndex((line) => line.startsWith('take '));
    expect(told).toBeGreaterThanOrEqual(0);
    expect(taken).toBeGreaterThan(told);
    expect(heldIds(STREAM)).toHaveLength(1);
  });
});

describe('lost streams', () => {
  test('[DE10] the unsent is handed over first, then the blocks go; others stay', async () => {
    gateway.streams.set(OTHER, []);
    gateway.store(OTHER, entry(OTHER));
    gateway.store(STREAM, entry());
    await untilQuiet();
    journal.write(
      Array.from({ length: 250 }, () => entry()),
      STREAM,
    );
    gateway.lost.add(STREAM);
    await untilQuiet();
    expect(journal.refusals.size).toBe(250);
    expect([...journal.refusals.values()].every((code) => code === 'inTray')).toBe(true);
    expect(blocks.log.at(-1)).toBe(`drop ${STREAM}`);
    expect(lost).toEqual([STREAM]);
    expect(heldIds(OTHER)).toHaveLength(1);
  });
});
