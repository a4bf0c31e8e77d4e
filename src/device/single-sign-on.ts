import type { PasswordProblem } from '../access/password-rule.ts';
import { PersonDatabase } from './person-database.ts';
import type { PersonVaults, UnlockedVault } from './person-vault.ts';
import { askSession, type SessionAnswer } from './session-api.ts';
import { askProviderName, singleSignOnAddress } from './single-sign-on-api.ts';
import type { RoomResult } from './where-there-is-room.ts';

/**
 * Signing in by the board's provider. It gives no password, and what lies on a device is locked by one: a person who
 * signs in so has a password for each device, which never leaves it.
 */
export interface SingleSignOnPort {
  /** Null where there is no provider, or the school cannot be asked. */
  findProvider(): Promise<{ readonly name: string; readonly address: string } | null>;
  /** In a session that has begun without a password: whose it is, and what opens the records here. */
  arrive(): Promise<Arrival>;
  /** Opens the person's records here by the password of this device. */
  open(password: string): Promise<OpenResult>;
  /** Makes the records' place with a password for this device. What an older one left unsent is handed in sealed. */
  choosePassword(password: string): Promise<OpenResult>;
  /** Of the person at the device, whose records are locked by a password of this device. */
  changePassword(old: string, next: string): Promise<ChangeResult>;
}

export type Arrival =
  | {
      readonly ok: true;
      /** `schoolPassword`: somebody else gave one, and the school opens nothing until it is changed. */
      readonly step: 'none' | 'password' | 'newPassword' | 'schoolPassword';
      readonly login: string;
    }
  | { readonly ok: false; readonly code: SessionTrouble };

/** `signedOut`: there is no session at the school. */
type SessionTrouble = 'signedOut' | 'offline' | 'serverTrouble' | 'appTooOld';

export type OpenResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code:
        SessionTrouble | PasswordProblem | 'badPassword' | 'storageFull' | 'passwordChangeRequired';
    };

export type ChangeResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: PasswordProblem | 'badPassword' | 'passwordSame' | 'storageFull' };

/** What the device does for it. */
export interface SingleSignOnInside {
  readonly vaults: PersonVaults;
  deviceId(): Promise<string>;
  /** The person at the device. */
  present(): { readonly db: PersonDatabase; readonly person: SessionAnswer['person'] } | null;
  lock(): Promise<void>;
  /** Takes up a session of the person at the device. */
  refresh(session: SessionAnswer): Promise<void>;
  /** Opens a session's records with the vault that is given; `storageFull` where there was no room for it. */
  enter(session: SessionAnswer, open: () => Promise<Opened>): Promise<OpenResult>;
  /** Does it where there is room. */
  keep(write: () => Promise<unknown>): Promise<RoomResult>;
}

export interface Opened {
  readonly db: PersonDatabase;
  readonly vault: UnlockedVault;
  readonly isNew: boolean;
}

export function singleSignOnPort(inside: SingleSignOnInside): SingleSignOnPort {
  const { vaults } = inside;
  return {
    async findProvider() {
      const [name, deviceId] = await Promise.all([askProviderName(), inside.deviceId()]);
      return name === null ? null : { name, address: singleSignOnAddress(deviceId) };
    },

    async arrive() {
      const answer = await findSession();
      if (!answer.ok) return answer;
      const { session } = answer;
      const { id, login } = session.person;
      const present = inside.present();
      if (present && present.person.id !== id) await inside.lock();
      if (session.passwordChangeDue) return { ok: true, step: 'schoolPassword', login };
      if (inside.present()) {
        await inside.refresh(session);
        return { ok: true, step: 'none', login };
      }
      const db = new PersonDatabase(id);
      const found = await db.findVault();
      db.close();
      return { ok: true, step: found ? 'password' : 'newPassword', login };
    },

    async open(password) {
      const answer = await findSession();
      if (!answer.ok) return answer;
      const { session } = answer;
      if (session.passwordChangeDue) return { ok: false, code: 'passwordChangeRequired' };
      const db = new PersonDatabase(session.person.id);
      const vault = await vaults.open(db, session.person.id, password);
      if (typeof vault !== 'string')
        return inside.enter(session, () => Promise.resolve({ db, vault, isNew: false }));
      db.close();
      return { ok: false, code: 'badPassword' };
    },

    async choosePassword(password) {
      const answer = await findSession();
      if (!answer.ok) return answer;
      const { session } = answer;
      const { id } = session.person;
      if (session.passwordChangeDue) return { ok: false, code: 'passwordChangeRequired' };
      const problem = await problemOf(password, session.person);
      if (problem) return { ok: false, code: problem };
      return inside.enter(session, async () => {
        const db = new PersonDatabase(id);
        return { db, vault: await vaults.create(db, id, password, true), isNew: true };
      });
    },

    async changePassword(old, next) {
      const present = inside.present();
      if (!present) return { ok: false, code: 'badPassword' };
      const { db, person } = present;
      const vault = await vaults.open(db, person.id, old);
      if (typeof vault === 'string') return { ok: false, code: 'badPassword' };
      if (old.normalize('NFKC') === next.normalize('NFKC')) return { ok: false, code: 'passwordSame' };
      const problem = await problemOf(next, person);
      if (problem) return { ok: false, code: problem };
      const kept = await inside.keep(() => vaults.rewrap(db, person.id, vault, next, true));
      vault.master?.fill(0);
      return kept;
    },
  };
}

async function findSession(): Promise<
  { ok: true; session: SessionAnswer } | { ok: false; code: SessionTrouble }
> {
  const answer = await askSession();
  if (answer.ok) return answer;
  const { code } = answer;
  if (code === 'badCredentials') return { ok: false, code: 'signedOut' };
  return { ok: false, code: code === 'offline' || code === 'appTooOld' ? code : 'serverTrouble' };
}

/** The school's own rule for passwords: who has the disk in hand may try as many as there is time for. */
async function problemOf(
  password: string,
  { login, name }: SessionAnswer['person'],
): Promise<PasswordProblem | null> {
  // Apart from the shell: few ever choose a password here.
  const { findPasswordProblem } = await import('../access/password-rule.ts');
  return findPasswordProblem(password, [login, name]);
}
