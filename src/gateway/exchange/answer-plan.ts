import { hashOfId, parseEntryId, type EntryId, type Period } from '../../ledger/entry-id.ts';
import { compareToken, type StreamAnswer, type StreamState } from '../../sync/protocol.ts';
import type { Block } from './block.ts';
import type { OpenStream } from './open-stream.ts';
import type { Row } from './stream-index.ts';

/** More missing entries than these are asked for next time. */
const MAX_WANTED = 2000;

/** What a device says of one stream it holds. */
export interface DeviceStream {
  readonly state: StreamState | undefined;
  /** Tokens of what it has in the periods that differ. */
  readonly compare: Readonly<Record<Period, readonly string[]>> | undefined;
}

export interface AnswerPlan {
  readonly opened: OpenStream;
  readonly answer: StreamAnswer;
  readonly blocks: readonly Block[];
  /** Blocks made for this answer alone. */
  readonly temporary: boolean;
}

/** Decides what to send of one stream; without waiting, so that state and blocks are of one moment. */
export function planAnswer(
  opened: OpenStream,
  device: DeviceStream,
  hold: Pick<StreamAnswer, 'hold' | 'until'>,
): AnswerPlan {
  const { index, blocks } = opened;
  const { state } = index;
  const plan = (
    answer: Omit<StreamAnswer, 'hold' | 'until'>,
    following: readonly Block[] = [],
    temporary = false,
  ): AnswerPlan => ({
    opened,
    answer: { ...answer, ...hold },
    blocks: following,
    temporary,
  });
  const theirs = device.state;
  if (theirs && theirs.count === state.count && theirs.digest === state.digest) {
    return plan({ ...state, follow: 'equal' });
  }
  if (!theirs) return plan({ ...state, follow: 'blocks' }, blocks.all());
  if (index.isPrefix(theirs)) return plan({ ...state, follow: 'blocks' }, blocks.after(theirs.count));
  if (!device.compare) {
    const periods = Object.fromEntries(index.periods().map((period) => [period, index.stateOf(period)]));
    return plan({ ...state, follow: 'compare', periods });
  }
  const { lacking, wanted } = compareWith(opened, device.compare);
  return plan(
    { ...state, follow: 'blocks', ...(wanted.length > 0 ? { wanted } : {}) },
    blocks.of(lacking),
    true,
  );
}

function tokenOf(row: Row): string {
  return compareToken(parseEntryId(row.id)?.kind ?? '', hashOfId(row.id), row.erased);
}

function compareWith(
  { index, stream }: OpenStream,
  compare: Readonly<Record<Period, readonly string[]>>,
): { lacking: Row[]; wanted: EntryId[] } {
  const lacking: Row[] = [];
  const wanted: EntryId[] = [];
  for (const [period, tokens] of Object.entries(compare)) {
    const theirs = new Set(tokens);
    for (const row of index.rowsOf(period)) {
      const token = tokenOf(row);
      // An erasure that the device has and this store has lost is wanted back, not written over.
      if (!theirs.has(token) && !theirs.has(`${token}!`)) lacking.push(row);
    }
    for (const token of theirs) {
      const erased = token.endsWith('!');
      const id = `${stream.scope}:${period}:${erased ? token.slice(0, -1) : token}`;
      const row = index.find(id);
      const known = row && (row.erased || !erased);
      if (!known && wanted.length < MAX_WANTED && parseEntryId(id)) wanted.push(id);
    }
  }
  return { lacking, wanted };
}
