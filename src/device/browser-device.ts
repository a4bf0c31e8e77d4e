import { calendarDateAt } from '../domain/calendar/calendar-date.ts';
import type { StreamKey } from '../ledger/stream.ts';
import { AutoLock } from './auto-lock.ts';
import { keepAuditNote, sendAuditNotes, type UseNote } from './audit-notes.ts';
import { OwnWrites } from './attendance-entry.ts';
import { confirmedGrants } from './confirmed-grants.ts';
import { openChannel, personChannelName, type Channel, type PersonMessage } from './channel.ts';
import { openDeviceDatabase, type KnownDevice, type KnownPerson } from './device-database.ts';
import { DiskWatch } from './disk-watch.ts';
import type {
  CommandResult,
  Device,
  DeviceState,
  PasskeySignInResult,
  RecordAttendance,
  RecordGuardian,
  ShownProof,
  SignInResult,
  UnlockResult,
} from './device.ts';
import { draftPort } from './draft-port.ts';
import { Drafts } from './drafts.ts';
import { isQuotaError } from './journal-writer.ts';
import { deriveInWorker } from './kdf.ts';
import { nextTask } from './next-task.ts';
import { PersonDatabase } from './person-database.ts';
import { grantsOf, personOf } from './person-of-profile.ts';
import { PersonVaults, type Profile, type UnlockedVault } from './person-vault.ts';
import type { SecondFactorProof, SecondFactorStep } from './identity-api.ts';
import {
  askSession,
  beginSession,
  beginSessionWithPasskey,
  continueSession,
  endSession,
  showPassword,
  type SessionAnswer,
  type SessionResult,
} from './session-api.ts';
import { recordAttendance, type Writer } from './record-attendance.ts';
import { recordGuardian } from './record-guardian.ts';
import { SessionRenewal, type Credentials } from './session-renewal.ts';
import { singleSignOnPort, type Opened } from './single-sign-on.ts';
import { openTabChannel, type TabChannel } from './tab-channel.ts';
import type { Person, Query, ResultOf, SyncView } from './views.ts';
import { webCrypto } from './web-crypto.ts';
import { whereThereIsRoom, type RoomResult } from './where-there-is-room.ts';
import { WorkerHost } from './worker-host.ts';
import type { FromWorker } from './worker/messages.ts';
import type { Grant } from '../access/subject.ts';
import type { RosterContext } from '../access/register-access.ts';
import { rosterContextOf } from '../access/roster-context.ts';
import type { ContentKey } from '../vault/sealing.ts';

export interface DeviceOptions {
  /** Shown to the gateway: the app's version. */
  readonly app?: string;
  /** Idle minutes until the device locks by itself. */
  readonly autoLockMinutes?: number;
}

/** How long a sign-out waits for what is unsent to get away. */
const PARTING_MS = 3_000;

interface Watch {
  readonly query: Query;
  readonly listener: (result: never) => void;
}

/** One person's open vault in this tab. */
interface OpenPerson {
  readonly db: PersonDatabase;
  readonly vault: UnlockedVault;
  readonly worker: WorkerHost;
  readonly channel: Channel<PersonMessage>;
  readonly own: OwnWrites;
  readonly drafts: Drafts;
  readonly rosters: Map<StreamKey, RosterContext>;
  profile: Profile;
  /** The school that the person has chosen, of several. */
  school: string | null;
  /** When the school last confirmed the profile, before this tab heard of a contact. */
  readonly lastContactAt: number | null;
  contentKeys: ReadonlyMap<string, ContentKey>;
  /** After an unlock: the session may have ended meanwhile. */
  renewal: SessionRenewal | null;
  /** What the school asks for before it begins a new one. */
  secondFactor: SecondFactorStep | null;
  /** The vault's password was chosen on this device: the school is never asked with it. */
  devicePassword: boolean;
}

export function createDevice(options: DeviceOptions = {}): Device {
  return new BrowserDevice(options);
}

