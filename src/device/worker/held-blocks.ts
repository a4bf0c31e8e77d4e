import { checkedPeriod } from './period-check.ts';
import type { Entry } from '../../ledger/entry.ts';
import { hashOfId, periodOfId, type EntryId, type Period } from '../../ledger/entry-id.ts';
import { isErased, type StoredEntry } from '../../ledger/erasure.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import { readBlockText, stateOf, writeBlockText } from '../../sync/block-codec.ts';
import { StorageFailure, type DeviceBlocks } from '../../sync/device-ports.ts';
import { BrokenAnswer } from '../../sync/frames.ts';
import { compareToken, type Block, type StreamState } from '../../sync/protocol.ts';
import { planMerge, stateOfIndex, sumStates, type StoredBlock } from './block-index.ts';
import type { BlockShelf } from './block-shelf.ts';
import type { NewBlock } from './block-store.ts';
import { DividedShelf } from './divided-shelf.ts';
import { groupBy } from './group-by.ts';
import { gunzip, gzip } from './gzip.ts';
import { PeriodModel } from './period-model.ts';

export interface HeldEvents {
  /** Cells changed, of this period. */
  onCells(stream: StreamKey, period: Period, keys: readonly string[]): void;
  /** A period was read for the first time. */
  onLoaded(stream: StreamKey, period: Period): void;
  /** Blocks were stored: the other tabs read them. */
  onStored(
    stream: StreamKey,
    blocks: readonly { readonly period: Period; readonly slot: number }[],
    rewritten: boolean,
  ): void;
  /** Until when a stream may lie on the disk; null: no end is known. Resolves when that is durable. */
  onHold(stream: StreamKey, until: number | null): Promise<void>;
  /** Nothing of a stream lies on the disk any more, though it is held. */
  onLeftDisk(stream: StreamKey): void;
  onDropped(stream: StreamKey): void;
}

interface Pending {
  readonly stream: StreamKey;
  readonly block: NewBlock;
}

/**
 * What the school has, in memory and on the disk. Work on it goes one after another; writing goes on beside
 * reading, and blocks that came while one write was under way go into the next together.
 */
export class HeldBlocks implements DeviceBlocks {
  readonly #store: DividedShelf;
  readonly #events: HeldEvents;
  readonly #models = new Map<StreamKey, Map<Period, PeriodModel>>();
  #turn: Promise<unknown> = Promise.resolve();
  #pending: Pending[] = [];
  #writing: Promise<void> | null = null;
  #failure: unknown = null;
  /** Whether this tab is the one that writes. */
  #writes = false;

  constructor(disk: BlockShelf, events: HeldEvents) {
    this.#store = new DividedShelf(disk);
    this.#events = events;
  }

  streams(): StreamKey[] {
    return this.#store.streams();
  }

  model(stream: StreamKey, period: Period): PeriodModel {
    const periods = this.#models.get(stream) ?? new Map<Period, PeriodModel>();
    this.#models.set(stream, periods);
    const model = periods.get(period) ?? new PeriodModel();
    periods.set(period, model);
    return model;
  }

  isInMemory(stream: StreamKey): boolean {
    return this.#store.isInMemory(stream);
  }

