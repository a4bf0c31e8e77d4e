import { gzipSync } from 'node:zlib';
import { addToDigest, EMPTY_DIGEST } from '../../ledger/digest.ts';
import { checkEntry, type Entry } from '../../ledger/entry.ts';
import { hashOfId, parseEntryId, periodOfId, type EntryId } from '../../ledger/entry-id.ts';
import { digestHash, eraseEntry, isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { parseStreamKey, type StreamKey } from '../../ledger/stream.ts';
import { stateOf, writeBlockText } from '../block-codec.ts';
import { encodeBlock, encodeEnd, encodeHead } from '../frames.ts';
import {
  compareToken,
  PROTOCOL_VERSION,
  type ExchangeHead,
  type ExchangeRequest,
  type StreamAnswer,
  type Verdict,
} from '../protocol.ts';

type Judge = (entry: Entry) => { verdict: 'refused' | 'later'; code: string } | null;

/** The least of a gateway that the device's side can be tried against: no rights, no disk. */
export class FakeGateway {
  readonly streams = new Map<StreamKey, StoredEntry[]>();
  readonly lost = new Set<StreamKey>();
  readonly requests: ExchangeRequest[] = [];
  now = 1_780_000_000_000;
  blockSize = 500;
  judge: Judge = () => null;

  entriesOf(stream: StreamKey): StoredEntry[] {
    return this.streams.get(stream) ?? [];
  }

  /** How a device is to hold a stream, where that is not on its disk. */
  readonly holds = new Map<StreamKey, Pick<StreamAnswer, 'hold' | 'until'>>();

  /** As if another device had written. */
  store(stream: StreamKey, entry: Entry): Entry {
    const entries = this.entriesOf(stream);
    const n = entries.length + 1;
    const stored: Entry = {
      ...entry,
      received: { at: this.now, by: entry.by, device: entry.device, n, mac: '0'.repeat(32) },
    };
    this.streams.set(stream, [...entries, stored]);
    return stored;
  }

  erase(stream: StreamKey, id: EntryId): void {
    const entries = this.entriesOf(stream).map((entry) =>
      entry._id === id && !isErased(entry) ? eraseEntry(entry, 'p-1', this.now, 'asked for') : entry,
    );
    this.streams.set(stream, entries);
  }

  /** The frames of an answer. */
  answer(request: ExchangeRequest): Uint8Array[] {
    this.requests.push(request);
    const verdicts = request.push.map(({ stream, entry }) => this.#judge(stream, entry));
    const streams: Record<StreamKey, StreamAnswer> = {};
    const blocks: Uint8Array[] = [];
    for (const [stream, entries] of this.streams) {
      if (this.lost.has(stream)) continue;
      const { answer, send } = this.#plan(stream, entries, request);
      streams[stream] = { ...answer, ...this.holds.get(stream) };
      blocks.push(...this.#blocksOf(stream, send));
    }
    const lost = Object.keys(request.streams).filter((stream) => this.lost.has(stream));
    const head: ExchangeHead = { protocol: PROTOCOL_VERSION, now: this.now, verdicts, streams, lost };
    return [encodeHead(head), ...blocks, encodeEnd()];
  }

  #judge(stream: StreamKey, input: unknown): Verdict {
    const at = parseStreamKey(stream);
    const id = (input as { _id: EntryId })._id;
    const checked = at && checkEntry(at, input);
    if (!checked?.ok) return { id, verdict: 'refused', code: checked ? checked.code : 'denied' };
    const { entry } = checked;
    const said = this.judge(entry);
    if (said) return { id, ...said };
    if (this.lost.has(stream)) return { id, verdict: 'refused', code: 'inTray' };
    const known = this.entriesOf(stream).find((other) => other._id === id);
    const stored = known ?? this.store(stream, entry);
    return stored.received
      ? { id, verdict: 'accepted', received: stored.received }
      : { id, verdict: 'refused', code: 'erased' };
  }

  #plan(
    stream: StreamKey,
    entries: readonly StoredEntry[],
    request: ExchangeRequest,
  ): { answer: StreamAnswer; send: readonly StoredEntry[] } {
    const state = stateOf(entries);
    const theirs = request.streams[stream] ?? { count: 0, digest: EMPTY_DIGEST };
    if (theirs.count === state.count && theirs.digest === state.digest)
      return { answer: { ...state, hold: 'disk', follow: 'equal' }, send: [] };
    const prefix = addToDigest(EMPTY_DIGEST, entries.slice(0, theirs.count).map(digestHash));
    if (theirs.count <= state.count && theirs.digest === prefix)
      return { answer: { ...state, hold: 'disk', follow: 'blocks' }, send: entries.slice(theirs.count) };
    const compare = request.compare?.[stream];
    if (!compare) {
      const periods = Object.fromEntries(
        [...new Set(entries.map((entry) => periodOfId(entry._id)))].map((period) => [
          period,
          stateOf(entries.filter((entry) => periodOfId(entry._id) === period)),
        ]),
      );
      return { answer: { ...state, hold: 'disk', follow: 'compare', periods }, send: [] };
    }
    const send = entries.filter((entry) => {
      const tokens = compare[periodOfId(entry._id)];
      return tokens !== undefined && !tokens.includes(tokenOf(entry));
    });
    const ours = new Set(entries.map((entry) => entry._id));
    const scope = parseStreamKey(stream)?.scope ?? '';
    const wanted = Object.entries(compare).flatMap(([period, tokens]) =>
      tokens.map((token) => `${scope}:${period}:${token.replace('!', '')}`).filter((id) => !ours.has(id)),
    );
    return {
      answer: { ...state, hold: 'disk', follow: 'blocks', ...(wanted.length > 0 ? { wanted } : {}) },
      send,
    };
  }

  *#blocksOf(stream: StreamKey, entries: readonly StoredEntry[]): Generator<Uint8Array> {
    const byPeriod = new Map<string, StoredEntry[]>();
    for (const entry of entries) {
      const period = periodOfId(entry._id);
      byPeriod.set(period, [...(byPeriod.get(period) ?? []), entry]);
    }
    for (const [period, all] of byPeriod) {
      for (let from = 0; from < all.length; from += this.blockSize) {
        const block = all.slice(from, from + this.blockSize);
        yield encodeBlock({ stream, period, ...stateOf(block) }, gzipSync(writeBlockText(block)));
      }
    }
  }
}

function tokenOf(entry: StoredEntry): string {
  return compareToken(parseEntryId(entry._id)?.kind ?? '', hashOfId(entry._id), isErased(entry));
}