class BrowserDevice implements Device {
  readonly #app: string;
  readonly #listeners = new Set<() => void>();
  readonly #watches = new Map<number, Watch>();
  readonly #vaults = new PersonVaults(webCrypto, deriveInWorker);
  readonly #autoLock: AutoLock;
  readonly #known: Promise<KnownDevice>;
  readonly drafts = draftPort(() => this.#open?.drafts);
  readonly singleSignOn = singleSignOnPort({
    vaults: this.#vaults,
    deviceId: async () => (await this.#known).deviceId,
    present: () => this.#open && { db: this.#open.db, person: this.#open.profile.person },
    lock: () => this.lock(),
    refresh: (session) => this.#refresh(session),
    enter: (session, open) =>
      this.#enter(session, session.person.login, async () => this.#openRecords(session, await open())),
    keep: (write) => whereThereIsRoom(write),
  });
  readonly #disk = new DiskWatch(() => this.#diskChanged());
  #tabs: TabChannel | null = null;
  #state: DeviceState = { phase: 'starting' };
  #open: OpenPerson | null = null;
  #nextWatch = 1;
  #persisted: boolean | null = null;
  #deviceId = '';
  #lastSync: SyncView | null = null;
  /** What this device's clock must be moved by to be the school's, milliseconds. */
  #clockOffset = 0;

  constructor(options: DeviceOptions) {
    this.#app = options.app ?? 'amenimo';
    this.#autoLock = new AutoLock(
      options.autoLockMinutes ?? 15,
      () => void this.lock(),
      () => this.#open?.channel.post({ type: 'active' }),
    );
    this.#known = this.#start();
    this.#known.catch(() => undefined);
    addEventListener('online', () => this.#open?.worker.post({ type: 'trigger', trigger: 'online' }));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') return;
      this.#open?.worker.post({ type: 'trigger', trigger: 'visible' });
      if (this.#disk.isFull) this.#lookAtDisk();
    });
  }

  get state(): DeviceState {
    return this.#state;
  }

  now(): number {
    return Date.now() + this.#clockOffset;
  }

  onStateChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async signIn(login: string, password: string, shown?: ShownProof): Promise<SignInResult> {
    const known = await this.#known;
    const answer = await this.#askForSession(known, login, password, shown);
    if (!answer.ok) return answer;
    const { session } = answer;
    if (session.passwordChangeDue) {
      this.#setClock(session.serverNow - Date.now());
      return { ok: false, code: 'passwordChangeRequired' };
    }
    return this.#enter(session, login, async () => {
      if (this.#open) await this.#signInAgain(this.#open, session, password);
      else await this.#openRecords(session, await this.#findOrMakeVault(session, password));
    });
  }

  /** A session has begun: its person's records are opened, and the other tabs hear of it. */
  async #enter(session: SessionAnswer, login: string, open: () => Promise<void>): Promise<RoomResult> {
    const known = await this.#known;
    const personId = session.person.id;
    this.#setClock(session.serverNow - Date.now());
    if (this.#open && this.#open.profile.person.id !== personId) await this.lock();
    const entered = await whereThereIsRoom(async () => {
      await open();
      await nextTask();
      await this.#remember(known, { personId, login, lastUsedAt: Date.now() });
    });
    if (entered.ok) this.#tabs?.post({ type: 'sessionBegan', personId });
    return entered;
  }

