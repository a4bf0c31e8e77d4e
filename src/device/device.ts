import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { Json } from '../ledger/canonical.ts';
import type { EntryId } from '../ledger/entry-id.ts';
import type { Draft, DraftResult } from './drafts.ts';
import type { Person, Query, ResultOf } from './views.ts';

/**
 * What the screens may ask of this device. Everything but `signIn` works with no network. Expected failures are
 * values; a rejected promise is a bug.
 */
export interface Device {
  readonly state: DeviceState;
  /** Now by the school's clock: this device's, corrected by what the gateway last said. Epoch milliseconds. */
  now(): number;
  /** Called after every change of `state` or of the correction of the clock; returns how to stop. */
  onStateChange(listener: () => void): () => void;

  /** First time on this device, or after a revocation: asks the gateway, makes the vault, starts the first sync. */
  signIn(login: string, password: string): Promise<SignInResult>;
  /** Opens what is on this device, with no network. */
  unlock(login: string, password: string): Promise<UnlockResult>;
  /** Drops the keys from memory; what is unsent stays sealed on the disk. */
  lock(): Promise<void>;
  /** Locks and ends the session at the gateway when it can be reached. */
  signOut(): Promise<void>;

  /** Calls back with the result now and after every change that touches it; returns how to stop. */
  watch<Q extends Query>(query: Q, listener: (result: ResultOf<Q>) => void): () => void;

  /** Writes one entry; resolves once it is durable on this disk. */
  recordAttendance(command: RecordAttendance): Promise<CommandResult>;

  /** Keeps what the person has begun to write, over what was kept under the key; resolves once it is durable. */
  saveDraft(key: string, value: Json): Promise<DraftResult>;
  /** What this person left under the key; null where nothing is, or another vault holds it. */
  findDraft(key: string): Promise<Draft | null>;
  /** Every draft of this person that can be read. */
  listDrafts(): Promise<readonly Draft[]>;
  /** After it became an entry, or was given up. */
  dropDraft(key: string): Promise<DraftResult>;

  syncNow(): void;
  /** Asks the browser not to evict the storage; resolves to what it said. */
  requestPersistence(): Promise<boolean>;
}

export type DeviceState =
  | { readonly phase: 'starting' }
  /** Nobody is signed in; `logins` have a vault here and can unlock offline. */
  | { readonly phase: 'locked'; readonly logins: readonly string[] }
  | { readonly phase: 'open'; readonly person: Person }
  /** This browser cannot keep data (private window, storage blocked): said in a sentence, with a way out. */
  | {
      readonly phase: 'unusable';
      readonly reason: 'noStorage' | 'storageHangs' | 'storageFull' | 'noCrypto';
    };

export interface RecordAttendance {
  readonly homeroomId: string;
  readonly date: CalendarDate;
  readonly cells: readonly {
    readonly studentId: string;
    /** Mark code; null takes the mark back. */
    readonly mark: string | null;
    readonly note?: string;
    /** `DayView.painted` of this pupil when the person began. */
    readonly painted: readonly EntryId[];
  }[];
}

export type SignInResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code:
        'badCredentials' | 'lockedOut' | 'offline' | 'serverTrouble' | 'storageFull' | 'appTooOld';
      /** For lockedOut: seconds until the next try. */
      readonly retryAfterSeconds?: number;
    };

export type UnlockResult =
  { readonly ok: true } | { readonly ok: false; readonly code: 'badPassword' | 'noVault' };

export type CommandResult =
  | { readonly ok: true; readonly entryIds: readonly EntryId[] }
  | { readonly ok: false; readonly code: 'denied' | 'storageFull' | 'storageTrouble' | 'locked' | 'invalid' };