  /** How the school wants a stream to be held from now on; what lay elsewhere is dropped before anything comes. */
  place(stream: StreamKey, hold: 'disk' | 'memory', until: number | null): Promise<void> {
    return this.#inTurn(async () => {
      await this.#drain();
      await this.#events.onHold(stream, hold === 'disk' ? until : null);
      if (!(await this.#store.place(stream, hold))) return;
      for (const model of this.#models.get(stream)?.values() ?? []) model.held = null;
      if (hold === 'memory') this.#events.onLeftDisk(stream);
    });
  }

  /** All periods of a stream that hold anything, on the disk or in memory. */
  periods(stream: StreamKey): Period[] {
    const inMemory = this.#models.get(stream)?.keys() ?? [];
    return [...new Set([...Object.keys(this.#store.indexOf(stream)), ...inMemory])].sort();
  }

  /** Reads a period's blocks where that was not done yet. */
  load(stream: StreamKey, period: Period): Promise<PeriodModel> {
    const model = this.model(stream, period);
    if (model.isLoaded) return Promise.resolve(model);
    return this.#inTurn(() => this.#load(stream, period));
  }

  /** Forgets a period in memory; whoever asks next reads it again. */
  forget(stream: StreamKey, period: Period): void {
    this.model(stream, period).reset();
  }

  // As the exchange asks.

  states(): Record<StreamKey, StreamState> {
    const states: Record<StreamKey, StreamState> = {};
    for (const stream of this.#store.streams()) states[stream] = stateOfIndex(this.#store.indexOf(stream));
    for (const { stream, block } of this.#pending) {
      const known = states[stream];
      states[stream] = sumStates(known ? [known, block] : [block]);
    }
    return states;
  }

  periodStates(stream: StreamKey): Record<Period, StreamState> {
    return Object.fromEntries(
      Object.entries(this.#store.indexOf(stream)).map(([period, blocks]) => [period, sumStates(blocks)]),
    );
  }

  async tokensOf(stream: StreamKey, period: Period): Promise<string[]> {
    return this.#inTurn(async () => {
      // Somebody doubts what is here: what lies on the disk is read, not what memory says.
      this.model(stream, period).reset();
      const model = await this.#load(stream, period);
      return [...(model.held ?? [])].map(([id, erased]) =>
        compareToken(id.split(':')[2] ?? '', hashOfId(id), erased),
      );
    });
  }

  async findHeld(stream: StreamKey, ids: readonly EntryId[]): Promise<StoredEntry[]> {
    return this.#inTurn(async () => {
      const found = new Map<EntryId, StoredEntry>();
      const wanted = new Set(ids);
      for (const period of new Set(ids.map(periodOfId))) {
        const { entries } = await this.#readPeriod(stream, period);
        for (const entry of entries) if (wanted.has(entry._id)) found.set(entry._id, entry);
      }
      return [...found.values()];
    });
  }

  /** All entries of a period, from the disk. */
  async readBack(stream: StreamKey, period: Period): Promise<StoredEntry[]> {
    return (await this.#inTurn(() => this.#readPeriod(stream, period))).entries;
  }

  take(block: Block): Promise<void> {
    return this.#inTurn(() => this.#take(block));
  }

  keepAccepted(stream: StreamKey, entries: readonly Entry[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#drain();
      const byPeriod = groupBy(entries, (entry) => periodOfId(entry._id));
      for (const [period, all] of byPeriod) {
        const model = await this.#load(stream, period);
        const fresh = all.filter((entry) => !model.knows(entry));
        if (fresh.length > 0) await this.#enqueue(stream, period, fresh);
      }
    });
  }

  async settled(): Promise<void> {
    await this.#inTurn(() => this.#drain());
  }

  drop(stream: StreamKey): Promise<void> {
    return this.#inTurn(async () => {
      await this.#drain();
      await this.#store.drop(stream);
      this.#models.delete(stream);
      this.#events.onDropped(stream);
    });
  }

  /** Merges one period that has many small blocks; false where none has. To be called when nothing presses. */
  mergeOne(): Promise<boolean> {
    return this.#inTurn(async () => {
      for (const stream of this.#store.streams()) {
        for (const [period, blocks] of Object.entries(this.#store.indexOf(stream))) {
          const merging = planMerge(blocks);
          if (merging.length === 0) continue;
          await this.#merge(stream, period, merging);
          return true;
        }
      }
      return false;
    });
  }

