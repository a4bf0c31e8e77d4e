import type { Grant } from '../../access/subject.ts';
import type { ClassEnrollment } from '../../domain/roster/roster.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { StreamKey } from '../../ledger/stream.ts';
import type { SessionAnswer } from '../session-api.ts';
import type { Query } from '../views.ts';

/** What a worker must be given to work for a person: keys that cannot be exported, and no password. */
export interface WorkerIdentity {
  readonly personId: string;
  readonly grants: readonly Grant[];
  readonly streams: readonly StreamKey[];
  /** The school that the person has chosen, of several. */
  readonly school: string | null;
  readonly generation: number;
  readonly root: CryptoKey;
  readonly device: string;
  readonly app: string;
}

export type ToWorker =
  | { readonly type: 'open'; readonly identity: WorkerIdentity; readonly verified: boolean }
  | { readonly type: 'profile'; readonly grants: readonly Grant[]; readonly streams: readonly StreamKey[] }
  | { readonly type: 'school'; readonly school: string }
  | { readonly type: 'watch'; readonly id: number; readonly query: Query }
  | { readonly type: 'unwatch'; readonly id: number }
  | {
      readonly type: 'row';
      readonly seq: number;
      readonly at: number;
      readonly stream: StreamKey;
      readonly entry: Entry;
    }
  | { readonly type: 'trigger'; readonly trigger: 'online' | 'visible' | 'asked' }
  | { readonly type: 'sessionChanged' }
  | { readonly type: 'quiet'; readonly id: number };

export type FromWorker =
  | { readonly type: 'opened' }
  | { readonly type: 'unusable'; readonly reason: 'noStorage' | 'storageHangs' }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  /** All that `access` must know of the roster, and no name. */
  | {
      readonly type: 'enrollments';
      readonly stream: StreamKey;
      readonly enrollments: readonly ClassEnrollment[];
    }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'session'; readonly session: SessionAnswer }
  | { readonly type: 'quiet'; readonly id: number }
  | { readonly type: 'bug'; readonly message: string };
