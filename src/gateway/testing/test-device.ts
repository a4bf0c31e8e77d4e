import { addToDigest, EMPTY_DIGEST } from '../../ledger/digest.ts';
import type { Entry } from '../../ledger/entry.ts';
import { hashOfId, parseEntryId, periodOfId, type EntryId, type Period } from '../../ledger/entry-id.ts';
import { digestHash, isErased, type StoredEntry } from '../../ledger/erasure.ts';
import { Fold } from '../../ledger/fold.ts';
import { parseStreamKey, streamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import { compareToken, type PushedEntry, type StreamState, type Verdict } from '../../sync/protocol.ts';
import type { TestClient } from './test-client.ts';

/** What a device does in an exchange, without storage, keys or retries: enough to talk to a gateway. */
export class TestDevice {
  readonly client: TestClient;
  readonly held = new Map<StreamKey, Map<EntryId, StoredEntry>>();
  readonly journal: { readonly stream: StreamKey; readonly entry: Entry }[] = [];
  readonly refused = new Map<EntryId, string>();
  /** Says which answers are lost on their way. */
  losesAnswer: () => boolean = () => false;

  constructor(client: TestClient) {
    this.client = client;
  }

  write(stream: Stream, entry: Entry): void {
    this.journal.push({ stream: streamKey(stream), entry });
  }

  heldOf(key: StreamKey): Map<EntryId, StoredEntry> {
    const held = this.held.get(key) ?? new Map<EntryId, StoredEntry>();
    this.held.set(key, held);
    return held;
  }

  stateOf(key: StreamKey): StreamState {
    return stateOf(this.heldOf(key).values());
  }

  foldOf(stream: Stream): Fold {
    const fold = new Fold();
    for (const entry of this.heldOf(streamKey(stream)).values()) fold.add(entry);
    for (const row of this.journal) if (row.stream === streamKey(stream)) fold.add(row.entry);
    return fold;
  }

  /** One sync with its follow-ups; gives the number of requests it took. */
  async sync(): Promise<number> {
    let compare: Record<StreamKey, Record<Period, string[]>> = {};
    let handBack: PushedEntry[] = [];
    for (let requests = 1; requests <= 6; requests++) {
      const own = this.journal.slice(0, 200 - Math.min(handBack.length, 200));
      const push: PushedEntry[] = [...handBack.slice(0, 200), ...own];
      const streams = Object.fromEntries([...this.held.keys()].map((key) => [key, this.stateOf(key)]));
      const { head, blocks } = await this.client.exchange({ streams, compare, push });
      if (this.losesAnswer()) return requests;
      for (const { meta, entries } of blocks) {
        const held = this.heldOf(meta.stream);
        for (const entry of entries) {
          const known = held.get(entry._id);
          if (!known || !isErased(known)) held.set(entry._id, entry);
        }
      }
      head.verdicts.forEach((verdict, i) => this.#settle(push[i], verdict));
      for (const key of head.lost) this.held.delete(key);
      compare = {};
      handBack = [];
      for (const [key, answer] of Object.entries(head.streams)) {
        this.heldOf(key);
        if (answer.follow === 'compare') compare[key] = this.#tokensOf(key, answer.periods ?? {});
        for (const id of answer.wanted ?? []) {
          const entry = this.heldOf(key).get(id);
          if (entry) handBack.push({ stream: key, entry });
        }
      }
      if (Object.keys(compare).length === 0 && handBack.length === 0) return requests;
    }
    throw new Error('the exchange does not come to an end');
  }

  #settle(pushed: PushedEntry | undefined, verdict: Verdict): void {
    const at = this.journal.findIndex((row) => row === pushed);
    const row = this.journal[at];
    if (!row || verdict.verdict === 'later') return;
    this.journal.splice(at, 1);
    if (verdict.verdict === 'refused') this.refused.set(verdict.id, verdict.code);
    else this.#keep(row.stream, { ...row.entry, received: verdict.received });
  }

  #keep(key: StreamKey, entry: Entry): void {
    const held = this.heldOf(key);
    if (!held.has(entry._id)) held.set(entry._id, entry);
  }

  #tokensOf(key: StreamKey, theirs: Readonly<Record<Period, StreamState>>): Record<Period, string[]> {
    const byPeriod = new Map<Period, StoredEntry[]>(Object.keys(theirs).map((period) => [period, []]));
    for (const entry of this.heldOf(key).values()) {
      const period = periodOfId(entry._id);
      byPeriod.set(period, [...(byPeriod.get(period) ?? []), entry]);
    }
    const tokens: Record<Period, string[]> = {};
    for (const [period, entries] of byPeriod) {
      const own = stateOf(entries);
      if (own.count === theirs[period]?.count && own.digest === theirs[period]?.digest) continue;
      tokens[period] = entries.map((entry) =>
        compareToken(parseEntryId(entry._id)?.kind ?? '', hashOfId(entry._id), isErased(entry)),
      );
    }
    return tokens;
  }

  streams(): Stream[] {
    return [...this.held.keys()].map((key) => parseStreamKey(key) as Stream);
  }
}

function stateOf(entries: Iterable<StoredEntry>): StreamState {
  const all = [...entries];
  return { count: all.length, digest: addToDigest(EMPTY_DIGEST, all.map(digestHash)) };
}