  async signInWithPasskey(): Promise<PasskeySignInResult> {
    const known = await this.#known;
    const answer = await beginSessionWithPasskey(known.deviceId);
    if (!answer.ok) return answer;
    const { person, passwordChangeDue } = answer.session;
    this.#setClock(answer.session.serverNow - Date.now());
    if (this.#open && this.#open.profile.person.id !== person.id) await this.lock();
    const open = this.#open !== null && !passwordChangeDue;
    if (open && this.#open) await this.#signInAgain(this.#open, answer.session, null);
    this.#tabs?.post({ type: 'sessionBegan', personId: person.id });
    const devicePassword = !open && (await this.#hasDevicePassword(answer.session));
    return { ok: true, open, login: person.login, passwordChangeDue, devicePassword };
  }

  async #hasDevicePassword({ person, hasPassword }: SessionAnswer): Promise<boolean> {
    const db = new PersonDatabase(person.id);
    const found = await db.findVault();
    const isOfDevice = found ? await this.#vaults.hasDevicePassword(db) : !hasPassword;
    db.close();
    return isOfDevice;
  }

  async continueSession(proof: SecondFactorProof): Promise<SignInResult> {
    const open = this.#open;
    if (!open?.secondFactor) return { ok: false, code: 'ticketOver' };
    const answer = await continueSession(open.secondFactor.ticket, proof, this.#deviceId);
    if (this.#open !== open) return { ok: false, code: 'ticketOver' };
    if (!answer.ok) {
      if (answer.code === 'ticketOver') this.#askSecondFactor(open, null);
      return answer;
    }
    if (answer.session.passwordChangeDue) return { ok: false, code: 'passwordChangeRequired' };
    await this.#signInAgain(open, answer.session, null);
    this.#tabs?.post({ type: 'sessionBegan', personId: answer.session.person.id });
    return { ok: true };
  }

  async refreshSession(): Promise<void> {
    const open = this.#open;
    const answer = await askSession();
    if (!open || this.#open !== open || !answer.ok) return;
    if (answer.session.person.id === open.profile.person.id)
      await this.#signInAgain(open, answer.session, null);
  }

  async #refresh(session: SessionAnswer): Promise<void> {
    this.#setClock(session.serverNow - Date.now());
    if (this.#open) await this.#signInAgain(this.#open, session, null);
    this.#tabs?.post({ type: 'sessionBegan', personId: session.person.id });
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
    if (this.#open !== open) return;
    open.secondFactor = step;
    this.#setOpen(open);
  }

  async unlock(login: string, password: string): Promise<UnlockResult> {
    const known = await this.#known;
    const person = await known.findPerson(login);
    if (!person) return { ok: false, code: 'noVault' };
    const db = new PersonDatabase(person.personId);
    const vault = await this.#vaults.open(db, person.personId, password);
    if (vault === 'none') return { ok: false, code: 'noVault' };
    if (vault === 'badPassword') return { ok: false, code: 'badPassword' };
    const profile = await this.#vaults.readProfile(db, vault);
    if (!profile) return { ok: false, code: 'noVault' };
    await this.#openPerson(db, vault, profile, false);
    await nextTask();
    await this.#remember(known, { ...person, lastUsedAt: Date.now() });
    if (this.#open && !this.#open.devicePassword) {
      this.#open.renewal = this.#renewal(this.#open, { login, password });
      this.#open.renewal.try();
    }
    return { ok: true };
  }

  async lock(): Promise<void> {
    this.#open?.channel.post({ type: 'lock' });
    await this.#close();
  }

  async signOut(): Promise<void> {
    const open = this.#open;
    if (open) {
      open.worker.post({ type: 'trigger', trigger: 'asked' });
      await open.worker.quiet(PARTING_MS);
    }
    await Promise.race([endSession(), new Promise((resolve) => setTimeout(resolve, PARTING_MS))]);
    await this.lock();
  }

  watch<Q extends Query>(query: Q, listener: (result: ResultOf<Q>) => void): () => void {
    const id = this.#nextWatch++;
    this.#watches.set(id, { query, listener });
    this.#open?.worker.post({ type: 'watch', id, query });
    return () => {
      this.#watches.delete(id);
      this.#open?.worker.post({ type: 'unwatch', id });
    };
  }

  recordAttendance(command: RecordAttendance): Promise<CommandResult> {
    return this.#write((writer) => recordAttendance(writer, command));
  }

  recordGuardian(command: RecordGuardian): Promise<CommandResult> {
    return this.#write((writer) => recordGuardian(writer, command));
  }

  async #write(write: (writer: Writer) => Promise<CommandResult>): Promise<CommandResult> {
    const open = this.#open;
    if (!open) return { ok: false, code: 'locked' };
    const { worker, vault, ...writer } = open;
    const result = await write({
      ...writer,
      generation: vault.generation,
      device: this.#deviceId,
      grants: this.#grantsHere(open),
      schoolCode: this.#personHere(open).schoolCode,
      now: this.now(),
      tellWorker: (message) => worker.post(message),
    });
    if (!result.ok && result.code === 'storageFull') this.#disk.noteFull();
    return result;
  }

  async chooseSchool(code: string): Promise<void> {
    const open = this.#open;
    if (!open) return;
    open.school = code;
    open.worker.post({ type: 'school', school: code });
    this.#setOpen(open);
    try {
      await open.db.writeMeta('school', code);
    } catch (error) {
      // It is chosen for now; a full disk only forgets it.
      if (!isQuotaError(error)) throw error;
    }
  }

  async noteUse(note: UseNote): Promise<void> {
    const open = this.#open;
    if (!open) return;
    try {
      await keepAuditNote(open.db, { ...note, happenedAt: this.now() });
    } catch (error) {
      if (!isQuotaError(error)) throw error;
      this.#disk.noteFull();
    }
    await this.#sendNotes(open);
  }

  async #sendNotes({ db, profile }: OpenPerson): Promise<void> {
    try {
      await sendAuditNotes(db, profile.person.id);
    } catch (error) {
      // Locked meanwhile: they are kept, and told after the next unlock.
      if (db.isOpen()) throw error;
    }
  }

  syncNow(): void {
    this.#open?.worker.post({ type: 'trigger', trigger: 'asked' });
  }

  async requestPersistence(): Promise<boolean> {
    this.#persisted = await navigator.storage.persist();
    this.#passSync();
    return this.#persisted;
  }

  async #start(): Promise<KnownDevice> {
    try {
      const problem = await this.#disk.look();
      // A full disk can be read all the same; what cannot be written is said when it is.
      if (problem && problem !== 'storageFull') {
        this.#setState({ phase: 'unusable', reason: problem });
        throw new Error(`this browser cannot keep data: ${problem}`);
      }
      const known = await openDeviceDatabase();
      this.#deviceId = known.deviceId;
      this.#tabs = openTabChannel({
        onSessionBegan: (personId) => this.#sessionBeganElsewhere(personId),
        sharedSession: () => this.#shareable(),
      });
      const shared = await this.#tabs.askForSession();
      if (!shared || !(await this.#join(shared.personId, shared.vault))) await this.#setLocked(known);
      this.#persisted = await navigator.storage.persisted();
      return known;
    } catch (error) {
      const reason = isQuotaError(error) ? 'storageFull' : 'storageHangs';
      if (this.#state.phase === 'starting') this.#setState({ phase: 'unusable', reason });
      throw error;
    }
  }

  /** A vault that another tab holds open needs no second password. */
  async #join(personId: string, vault: UnlockedVault): Promise<boolean> {
    const db = new PersonDatabase(personId);
    const profile = await this.#vaults.readProfile(db, vault);
    if (!profile) return false;
    await this.#openPerson(db, vault, profile, false);
    return this.#open !== null;
  }

  #renewal(open: OpenPerson, credentials: Credentials): SessionRenewal {
    const personId = open.profile.person.id;
    const takeUp = async (session: SessionAnswer, password: string): Promise<void> => {
      if (this.#open !== open) return;
      await this.#signInAgain(open, session, password);
      this.#tabs?.post({ type: 'sessionBegan', personId });
    };
    return new SessionRenewal(personId, this.#deviceId, credentials, takeUp, (step) =>
      this.#askSecondFactor(open, step),
    );
  }

  #shareable(): { personId: string; vault: UnlockedVault } | null {
    if (!this.#open) return null;
    const { generation, root } = this.#open.vault;
    return { personId: this.#open.profile.person.id, vault: { generation, root, master: null } };
  }

  async #findOrMakeVault({ person }: SessionAnswer, password: string): Promise<Opened> {
    const db = new PersonDatabase(person.id);
    const found = await this.#vaults.open(db, person.id, password);
    return typeof found === 'string'
      ? { db, vault: await this.#vaults.create(db, person.id, password), isNew: true }
      : { db, vault: found, isNew: false };
  }

  async #openRecords(session: SessionAnswer, { db, vault, isNew }: Opened): Promise<void> {
    if (isNew) await this.#vaults.saveProfile(db, vault, session);
    else await this.#keepProfile(db, vault, session);
    await this.#openPerson(db, vault, session, true);
  }

  /** The same person, already open: the session had ended, or the password is another now; null: none was typed. */
  async #signInAgain(open: OpenPerson, session: SessionAnswer, password: string | null): Promise<void> {
    const personId = session.person.id;
    open.secondFactor = null;
    const found = password !== null && (await this.#vaults.open(open.db, personId, password));
    if (password !== null && found === 'badPassword') {
      const isSchools = await this.#vaults.rewrap(open.db, personId, open.vault, password);
      if (isSchools) open.devicePassword = false;
    }
    await this.#takeProfile(open, session);
    open.worker.post({ type: 'sessionChanged' });
    open.channel.post({ type: 'signedIn' });
  }

  async #openPerson(
    db: PersonDatabase,
    vault: UnlockedVault,
    profile: Profile,
    verified: boolean,
  ): Promise<void> {
    if (this.#open) await this.#close();
    const [lastContactAt, school, devicePassword] = await Promise.all([
      verified ? this.now() : db.readMeta('lastContactAt'),
      db.readMeta('school'),
      this.#vaults.hasDevicePassword(db),
    ]);
    const worker = new WorkerHost({
      onResult: (id, result) => this.#passResult(id, result),
      onMessage: (message) => this.#heardWorker(worker, message),
    });
    const open: OpenPerson = {
      db,
      vault,
      worker,
      channel: openChannel(personChannelName(profile.person.id), (message) => this.#heardTab(message)),
      own: new OwnWrites(),
      drafts: new Drafts(
        { db, keys: () => this.#vaults.draftKeys(db, vault), now: () => this.now() },
        webCrypto,
      ),
      rosters: new Map(),
      profile,
      school: school ?? null,
      lastContactAt: lastContactAt ?? null,
      contentKeys: new Map(),
      renewal: null,
      secondFactor: null,
      devicePassword,
    };
    this.#open = open;
    const { person, streams } = profile;
    const identity = {
      personId: person.id,
      grants: grantsOf(profile),
      streams: streams.map((stream) => stream.key),
      school: open.school,
      generation: vault.generation,
      root: vault.root,
      device: this.#deviceId,
      app: this.#app,
    };
    const [opened, contentKeys] = await Promise.all([
      worker.open(identity, verified),
      this.#vaults.contentKeys(db, vault, profile),
    ]);
    if (this.#open !== open) return;
    if (!opened.ok) {
      await this.#close();
      const isFull = (await this.#disk.look().catch(() => null)) === 'storageFull';
      this.#setState({ phase: 'unusable', reason: isFull ? 'storageFull' : opened.reason });
      return;
    }
    open.contentKeys = contentKeys;
    // Opens the connection before the first tap needs it.
    if (!db.isOpen()) await db.open();
    for (const [id, { query }] of this.#watches) worker.post({ type: 'watch', id, query });
    this.#autoLock.start();
    await nextTask();
    if (this.#open !== open) return;
    this.#setOpen(open);
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    this.#lastSync = null;
    this.#autoLock.stop();
    if (open) {
      open.renewal?.end();
      open.worker.terminate();
      open.channel.close();
      await open.drafts.close();
      open.db.close();
      open.vault.master?.fill(0);
    }
    if (this.#state.phase === 'open') await this.#setLocked(await this.#known);
  }

  async #setLocked(known: KnownDevice): Promise<void> {
    const persons = await known.persons();
    if (this.#open) return;
    this.#setState({ phase: 'locked', logins: persons.map((person) => person.login) });
  }

  async #takeProfile(open: OpenPerson, session: SessionAnswer): Promise<void> {
    const { person, streams, sealing, factors, secondFactor } = session;
    open.profile = { person, streams, sealing, factors, secondFactor };
    await this.#keepProfile(open.db, open.vault, open.profile);
    open.contentKeys = await this.#vaults.contentKeys(open.db, open.vault, open.profile);
    if (this.#open !== open) return;
    this.#postProfile(open);
    open.channel.post({ type: 'profile' });
  }

  /** What finds no room is told again at the next contact: a full disk must not keep anybody from what is on it. */
  async #keepProfile(db: PersonDatabase, vault: UnlockedVault, profile: Profile): Promise<void> {
    try {
      await this.#vaults.saveProfile(db, vault, profile);
    } catch (error) {
      if (!isQuotaError(error)) throw error;
      this.#disk.noteFull();
    }
  }

  /** For who is on the list already it is only the list's order. */
  async #remember(known: KnownDevice, person: KnownPerson): Promise<void> {
    try {
      await known.remember(person);
    } catch (error) {
      const listed = isQuotaError(error) && (await known.findPerson(person.login));
      if (!listed || listed.personId !== person.personId) throw error;
      this.#disk.noteFull();
    }
  }

  #postProfile(open: OpenPerson): void {
    const streams = open.profile.streams.map((stream) => stream.key);
    open.worker.post({ type: 'profile', grants: grantsOf(open.profile), streams });
    this.#setOpen(open);
  }

  #heardWorker(
    worker: WorkerHost,
    message: Extract<FromWorker, { type: 'enrollments' | 'clock' | 'session' }>,
  ): void {
    const open = this.#open;
    if (open?.worker !== worker) return;
    if (message.type === 'clock') this.#setClock(message.offsetMs);
    else if (message.type === 'enrollments') open.rosters.set(message.stream, rosterContextOf(message));
    else void this.#takeProfile(open, message.session).catch(reportError);
  }

  #heardTab(message: PersonMessage): void {
    if (message.type === 'lock') void this.#close();
    else if (message.type === 'active') this.#autoLock.touch();
    else if (message.type === 'profile' && this.#open) void this.#rereadProfile(this.#open);
  }

  async #rereadProfile(open: OpenPerson): Promise<void> {
    const profile = await this.#vaults.readProfile(open.db, open.vault).catch((error: unknown) => {
      // Locked meanwhile: the next unlock reads it.
      if (this.#open === open) reportError(error);
      return null;
    });
    if (!profile || this.#open !== open) return;
    open.profile = profile;
    open.contentKeys = await this.#vaults.contentKeys(open.db, open.vault, profile);
    if (this.#open === open) this.#postProfile(open);
  }

  /** Somebody else's cookie is in this browser now: nothing of this person's may go up with it. */
  #sessionBeganElsewhere(personId: string): void {
    if (this.#open && this.#open.profile.person.id !== personId)
      this.#open.worker.post({ type: 'sessionChanged' });
  }

  #passResult(id: number, result: unknown): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    if (watch.query.type !== 'sync') return watch.listener(result as never);
    const before = this.#lastSync;
    this.#lastSync = result as SyncView;
    this.#open?.renewal?.follow(this.#lastSync);
    if (this.#open && this.#lastSync.lastContactAt !== before?.lastContactAt) {
      void this.#sendNotes(this.#open).catch(reportError);
    }
    if (this.#lastSync.phase === 'storageTrouble' && before?.phase !== 'storageTrouble') this.#lookAtDisk();
    watch.listener({
      ...this.#lastSync,
      persisted: this.#persisted,
      diskFull: this.#disk.isFull,
    } as never);
  }

  #lookAtDisk(): void {
    this.#disk.look().catch(reportError);
  }

  #diskChanged(): void {
    this.#passSync();
    // What found no room is tried again at once.
    if (!this.#disk.isFull) this.syncNow();
  }

  #passSync(): void {
    if (!this.#lastSync) return;
    for (const [id, { query }] of this.#watches)
      if (query.type === 'sync') this.#passResult(id, this.#lastSync);
  }

  #grantsHere({ profile, lastContactAt }: OpenPerson): readonly Grant[] {
    return confirmedGrants(grantsOf(profile), this.#lastSync?.lastContactAt ?? lastContactAt);
  }

  #personHere(open: OpenPerson): Person {
    return personOf(open.profile, this.#grantsHere(open), calendarDateAt(this.now()), open.school);
  }

  #setClock(offsetMs: number): void {
    this.#clockOffset = offsetMs;
    this.#notify();
  }

  #setOpen(open: OpenPerson): void {
    const { secondFactor, devicePassword } = open;
    const person = this.#personHere(open);
    this.#setState({
      phase: 'open',
      person,
      ...(devicePassword && { devicePassword }),
      ...(secondFactor && { secondFactor }),
    });
  }

  #setState(state: DeviceState): void {
    this.#state = state;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
