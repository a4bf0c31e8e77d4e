import { gunzipSync } from 'node:zlib';
import type { Entry } from '../../ledger/entry.ts';
import { hashOfId, periodOfId, type EntryId, type Period } from '../../ledger/entry-id.ts';
import { isErased, type StoredEntry } from '../../ledger/erasure.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import { readBlockText, stateOf } from '../block-codec.ts';
import { StorageFailure, type DeviceBlocks, type DeviceJournal, type WaitingRow } from '../device-ports.ts';
import { BrokenAnswer } from '../frames.ts';
import { compareToken, type Block } from '../protocol.ts';

/** Blocks in memory, with a failure to order. */
export class MemoryBlocks implements DeviceBlocks {
  held = new Map<StreamKey, Map<EntryId, StoredEntry>>();
  log: string[] = [];
  failNextSettle = false;

  ofStream(stream: StreamKey): Map<EntryId, StoredEntry> {
    const known = this.held.get(stream) ?? new Map<EntryId, StoredEntry>();
    this.held.set(stream, known);
    return known;
  }
  states() {
    return Object.fromEntries([...this.held].map(([stream, all]) => [stream, stateOf([...all.values()])]));
  }
  periodStates(stream: StreamKey) {
    const periods = new Map<Period, StoredEntry[]>();
    for (const each of this.ofStream(stream).values()) {
      const period = periodOfId(each._id);
      periods.set(period, [...(periods.get(period) ?? []), each]);
    }
    return Object.fromEntries([...periods].map(([period, all]) => [period, stateOf(all)]));
  }
  async tokensOf(stream: StreamKey, period: Period) {
    return [...this.ofStream(stream).values()]
      .filter((each) => periodOfId(each._id) === period)
      .map((each) => compareToken(each.kind, hashOfId(each._id), isErased(each)));
  }
  async findHeld(stream: StreamKey, ids: readonly EntryId[]) {
    return ids.flatMap((id) => this.ofStream(stream).get(id) ?? []);
  }
  async place(stream: StreamKey, hold: 'disk' | 'memory', until: number | null) {
    if (hold === 'memory') this.log.push(`memory ${stream}${until === null ? '' : ` until ${until}`}`);
  }
  async take({ meta, bytes }: Block) {
    const entries = readBlockText(gunzipSync(bytes).toString());
    if (stateOf(entries).digest !== meta.digest) throw new BrokenAnswer('digest');
    for (const each of entries) this.ofStream(meta.stream).set(each._id, each);
    this.log.push(`take ${entries.length}`);
  }
  async keepAccepted(stream: StreamKey, entries: readonly Entry[]) {
    const fresh = entries.filter((each) => !this.ofStream(stream).has(each._id));
    for (const each of fresh) this.ofStream(stream).set(each._id, each);
    this.log.push(`keep ${fresh.length}`);
  }
  async settled() {
    this.log.push('settled');
    if (!this.failNextSettle) return;
    this.failNextSettle = false;
    throw new StorageFailure('full');
  }
  async drop(stream: StreamKey) {
    this.held.delete(stream);
    this.log.push(`drop ${stream}`);
  }
}

/** Rows in memory. */
export class MemoryJournal implements DeviceJournal {
  rows: WaitingRow[] = [];
  refusals = new Map<EntryId, string>();
  log: string[];
  constructor(log: string[]) {
    this.log = log;
  }
  write(entries: readonly Entry[], stream: StreamKey) {
    for (const each of entries) this.rows.push({ id: each._id, stream, entry: each });
  }
  async refresh() {}
  waiting() {
    return this.rows.filter((row) => !this.refusals.has(row.id));
  }
  async arrived(ids: readonly EntryId[]) {
    this.log.push(`arrived ${ids.length}`);
    this.rows = this.rows.filter((row) => !ids.includes(row.id));
  }
  async refused(id: EntryId, code: string) {
    this.refusals.set(id, code);
  }
}
