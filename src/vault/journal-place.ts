import type { EntryId } from '../ledger/entry-id.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { EnvelopePlace } from './envelope.ts';

/** Where a row of the journal is sealed to: it opens as no other entry's and in no other stream. */
export function journalPlace(row: { readonly stream: StreamKey; readonly id: EntryId }): EnvelopePlace {
  return { store: 'journal', name: `${row.stream}/${row.id}` };
}
