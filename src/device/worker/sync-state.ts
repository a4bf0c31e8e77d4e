import type { SyncPhase } from '../../sync/device-schedule.ts';

/** What the exchanging tab knows and the others show. */
export interface SharedSyncState {
  readonly phase: SyncPhase;
  readonly lastContactAt: number | null;
  readonly progress: { readonly have: number; readonly total: number } | null;
  readonly complete: boolean;
}

export const FIRST_SYNC_STATE: SharedSyncState = {
  phase: 'idle',
  lastContactAt: null,
  progress: null,
  complete: false,
};
