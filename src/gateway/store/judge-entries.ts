import { hashOfId, type EntryId } from '../../ledger/entry-id.ts';
import type { StoredEntry } from '../../ledger/erasure.ts';
import type { PutOutcome, UserContext } from './document-store.ts';
import { candidateOf, findRefusal, type CandidateDocument } from './validate-document.ts';

/** What a store holds under an id: the whole document where an erasure is to be judged, else at least its revision. */
export type PresentDocument = Pick<StoredEntry, '_id' | '_rev'>;

export interface Judgement {
  /** One for each entry, in order; `stored` still has to come true. */
  readonly outcomes: PutOutcome[];
  /** What to write. */
  readonly accepted: CandidateDocument[];
}

/** What is to become of each entry of a batch, given what is there already. Later entries see the earlier ones. */
export function judgeEntries(
  db: string,
  entries: readonly StoredEntry[],
  present: ReadonlyMap<EntryId, PresentDocument>,
  as: UserContext,
): Judgement {
  const known = new Map(present);
  const outcomes: PutOutcome[] = [];
  const accepted: CandidateDocument[] = [];
  for (const entry of entries) {
    const id = entry._id;
    const old = known.get(id) ?? null;
    if (old && isKnown(old._rev, entry)) {
      outcomes.push({ id, outcome: 'known' });
      continue;
    }
    const candidate = candidateOf(entry);
    const reason = findRefusal(db, candidate, old, as);
    if (reason) {
      outcomes.push({ id, outcome: 'refused', reason });
      continue;
    }
    accepted.push(candidate);
    known.set(id, entry);
    outcomes.push({ id, outcome: 'stored' });
  }
  return { outcomes, accepted };
}

/** The same revision, or an entry that has been erased since: whatever the body says, what is there stays. */
function isKnown(presentRev: string, entry: StoredEntry): boolean {
  if (presentRev === entry._rev) return true;
  return presentRev.startsWith('2-') && entry._rev === `1-${hashOfId(entry._id)}`;
}