  /** Another tab wrote: takes in what concerns the periods in memory. */
  absorb(
    stream: StreamKey,
    blocks: readonly { readonly period: Period; readonly slot: number }[],
    rewritten: boolean,
  ): Promise<void> {
    return this.#inTurn(async () => {
      await this.#store.reload();
      for (const [period, all] of groupBy(blocks, (block) => block.period)) {
        const model = this.model(stream, period);
        if (!model.isLoaded) continue;
        if (rewritten) {
          model.held = null;
          const { entries } = await this.#readPeriod(stream, period);
          this.#events.onCells(stream, period, model.addHeld(entries));
          continue;
        }
        const bytes = await this.#store.readBlocks(
          stream,
          period,
          all.map((block) => block.slot),
        );
        for (const each of bytes) {
          if (each) this.#events.onCells(stream, period, model.addHeld(readBlockText(await gunzip(each))));
        }
      }
    });
  }

  dropped(stream: StreamKey): Promise<void> {
    return this.#inTurn(async () => {
      await this.#store.reload();
      this.#models.delete(stream);
      this.#events.onDropped(stream);
    });
  }

  /** This tab exchanges from now on: what another wrote meanwhile is taken up. */
  takeOver(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#store.reload();
      this.#writes = true;
      for (const [stream, periods] of this.#models) {
        for (const [period, model] of periods) {
          if (!model.isLoaded) continue;
          const { entries } = await this.#readPeriod(stream, period);
          this.#events.onCells(stream, period, model.addHeld(entries));
        }
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work, work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #load(stream: StreamKey, period: Period): Promise<PeriodModel> {
    const model = this.model(stream, period);
    if (model.isLoaded) return model;
    const { entries } = await this.#readPeriod(stream, period);
    model.addHeld(entries);
    this.#events.onLoaded(stream, period);
    return model;
  }

  /**
   * All entries of a period from the disk. A block that cannot be read is no longer counted as held: the states
   * then differ, and the gateway sends what is missing.
   */
  async #readPeriod(stream: StreamKey, period: Period): Promise<{ entries: StoredEntry[] }> {
    await this.#drain();
    let read = await this.#readOnce(stream, period);
    // Where another tab writes, what looks broken was replaced meanwhile.
    for (let tries = 3; read.broken.length > 0 && !this.#writes && tries > 0; tries -= 1) {
      await this.#store.reload();
      read = await this.#readOnce(stream, period);
    }
    if (!this.#writes) return read;
    if (read.broken.length > 0) await this.#store.replace(stream, period, read.broken, null);
    const unique = new Map(read.entries.map((entry) => [entry._id, entry]));
    // Two tabs wrote at once, against all care: what is there twice would be counted twice for ever.
    if (unique.size < read.entries.length) await this.#replaceAll(stream, period, [...unique.values()]);
    return read;
  }

  async #readOnce(stream: StreamKey, period: Period): Promise<{ entries: StoredEntry[]; broken: number[] }> {
    const blocks = this.#store.indexOf(stream)[period] ?? [];
    const bytes = await this.#store.readBlocks(
      stream,
      period,
      blocks.map((block) => block.slot),
    );
    const entries: StoredEntry[] = [];
    const broken: number[] = [];
    for (const [at, block] of blocks.entries()) {
      const read = await readBytes(bytes[at] ?? null);
      if (read && stateOf(read).digest === block.digest) entries.push(...read);
      else broken.push(block.slot);
    }
    return { entries, broken };
  }

  async #take(block: Block): Promise<void> {
    const { stream, period } = block.meta;
    const entries = await this.#check(block);
    const model = this.model(stream, period);
    if (!model.isLoaded && (this.#store.indexOf(stream)[period] ?? []).length === 0) model.held = new Map();
    if (!model.isLoaded && entries.some(isErased)) await this.#load(stream, period);
    if (!model.held) {
      await this.#put({ stream, block: { ...block.meta, bytes: block.bytes } });
      return;
    }
    const fresh = entries.filter((entry) => !model.knows(entry));
    const replaces = fresh.some((entry) => model.held?.has(entry._id));
    if (replaces) await this.#rewrite(stream, period, fresh);
    else if (fresh.length === entries.length)
      await this.#put({ stream, block: { ...block.meta, bytes: block.bytes } });
    else if (fresh.length > 0) await this.#enqueue(stream, period, fresh);
    this.#events.onCells(stream, period, model.addHeld(fresh));
  }

  async #check(block: Block): Promise<StoredEntry[]> {
    const { meta, bytes } = block;
    const entries = await readBytes(bytes);
    if (!entries) throw new BrokenAnswer('block cannot be read');
    const state = stateOf(entries);
    if (state.count !== meta.count || state.digest !== meta.digest)
      throw new BrokenAnswer('block is not its meta');
    if (!checkedPeriod(meta, entries)) throw new BrokenAnswer('block of another period');
    return entries;
  }

  /** For entries that do not come in the gateway's own bytes. */
  async #enqueue(stream: StreamKey, period: Period, entries: readonly StoredEntry[]): Promise<void> {
    const bytes = await gzip(writeBlockText(entries));
    await this.#put({ stream, block: { period, ...stateOf(entries), bytes } });
    this.#events.onCells(stream, period, this.model(stream, period).addHeld(entries));
  }

  /** An erasure takes the text out of the block it lay in, not only out of sight. */
  async #rewrite(stream: StreamKey, period: Period, fresh: readonly StoredEntry[]): Promise<void> {
    const { entries } = await this.#readPeriod(stream, period);
    const byId = new Map(entries.map((entry) => [entry._id, entry]));
    for (const entry of fresh) byId.set(entry._id, entry);
    const placed = await this.#replaceAll(stream, period, [...byId.values()]);
    if (!this.#store.isInMemory(stream)) this.#events.onStored(stream, placed, true);
  }

  async #replaceAll(
    stream: StreamKey,
    period: Period,
    entries: readonly StoredEntry[],
  ): Promise<{ period: Period; slot: number }[]> {
    const slots = (this.#store.indexOf(stream)[period] ?? []).map((block) => block.slot);
    const block = { period, ...stateOf(entries), bytes: await gzip(writeBlockText(entries)) };
    return this.#store.replace(stream, period, slots, block);
  }

  /** Joins the texts of blocks without reading their entries. */
  async #merge(stream: StreamKey, period: Period, merging: readonly StoredBlock[]): Promise<void> {
    await this.#drain();
    const slots = merging.map((block) => block.slot);
    const bytes = await this.#store.readBlocks(stream, period, slots);
    const texts: string[] = [];
    for (const each of bytes) {
      if (!each) {
        // Takes the broken one out of the index.
        await this.#readPeriod(stream, period);
        return;
      }
      texts.push((await gunzip(each)).slice(1, -1));
    }
    const text = `[${texts.filter((each) => each !== '').join(',')}]`;
    const block = { period, ...sumStates(merging), bytes: await gzip(text) };
    await this.#store.replace(stream, period, slots, block);
  }

  /** Hands a block to the writer; waits only where much is in hand. */
  async #put(pending: Pending): Promise<void> {
    this.#pending.push(pending);
    this.#writing ??= this.#write();
    if (this.#pending.reduce((sum, { block }) => sum + block.bytes.length, 0) > 8_388_608)
      await this.#drain();
  }

  async #write(): Promise<void> {
    // After the present task, so that blocks which came together are written together.
    await Promise.resolve();
    try {
      for (let batch = [...this.#pending]; batch.length > 0; batch = [...this.#pending]) {
        for (const [stream, all] of groupBy(batch, (each) => each.stream)) {
          const placed = await this.#store.append(
            stream,
            all.map(({ block }) => block),
          );
          const written = new Set(all);
          this.#pending = this.#pending.filter((each) => !written.has(each));
          if (!this.#store.isInMemory(stream)) this.#events.onStored(stream, placed, false);
        }
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#writing = null;
    }
  }

  /** Waits for the writer. After a failure memory may be ahead of the disk, so it is read again. */
  async #drain(): Promise<void> {
    while (this.#writing) await this.#writing;
    const failure = this.#failure;
    if (failure === null) return;
    this.#failure = null;
    this.#pending = [];
    await this.#store.reload().catch(() => undefined);
    for (const periods of this.#models.values()) for (const model of periods.values()) model.held = null;
    throw failure instanceof StorageFailure
      ? failure
      : new StorageFailure('write failed', { cause: failure });
  }
}

async function readBytes(bytes: Uint8Array<ArrayBuffer> | null): Promise<StoredEntry[] | null> {
  if (!bytes) return null;
  try {
    return readBlockText(await gunzip(bytes));
  } catch {
    return null;
  }
}
