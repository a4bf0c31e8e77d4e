import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import type { EntryId } from '../ledger/entry-id.ts';
import type { GuardianContact } from '../ledger/record-kinds.ts';
import type { UseNote } from './audit-notes.ts';
import type { DraftPort } from './draft-port.ts';
import type { SecondFactorProof, SecondFactorStep } from './identity-api.ts';
import type { SingleSignOnPort } from './single-sign-on.ts';
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

  /**
   * The same without a password first. The records here are locked by one: where they are not open, it is asked for
   * next, with `signIn(login, password, { kind: 'session' })`.
   */
  signInWithPasskey(): Promise<PasskeySignInResult>;
  /** Takes over what the school says of this person and session now, where it can be asked. */
  refreshSession(): Promise<void>;
  /** The second factor that `state.secondFactor` asks for. */
  continueSession(proof: SecondFactorProof): Promise<SignInResult>;
  /** First time on this device, or after a revocation: asks the gateway, makes the vault, starts the first sync. */
  signIn(login: string, password: string, shown?: ShownProof): Promise<SignInResult>;
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
  recordGuardian(command: RecordGuardian): Promise<CommandResult>;

  readonly drafts: DraftPort;
  readonly singleSignOn: SingleSignOnPort;

  /** Tells the school's access log what was done with this device, now or at the next contact. */
  noteUse(note: UseNote): Promise<void>;

  /** For a person with duties at several schools: which of them the screens are about from now on. */
  chooseSchool(code: string): Promise<void>;

  syncNow(): void;
  /** Asks the browser not to evict the storage; resolves to what it said. */
  requestPersistence(): Promise<boolean>;
}

export type DeviceState =
  | { readonly phase: 'starting' }
  /** Nobody is signed in; `logins` have a vault here and can unlock offline. */
  | { readonly phase: 'locked'; readonly logins: readonly string[] }
  | {
      readonly phase: 'open';
      readonly person: Person;
      /** The session has ended, the password was right, and the school asks for a second factor. */
      readonly secondFactor?: SecondFactorStep;
      /** What opens the records here is a password of this device, which the school does not know. */
      readonly devicePassword?: boolean;
    }
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

/** Whom to call for a pupil, in the order in which to call them. */
export interface RecordGuardian {
  readonly studentId: string;
  readonly contacts: readonly GuardianContact[];
  /** `ContactsView.painted` when the person began. */
  readonly painted: readonly EntryId[];
}

export type SignInResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code:
        | 'badCredentials'
        | 'badProof'
        | 'ticketOver'
        | 'lockedOut'
        | 'offline'
        | 'serverTrouble'
        | 'storageFull'
        | 'appTooOld'
        | 'passkeyCancelled'
        | 'noPasskeysHere'
        /** There is a session, and nothing is open in it until the person chose a password of their own. */
        | 'passwordChangeRequired';
      /** For lockedOut: seconds until the next try. */
      readonly retryAfterSeconds?: number;
    }
  /** The password was right; `signIn` again with the step's ticket. */
  | { readonly ok: false; readonly code: 'secondFactorRequired'; readonly step: SecondFactorStep };

/** What goes with the password: a second factor, or a session that has begun already. */
export type ShownProof =
  | { readonly kind: 'secondFactor'; readonly ticket: string; readonly proof: SecondFactorProof }
  | { readonly kind: 'session' };

export type PasskeySignInResult =
  /** `open`: the records here were open already, and nothing more is to be done. */
  | {
      readonly ok: true;
      readonly open: boolean;
      readonly login: string;
      readonly passwordChangeDue: boolean;
      /** The records here are, or will be, locked by a password of this device: see `singleSignOn`. */
      readonly devicePassword: boolean;
    }
  | Extract<SignInResult, { ok: false }>;

export type UnlockResult =
  { readonly ok: true } | { readonly ok: false; readonly code: 'badPassword' | 'noVault' };

export type CommandResult =
  | { readonly ok: true; readonly entryIds: readonly EntryId[] }
  | { readonly ok: false; readonly code: 'denied' | 'storageFull' | 'storageTrouble' | 'locked' | 'invalid' };
