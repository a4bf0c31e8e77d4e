import type { Period } from '../ledger/entry-id.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { SharedSyncState } from './worker/sync-state.ts';

/** What the tabs of one person tell each other. No name, no mark, no entry: who may read looks into the stores. */
export type PersonMessage =
  /** Rows were appended to the journal. */
  | { readonly type: 'rows' }
  /** Rows arrived or were refused. */
  | { readonly type: 'verdicts' }
  /** Blocks were stored. `rewritten`: what was there has changed, too. */
  | {
      readonly type: 'blocks';
      readonly stream: StreamKey;
      readonly blocks: readonly { readonly period: Period; readonly slot: number }[];
      readonly rewritten: boolean;
    }
  | { readonly type: 'dropped'; readonly stream: StreamKey }
  | { readonly type: 'syncState'; readonly state: SharedSyncState }
  /** A tab that does not exchange asks the one that does. */
  | { readonly type: 'askSyncState' }
  | { readonly type: 'exchangeNow' }
  | { readonly type: 'signedIn' }
  | { readonly type: 'profile' }
  | { readonly type: 'lock' }
  | { readonly type: 'active' };

export interface Channel<Message> {
  post(message: Message): void;
  close(): void;
}

export function openChannel<Message>(name: string, onMessage: (message: Message) => void): Channel<Message> {
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event: MessageEvent<Message>) => onMessage(event.data);
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}

export function personChannelName(personId: string): string {
  return `amenimo-${personId}`;
}
