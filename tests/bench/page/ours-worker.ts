import { BlockStore } from '#device/worker/block-store.ts';
import { gunzip } from '#device/worker/gzip.ts';
import { HeldBlocks } from '#device/worker/held-blocks.ts';
import { HttpTransport } from '#device/worker/http-transport.ts';
import { beginSession } from '#device/session-api.ts';
import { webCrypto } from '#device/web-crypto.ts';
import type { StoredEntry } from '#ledger/erasure.ts';
import { readBlockText } from '#sync/block-codec.ts';
import { DeviceExchange } from '#sync/device-exchange.ts';
import type { DeviceJournal } from '#sync/device-ports.ts';
import type { SignInOrder } from './product-device.ts';
import { noCipher } from './ciphers.ts';
import { answerOverAll, type QueryAnswer } from './result-hash.ts';
import { serveSteps } from './worker-steps.ts';

const DATABASE = 'p-bench-blocks';

/** A first sync has nothing to push. */
const emptyJournal: DeviceJournal = {
  refresh: async () => undefined,
  waiting: () => [],
  arrived: async () => undefined,
  refused: async () => undefined,
};

/** Milliseconds of each part of the whole. */
export type Spans = Record<string, number>;

export interface FirstSyncOrder {
  /** False for R12's other side. */
  readonly encrypted: boolean;
}

let streamKey: CryptoKey;
let personId = '';
let read: readonly StoredEntry[] = [];

serveSteps({
  /** What sign-in leaves behind: a session at the gateway, the key at hand. */
  async signIn({ login, password }: SignInOrder) {
    const session = await beginSession(login, password, 'bench');
    if (!session.ok) throw new Error(`sign-in: ${session.code}`);
    personId = session.session.person.id;
    streamKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
  },

  /**
   * R1: the product's exchange, blocks and store from the first request until all is durable; then the store is
   * closed, opened anew, and every entry read back from the disk.
   */
  async firstSync({ encrypted }: FirstSyncOrder): Promise<QueryAnswer & { spans: Spans }> {
    const port = encrypted ? webCrypto : noCipher;
    const spans: Spans = {};
    let from = performance.now();
    const spanEnds = (name: string): void => {
      const now = performance.now();
      spans[name] = now - from;
      from = now;
    };
    const store = await BlockStore.open(DATABASE, port, async () => streamKey);
    spanEnds('open');
    await exchangeAll(store);
    spanEnds('exchange');
    await store.close();
    const again = await BlockStore.open(DATABASE, port, async () => streamKey);
    spanEnds('reopen');
    read = await readAll(again);
    spanEnds('read');
    const answer = await answerOverAll(read);
    spanEnds('query');
    await again.close();
    return { ...answer, spans };
  },

  /** Of what was read last, outside every measured span. */
  async jsonBytes() {
    return new TextEncoder().encode(JSON.stringify(read)).length;
  },
});

async function exchangeAll(store: BlockStore): Promise<void> {
  const nothing = (): void => undefined;
  const blocks = new HeldBlocks(store, {
    onCells: nothing,
    onLoaded: nothing,
    onStored: nothing,
    onHold: () => Promise.resolve(),
    onLeftDisk: nothing,
    onDropped: nothing,
  });
  const ports = {
    blocks,
    journal: emptyJournal,
    transport: new HttpTransport(personId),
    now: () => performance.now(),
  };
  let whole = false;
  const exchange = new DeviceExchange(
    ports,
    { app: 'bench', device: 'bench' },
    {
      onHead: nothing,
      onProgress: nothing,
      onLost: nothing,
      onStreams: (streams) => (whole = Object.values(streams).every(Boolean)),
    },
  );
  while ((await exchange.round()).again);
  if (!whole) throw new Error('the exchange ended and a stream is not whole');
}

async function readAll(store: BlockStore): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const stream of store.streams()) {
    for (const [period, blocks] of Object.entries(store.indexOf(stream))) {
      const slots = blocks.map((block) => block.slot);
      for (const bytes of await store.readBlocks(stream, period, slots)) {
        if (!bytes) throw new Error('a block cannot be opened');
        entries.push(...readBlockText(await gunzip(bytes)));
      }
    }
  }
  return entries;
}
