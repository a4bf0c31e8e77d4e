import { parseStreamKey, type StreamKey } from '../../ledger/stream.ts';
import { deriveKey, newKeySalt } from '../../vault/vault.ts';
import { blocksDatabaseName, PersonDatabase } from '../person-database.ts';
import { withTimeLimit } from '../time-limit.ts';
import { webCrypto } from '../web-crypto.ts';
import { BlockStore } from './block-store.ts';
import type { WorkerIdentity } from './messages.ts';
import { PermitEnds } from './permit-ends.ts';

const OPEN_LIMIT_MS = 6_000;

/** What of one person lies on this disk, opened. */
export interface PersonStore {
  readonly db: PersonDatabase;
  readonly blocks: BlockStore;
  /** Opens what the person wrote and the school does not have. */
  readonly journalKey: CryptoKey;
  readonly permitEnds: PermitEnds;
  readonly clockOffset: number;
  readonly lastContactAt: number | null;
  /** Streams that were once whole here, and may still lie here. */
  readonly whole: Set<StreamKey>;
  /** Nothing of a stream lies here any more; `stored` is what still does. */
  forget(stream: StreamKey, stored: readonly StreamKey[]): Promise<void>;
}

export async function openPersonStore({ personId, generation, root }: WorkerIdentity): Promise<PersonStore> {
  const db = new PersonDatabase(personId);
  const keys = new Map<string, Promise<CryptoKey>>();
  const derive = async (purpose: string): Promise<CryptoKey> => {
    const salt = await db.saltOf(`${generation}/${purpose}`, () => newKeySalt(webCrypto));
    return deriveKey(webCrypto, root, salt, purpose);
  };
  const databaseOf = (stream: StreamKey): string => parseStreamKey(stream)?.db ?? stream;
  const keyOf = (stream: StreamKey): Promise<CryptoKey> => {
    const purpose = `blocks/${databaseOf(stream)}`;
    const known = keys.get(purpose) ?? derive(purpose);
    keys.set(purpose, known);
    return known;
  };
  const opening = BlockStore.open(blocksDatabaseName(personId, generation), webCrypto, keyOf);
  const [blocks, journalKey, clockOffset = 0, lastContactAt = null, complete, permitEnds] =
    await withTimeLimit(
      Promise.all([
        opening,
        derive('journal'),
        db.readMeta('clockOffset'),
        db.readMeta('lastContactAt'),
        db.meta.where('key').startsWith('complete/').primaryKeys(),
        PermitEnds.read(db),
      ]),
      OPEN_LIMIT_MS,
    );
  const whole = new Set(complete.map((key) => key.slice('complete/'.length)));
  // Storage may have been cleared in part: what is not there is not whole.
  const present = new Set(blocks.streams());
  for (const stream of whole) if (!present.has(stream)) whole.delete(stream);
  for (const stream of permitEnds.over(Date.now() + clockOffset)) whole.delete(stream);
  return {
    db,
    blocks,
    journalKey,
    permitEnds,
    clockOffset,
    lastContactAt,
    whole,
    async forget(stream, stored) {
      const name = databaseOf(stream);
      const gone: string[] = [`complete/${stream}`, `holdUntil/${stream}`];
      // The salt goes with the last stream of its database: what is left of it anywhere cannot be read again.
      if (!stored.some((other) => other !== stream && databaseOf(other) === name)) {
        gone.push(`salt/${generation}/blocks/${name}`);
        keys.delete(`blocks/${name}`);
      }
      await db.meta.bulkDelete(gone);
    },
  };
}
