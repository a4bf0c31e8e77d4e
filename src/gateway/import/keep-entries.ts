import type { Entry } from '../../ledger/entry.ts';
import type { Stream } from '../../ledger/stream.ts';
import type { Stamper } from '../exchange/stamp.ts';
import type { DocumentStore, UserContext } from '../store/document-store.ts';
import { IMPORTER } from './school-entries.ts';

/** In whose name an import writes: `couch/` lets it write entries of any author. */
export const importContext: UserContext = { name: IMPORTER, roles: ['amenimo-import'] };

const BATCH_SIZE = 250;

/** An entry that this program makes itself, and when it counts as received. */
export interface TimedEntry {
  readonly entry: Entry;
  readonly receivedAt: number;
}

/** Thrown where the store's own validation refuses what an import made: a bug in the import. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

/** Stamps entries in the given order and stores them; resolves once they are durable. */
export async function keepEntries(
  store: DocumentStore,
  stamper: Stamper,
  stream: Stream,
  entries: readonly TimedEntry[],
  progress: (done: number) => void = () => undefined,
): Promise<void> {
  const opened = await stamper.openStream(stream);
  for (let start = 0; start < entries.length; start += BATCH_SIZE) {
    const batch = entries
      .slice(start, start + BATCH_SIZE)
      .map(({ entry, receivedAt }) =>
        opened.stamp(entry, { at: receivedAt, by: entry.by, device: entry.device }),
      );
    const outcomes = await store.putEntries(stream.db, batch, importContext);
    const refused = outcomes.find((outcome) => outcome.outcome === 'refused');
    if (refused?.outcome === 'refused') throw new ImportRefused(`${refused.id}: ${refused.reason}`);
    progress(Math.min(start + BATCH_SIZE, entries.length));
  }
}
