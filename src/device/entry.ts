import type { KnownDevice, KnownPerson } from './device-database.ts';
import type { PasskeySignInResult, ShownProof, SignInResult, UnlockResult } from './device.ts';
import type { SecondFactorProof, SecondFactorStep } from './identity-api.ts';
import { isQuotaError } from './journal-writer.ts';
import { nextTask } from './next-task.ts';
import type { OpenPerson } from './open-person.ts';
import { PersonDatabase } from './person-database.ts';
import type { PersonVaults, Profile, UnlockedVault } from './person-vault.ts';
import {
  askSession,
  beginSession,
  beginSessionWithPasskey,
  continueSession,
  showPassword,
  type SessionAnswer,
  type SessionResult,
} from './session-api.ts';
import { SessionRenewal, type Credentials } from './session-renewal.ts';
import type { Opened } from './single-sign-on.ts';
import { whereThereIsRoom, type RoomResult } from './where-there-is-room.ts';

/** What the ways in need of the device they lead into. */
export interface EntryHost {
  readonly known: Promise<KnownDevice>;
  readonly vaults: PersonVaults;
  deviceId(): string;
  present(): OpenPerson | null;
  openPerson(db: PersonDatabase, vault: UnlockedVault, profile: Profile, verified: boolean): Promise<void>;
  takeProfile(open: OpenPerson, session: SessionAnswer): Promise<void>;
  keepProfile(db: PersonDatabase, vault: UnlockedVault, profile: Profile): Promise<void>;
  lock(): Promise<void>;
  /** Shows what has changed of the person who is here. */
  show(open: OpenPerson): void;
  setClock(offsetMs: number): void;
  /** Tells the other tabs whose session it is now. */
  announce(personId: string): void;
  noteFull(): void;
}

/** The ways into this device: signing in at the school, unlocking without it, and beginning a session anew. */
export class Entry {
  readonly #host: EntryHost;

  constructor(host: EntryHost) {
    this.#host = host;
  }

  async signIn(login: string, password: string, shown?: ShownProof): Promise<SignInResult> {
    const known = await this.#host.known;
    const answer = await this.#askForSession(known, login, password, shown);
    if (!answer.ok) return answer;
    const { session } = answer;
    if (session.passwordChangeDue) {
      this.#host.setClock(session.serverNow - Date.now());
      return { ok: false, code: 'passwordChangeRequired' };
    }
    return this.enter(session, login, async () => {
      const open = this.#host.present();
      if (open) await this.#signInAgain(open, session, password);
      else await this.openRecords(session, await this.#findOrMakeVault(session, password));
    });
  }

  /** A session has begun: its person's records are opened, and the other tabs hear of it. */
  async enter(session: SessionAnswer, login: string, open: () => Promise<void>): Promise<RoomResult> {
    const known = await this.#host.known;
    const personId = session.person.id;
    this.#host.setClock(session.serverNow - Date.now());
    await this.#lockForOther(personId);
    const entered = await whereThereIsRoom(async () => {
      await open();
      await nextTask();
      await this.#remember(known, { personId, login, lastUsedAt: Date.now() });
    });
    if (entered.ok) this.#host.announce(personId);
    return entered;
  }

  async signInWithPasskey(): Promise<PasskeySignInResult> {
    const known = await this.#host.known;
    const answer = await beginSessionWithPasskey(known.deviceId);
    if (!answer.ok) return answer;
    const { person, passwordChangeDue } = answer.session;
    this.#host.setClock(answer.session.serverNow - Date.now());
    await this.#lockForOther(person.id);
    const present = passwordChangeDue ? null : this.#host.present();
    const open = present !== null;
    if (present) await this.#signInAgain(present, answer.session, null);
    this.#host.announce(person.id);
    const devicePassword = !open && (await this.#hasDevicePassword(answer.session));
    return { ok: true, open, login: person.login, passwordChangeDue, devicePassword };
  }

  /** Somebody else's records are closed before these are opened. */
  async #lockForOther(personId: string): Promise<void> {
    const open = this.#host.present();
    if (open && open.profile.person.id !== personId) await this.#host.lock();
  }

  async #hasDevicePassword({ person, hasPassword }: SessionAnswer): Promise<boolean> {
    const db = new PersonDatabase(person.id);
    const found = await db.findVault();
    const isOfDevice = found ? await this.#host.vaults.hasDevicePassword(db) : !hasPassword;
    db.close();
    return isOfDevice;
  }

