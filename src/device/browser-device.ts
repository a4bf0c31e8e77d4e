import type { Json } from '../ledger/canonical.ts';
import type { StreamKey } from '../ledger/stream.ts';
import { AutoLock } from './auto-lock.ts';
import { OwnWrites } from './attendance-entry.ts';
import { confirmedGrants } from './confirmed-grants.ts';
import { openChannel, personChannelName, type Channel, type PersonMessage } from './channel.ts';
import { openDeviceDatabase, type KnownDevice } from './device-database.ts';
import type {
  CommandResult,
  Device,
  DeviceState,
  RecordAttendance,
  SignInResult,
  UnlockResult,
} from './device.ts';
import { Drafts, type Draft, type DraftResult } from './drafts.ts';
import { isQuotaError } from './journal-writer.ts';
import { deriveInWorker } from './kdf.ts';
import { nextTask } from './next-task.ts';
import { PersonDatabase } from './person-database.ts';
import { grantsOf, personOf } from './person-of-profile.ts';
import { PersonVaults, type Profile, type UnlockedVault } from './person-vault.ts';
import { beginSession, endSession, type SessionAnswer } from './session-api.ts';
import { recordAttendance } from './record-attendance.ts';
import { SessionRenewal, type Credentials } from './session-renewal.ts';
import { findStorageProblem } from './storage-probe.ts';
import { openTabChannel, type TabChannel } from './tab-channel.ts';
import { withTimeLimit } from './time-limit.ts';
import type { Query, ResultOf, SyncView } from './views.ts';
import { webCrypto } from './web-crypto.ts';
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
/** A lock waits for drafts to be written, but no storage that hangs may keep the device open. */
const LAST_WRITE_MS = 1_000;

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
  contentKeys: ReadonlyMap<string, ContentKey>;
  /** After an unlock: the session may have ended meanwhile. */
  renewal: SessionRenewal | null;
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
      if (document.visibilityState === 'visible')
        this.#open?.worker.post({ type: 'trigger', trigger: 'visible' });
      else void this.#open?.drafts.flush();
    });
    for (const leaving of ['pagehide', 'focusout'])
      addEventListener(leaving, () => void this.#open?.drafts.flush());
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

  async signIn(login: string, password: string): Promise<SignInResult> {
    const known = await this.#known;
    const answer = await beginSession(login, password, known.deviceId);
    if (!answer.ok) return answer;
    const { session } = answer;
    this.#setClock(session.serverNow - Date.now());
    const personId = session.person.id;
    if (this.#open && this.#open.profile.person.id !== personId) await this.lock();
    try {
      if (this.#open) await this.#signInAgain(this.#open, session, password);
      else if (!(await this.#signInFresh(session, password))) return { ok: false, code: 'storageFull' };
      await nextTask();
      await known.remember({ personId, login, lastUsedAt: Date.now() });
    } catch (error) {
      if (isQuotaError(error)) return { ok: false, code: 'storageFull' };
      throw error;
    }
    this.#tabs?.post({ type: 'sessionBegan', personId });
    return { ok: true };
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
    try {
      await known.remember({ ...person, lastUsedAt: Date.now() });
    } catch (error) {
      // Only the order of the list of people: a full disk must not keep anybody from what is on it.
      if (!isQuotaError(error)) throw error;
    }
    if (this.#open) {
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

  async recordAttendance(command: RecordAttendance): Promise<CommandResult> {
    const open = this.#open;
    if (!open) return { ok: false, code: 'locked' };
    const { worker, vault, ...writer } = open;
    return recordAttendance(
      {
        ...writer,
        generation: vault.generation,
        device: this.#deviceId,
        grants: this.#grantsHere(open),
        now: this.now(),
        tellWorker: (message) => worker.post(message),
      },
      command,
    );
  }

  saveDraft(key: string, value: Json): Promise<DraftResult> {
    return this.#open?.drafts.save(key, value) ?? Promise.resolve({ ok: false, code: 'locked' });
  }

  findDraft(key: string): Promise<Draft | null> {
    return this.#open?.drafts.find(key) ?? Promise.resolve(null);
  }

  listDrafts(): Promise<readonly Draft[]> {
    return this.#open?.drafts.list() ?? Promise.resolve([]);
  }

  dropDraft(key: string): Promise<DraftResult> {
    return this.#open?.drafts.drop(key) ?? Promise.resolve({ ok: false, code: 'locked' });
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
      const problem = await findStorageProblem();
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
      if (this.#state.phase === 'starting') this.#setState({ phase: 'unusable', reason: 'storageHangs' });
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
    return new SessionRenewal(personId, this.#deviceId, credentials, async (session, password) => {
      if (this.#open !== open) return;
      await this.#signInAgain(open, session, password);
      this.#tabs?.post({ type: 'sessionBegan', personId });
    });
  }

  #shareable(): { personId: string; vault: UnlockedVault } | null {
    if (!this.#open) return null;
    const { generation, root } = this.#open.vault;
    return { personId: this.#open.profile.person.id, vault: { generation, root, master: null } };
  }

  async #signInFresh(session: SessionAnswer, password: string): Promise<boolean> {
    const personId = session.person.id;
    const db = new PersonDatabase(personId);
    const found = await this.#vaults.open(db, personId, password);
    const vault = typeof found === 'string' ? await this.#vaults.create(db, personId, password) : found;
    await this.#vaults.saveProfile(db, vault, session);
    await this.#openPerson(db, vault, session, true);
    return true;
  }

  /** The same person, already open: the session had ended, or the password is another now. */
  async #signInAgain(open: OpenPerson, session: SessionAnswer, password: string): Promise<void> {
    const personId = session.person.id;
    const found = await this.#vaults.open(open.db, personId, password);
    if (found === 'badPassword') await this.#vaults.rewrap(open.db, personId, open.vault, password);
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
      drafts: new Drafts({
        crypto: webCrypto,
        db,
        keys: () => this.#vaults.draftKeys(db, vault),
        now: () => this.now(),
      }),
      rosters: new Map(),
      profile,
      contentKeys: new Map(),
      renewal: null,
    };
    this.#open = open;
    const { person, streams } = profile;
    const identity = {
      personId: person.id,
      grants: grantsOf(profile),
      streams: streams.map((stream) => stream.key),
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
      const isFull = (await findStorageProblem().catch(() => null)) === 'storageFull';
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
    this.#setState({ phase: 'open', person: personOf(open.profile) });
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
      await withTimeLimit(open.drafts.flush(), LAST_WRITE_MS).catch(() => undefined);
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
    const { person, streams, sealing } = session;
    open.profile = { person, streams, sealing };
    await this.#vaults.saveProfile(open.db, open.vault, open.profile);
    open.contentKeys = await this.#vaults.contentKeys(open.db, open.vault, open.profile);
    if (this.#open !== open) return;
    this.#postProfile(open);
    open.channel.post({ type: 'profile' });
  }

  #postProfile(open: OpenPerson): void {
    const streams = open.profile.streams.map((stream) => stream.key);
    open.worker.post({ type: 'profile', grants: grantsOf(open.profile), streams });
    this.#setState({ phase: 'open', person: personOf(open.profile) });
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
    else if (message.type === 'profile') void this.#rereadProfile().catch(reportError);
  }

  async #rereadProfile(): Promise<void> {
    const open = this.#open;
    const profile = open && (await this.#vaults.readProfile(open.db, open.vault));
    if (!open || !profile || this.#open !== open) return;
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
    this.#open?.renewal?.follow(result as SyncView);
    this.#lastSync = result as SyncView;
    watch.listener({ ...this.#lastSync, persisted: this.#persisted } as never);
  }

  #passSync(): void {
    if (!this.#lastSync) return;
    for (const [id, { query }] of this.#watches)
      if (query.type === 'sync') this.#passResult(id, this.#lastSync);
  }

  #grantsHere({ profile }: OpenPerson): readonly Grant[] {
    return confirmedGrants(grantsOf(profile), this.#lastSync?.lastContactAt ?? null);
  }

  #setClock(offsetMs: number): void {
    this.#clockOffset = offsetMs;
    this.#notify();
  }

  #setState(state: DeviceState): void {
    this.#state = state;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
