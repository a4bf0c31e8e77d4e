import { calendarDateAt } from '../domain/calendar/calendar-date.ts';
import { AutoLock } from './auto-lock.ts';
import { keepAuditNote, tellAuditNotes, type UseNote } from './audit-notes.ts';
import { confirmedGrants } from './confirmed-grants.ts';
import { openChannel, personChannelName, type PersonMessage } from './channel.ts';
import { openDeviceDatabase, type KnownDevice } from './device-database.ts';
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
import { isQuotaError } from './journal-writer.ts';
import { deriveInWorker } from './kdf.ts';
import { nextTask } from './next-task.ts';
import { PersonDatabase } from './person-database.ts';
import { grantsOf, personOf } from './person-of-profile.ts';
import { PersonVaults, type Profile, type UnlockedVault } from './person-vault.ts';
import type { SecondFactorProof } from './identity-api.ts';
import { endSession, type SessionAnswer } from './session-api.ts';
import { recordAttendance, type Writer } from './record-attendance.ts';
import { recordGuardian } from './record-guardian.ts';
import { singleSignOnPort } from './single-sign-on.ts';
import { Entry, type EntryHost } from './entry.ts';
import { arrive, identityOf, type OpenPerson } from './open-person.ts';
import { ScreenWatches } from './screen-watches.ts';
import { openTabChannel, type TabChannel } from './tab-channel.ts';
import type { Person, Query, ResultOf, SyncView } from './views.ts';
import { webCrypto } from './web-crypto.ts';
import { whereThereIsRoom } from './where-there-is-room.ts';
import { WorkerHost } from './worker-host.ts';
import type { FromWorker } from './worker/messages.ts';
import type { Grant } from '../access/subject.ts';
import { rosterContextOf } from '../access/roster-context.ts';

export interface DeviceOptions {
  /** Shown to the gateway: the app's version. */
  readonly app?: string;
  /** Idle minutes until the device locks by itself. */
  readonly autoLockMinutes?: number;
}

/** How long a sign-out waits for what is unsent to get away. */
const PARTING_MS = 3_000;

export function createDevice(options: DeviceOptions = {}): Device {
  return new BrowserDevice(options);
}

class BrowserDevice implements Device {
  readonly #app: string;
  readonly #listeners = new Set<() => void>();
  readonly #watches = new ScreenWatches({
    post: (message) => this.#open?.worker.post(message),
    more: () => ({ persisted: this.#persisted, diskFull: this.#disk.isFull }),
    onSync: (present, before) => this.#heardSync(present, before),
  });
  readonly #vaults = new PersonVaults(webCrypto, deriveInWorker);
  readonly #autoLock: AutoLock;
  readonly #known: Promise<KnownDevice>;
  readonly #entry: Entry = new Entry(this.#entryHost());
  readonly drafts = draftPort(() => this.#open?.drafts);
  readonly singleSignOn = singleSignOnPort({
    vaults: this.#vaults,
    deviceId: async () => (await this.#known).deviceId,
    present: () => this.#open && { db: this.#open.db, person: this.#open.profile.person },
    lock: () => this.lock(),
    refresh: (session) => this.#entry.refresh(session),
    enter: (session, open) =>
      this.#entry.enter(session, session.person.login, async () =>
        this.#entry.openRecords(session, await open()),
      ),
    keep: (write) => whereThereIsRoom(write),
  });
  readonly #disk = new DiskWatch(() => this.#diskChanged());
  #tabs: TabChannel | null = null;
  #state: DeviceState = { phase: 'starting' };
  #open: OpenPerson | null = null;
  #persisted: boolean | null = null;
  #deviceId = '';
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
      if (this.#disk.isFull) void this.#disk.look().catch(reportError);
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

  signIn(login: string, password: string, shown?: ShownProof): Promise<SignInResult> {
    return this.#entry.signIn(login, password, shown);
  }

  signInWithPasskey(): Promise<PasskeySignInResult> {
    return this.#entry.signInWithPasskey();
  }

  continueSession(proof: SecondFactorProof): Promise<SignInResult> {
    return this.#entry.continueSession(proof);
  }

  refreshSession(): Promise<void> {
    return this.#entry.refreshSession();
  }

  unlock(login: string, password: string): Promise<UnlockResult> {
    return this.#entry.unlock(login, password);
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
    await tellAuditNotes(open.db, open.profile.person.id);
  }

  watch<Q extends Query>(query: Q, listener: (result: ResultOf<Q>) => void): () => void {
    return this.#watches.watch(query, listener);
  }

  syncNow(): void {
    this.#open?.worker.post({ type: 'trigger', trigger: 'asked' });
  }

  async requestPersistence(): Promise<boolean> {
    this.#persisted = await navigator.storage.persist();
    this.#watches.passSyncAgain();
    return this.#persisted;
  }

  #entryHost(): EntryHost {
    const known = (): Promise<KnownDevice> => this.#known;
    return {
      get known() {
        return known();
      },
      vaults: this.#vaults,
      deviceId: () => this.#deviceId,
      present: () => this.#open,
      openPerson: (...person) => this.#openPerson(...person),
      takeProfile: (open, session) => this.#takeProfile(open, session),
      keepProfile: (...profile) => this.#keepProfile(...profile),
      lock: () => this.lock(),
      show: (open) => {
        if (this.#open === open) this.#setOpen(open);
      },
      setClock: (offsetMs) => this.#setClock(offsetMs),
      announce: (personId) => this.#tabs?.post({ type: 'sessionBegan', personId }),
      noteFull: () => this.#disk.noteFull(),
    };
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

  #shareable(): { personId: string; vault: UnlockedVault } | null {
    if (!this.#open) return null;
    const { generation, root } = this.#open.vault;
    return { personId: this.#open.profile.person.id, vault: { generation, root, master: null } };
  }

  async #openPerson(
    db: PersonDatabase,
    vault: UnlockedVault,
    profile: Profile,
    verified: boolean,
  ): Promise<void> {
    if (this.#open) await this.#close();
    const worker = new WorkerHost({
      onResult: (id, result) => this.#watches.pass(id, result),
      onMessage: (message) => this.#heardWorker(worker, message),
    });
    const open = await arrive({
      db,
      vault,
      profile,
      worker,
      channel: openChannel(personChannelName(profile.person.id), (message) => this.#heardTab(message)),
      vaults: this.#vaults,
      now: () => this.now(),
      verified,
    });
    this.#open = open;
    const [opened, contentKeys] = await Promise.all([
      worker.open(identityOf(open, this.#deviceId, this.#app), verified),
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
    this.#watches.askAgain();
    this.#autoLock.start();
    await nextTask();
    if (this.#open !== open) return;
    this.#setOpen(open);
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    this.#watches.forgetSync();
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

  #heardSync(present: SyncView, before: SyncView | null): void {
    this.#open?.renewal?.follow(present);
    if (this.#open && present.lastContactAt !== before?.lastContactAt) {
      const { db, profile } = this.#open;
      void tellAuditNotes(db, profile.person.id).catch(reportError);
    }
    if (present.phase === 'storageTrouble' && before?.phase !== 'storageTrouble')
      void this.#disk.look().catch(reportError);
  }

  #diskChanged(): void {
    this.#watches.passSyncAgain();
    // What found no room is tried again at once.
    if (!this.#disk.isFull) this.syncNow();
  }

  #grantsHere({ profile, lastContactAt }: OpenPerson): readonly Grant[] {
    return confirmedGrants(grantsOf(profile), this.#watches.lastContactAt ?? lastContactAt);
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