  async continueSession(proof: SecondFactorProof): Promise<SignInResult> {
    const open = this.#host.present();
    if (!open?.secondFactor) return { ok: false, code: 'ticketOver' };
    const answer = await continueSession(open.secondFactor.ticket, proof, this.#host.deviceId());
    if (this.#host.present() !== open) return { ok: false, code: 'ticketOver' };
    if (!answer.ok) {
      if (answer.code === 'ticketOver') this.#askSecondFactor(open, null);
      return answer;
    }
    if (answer.session.passwordChangeDue) return { ok: false, code: 'passwordChangeRequired' };
    await this.#signInAgain(open, answer.session, null);
    this.#host.announce(answer.session.person.id);
    return { ok: true };
  }

  async refreshSession(): Promise<void> {
    const open = this.#host.present();
    const answer = await askSession();
    if (!open || this.#host.present() !== open || !answer.ok) return;
    if (answer.session.person.id === open.profile.person.id)
      await this.#signInAgain(open, answer.session, null);
  }

  async refresh(session: SessionAnswer): Promise<void> {
    this.#host.setClock(session.serverNow - Date.now());
    const open = this.#host.present();
    if (open) await this.#signInAgain(open, session, null);
    this.#host.announce(session.person.id);
  }

  #askForSession(
    { deviceId }: KnownDevice,
    login: string,
    password: string,
    shown: ShownProof | undefined,
  ): Promise<SessionResult> {
    if (!shown) return beginSession(login, password, deviceId);
    return shown.kind === 'session'
      ? showPassword(password)
      : continueSession(shown.ticket, shown.proof, deviceId);
  }

  #askSecondFactor(open: OpenPerson, step: SecondFactorStep | null): void {
    if (this.#host.present() !== open) return;
    open.secondFactor = step;
    this.#host.show(open);
  }

  async unlock(login: string, password: string): Promise<UnlockResult> {
    const known = await this.#host.known;
    const person = await known.findPerson(login);
    if (!person) return { ok: false, code: 'noVault' };
    const db = new PersonDatabase(person.personId);
    const vault = await this.#host.vaults.open(db, person.personId, password);
    if (vault === 'none') return { ok: false, code: 'noVault' };
    if (vault === 'badPassword') return { ok: false, code: 'badPassword' };
    const profile = await this.#host.vaults.readProfile(db, vault);
    if (!profile) return { ok: false, code: 'noVault' };
    await this.#host.openPerson(db, vault, profile, false);
    await nextTask();
    await this.#remember(known, { ...person, lastUsedAt: Date.now() });
    const open = this.#host.present();
    if (open && !open.devicePassword) {
      open.renewal = this.#renewal(open, { login, password });
      open.renewal.try();
    }
    return { ok: true };
  }

  #renewal(open: OpenPerson, credentials: Credentials): SessionRenewal {
    const personId = open.profile.person.id;
    const takeUp = async (session: SessionAnswer, password: string): Promise<void> => {
      if (this.#host.present() !== open) return;
      await this.#signInAgain(open, session, password);
      this.#host.announce(personId);
    };
    return new SessionRenewal(personId, this.#host.deviceId(), credentials, takeUp, (step) =>
      this.#askSecondFactor(open, step),
    );
  }

  async #findOrMakeVault({ person }: SessionAnswer, password: string): Promise<Opened> {
    const db = new PersonDatabase(person.id);
    const found = await this.#host.vaults.open(db, person.id, password);
    return typeof found === 'string'
      ? { db, vault: await this.#host.vaults.create(db, person.id, password), isNew: true }
      : { db, vault: found, isNew: false };
  }

  async openRecords(session: SessionAnswer, { db, vault, isNew }: Opened): Promise<void> {
    if (isNew) await this.#host.vaults.saveProfile(db, vault, session);
    else await this.#host.keepProfile(db, vault, session);
    await this.#host.openPerson(db, vault, session, true);
  }

  /** The same person, already open: the session had ended, or the password is another now; null: none was typed. */
  async #signInAgain(open: OpenPerson, session: SessionAnswer, password: string | null): Promise<void> {
    const personId = session.person.id;
    open.secondFactor = null;
    const found = password !== null && (await this.#host.vaults.open(open.db, personId, password));
    if (password !== null && found === 'badPassword') {
      const isSchools = await this.#host.vaults.rewrap(open.db, personId, open.vault, password);
      if (isSchools) open.devicePassword = false;
    }
    await this.#host.takeProfile(open, session);
    open.worker.post({ type: 'sessionChanged' });
    open.channel.post({ type: 'signedIn' });
  }

  /** For who is on the list already it is only the list's order. */
  async #remember(known: KnownDevice, person: KnownPerson): Promise<void> {
    try {
      await known.remember(person);
    } catch (error) {
      const listed = isQuotaError(error) && (await known.findPerson(person.login));
      if (!listed || listed.personId !== person.personId) throw error;
      this.#host.noteFull();
    }
  }
}
