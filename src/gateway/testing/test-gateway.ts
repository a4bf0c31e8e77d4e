import type { Grant } from '../../access/subject.ts';
import type { Entry } from '../../ledger/entry.ts';
import { registerStream, type Stream } from '../../ledger/stream.ts';
import { importContext } from '../exchange/user-context.ts';
import { MemoryAudit } from '../audit/memory-audit.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { SsoConfig } from '../identity/single-sign-on/sso-config.ts';
import { silentLog, type Log } from '../log.ts';
import { createMemorySecrets } from '../secrets/memory-secrets.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { FailingStore } from './failing-store.ts';
import { plainHasher } from './plain-hasher.ts';
import { NOW, OTHER_SCHOOL, PASSWORD, people, rosterEntries, SCHOOL, YEAR } from './small-town.ts';
import { TestClient } from './test-client.ts';

export const ORIGIN = 'http://school.test';

export interface TestGatewayOptions {
  readonly store?: DocumentStore;
  readonly secrets?: Secrets;
  readonly log?: Log;
  readonly singleSignOn?: SsoConfig;
  readonly people?: Readonly<Record<string, readonly Grant[]>>;
  /** Audits into the store as a real gateway does, and not into `audited`. */
  readonly storedAudit?: true;
  /** Left out: the small town is put into the store. */
  readonly empty?: true;
}

/** A gateway in this process, with the small town behind it and a clock that stands still. */
export class TestGateway<Store extends DocumentStore = FailingStore> {
  readonly gateway: Gateway;
  readonly store: Store;
  readonly secrets: Secrets;
  readonly clock: { now: number };
  /** What was audited, in order. */
  readonly audited: MemoryAudit;

  private constructor(
    gateway: Gateway,
    store: Store,
    secrets: Secrets,
    clock: { now: number },
    audited: MemoryAudit,
  ) {
    this.audited = audited;
    this.gateway = gateway;
    this.store = store;
    this.secrets = secrets;
    this.clock = clock;
  }

  static async open(options: Omit<TestGatewayOptions, 'store'> = {}): Promise<TestGateway> {
    return TestGateway.openOn(new FailingStore(), options);
  }

  static async openOn<Store extends DocumentStore>(
    store: Store,
    options: TestGatewayOptions = {},
  ): Promise<TestGateway<Store>> {
    const clock = { now: NOW };
    const secrets = options.secrets ?? createMemorySecrets();
    const audited = new MemoryAudit();
    const gateway = await createGateway({
      ...(options.storedAudit ? {} : { audit: audited }),
      store,
      secrets,
      boardCode: 'test',
      now: () => clock.now,
      log: options.log ?? silentLog,
      singleSignOn: options.singleSignOn ?? null,
      hasher: plainHasher,
    });
    const opened = new TestGateway(gateway, store, secrets, clock, audited);
    if (!options.empty) {
      for (const school of [SCHOOL, OTHER_SCHOOL]) {
        await opened.writeAround(registerStream(school, YEAR), rosterEntries(school));
      }
      for (const [login, grants] of Object.entries(options.people ?? people)) {
        await opened.addPerson(login, grants);
      }
    }
    return opened;
  }

  async addPerson(login: string, grants: readonly Grant[]): Promise<void> {
    const account = { personId: login, login, name: login, grants, password: PASSWORD };
    const created = await this.gateway.parts.accounts.createAccount(account);
    if (!created.ok) throw new Error(created.code);
  }

  /** Writes as an import does. */
  async writeAround(stream: Stream, entries: readonly Entry[]): Promise<void> {
    const { streams } = this.gateway.parts;
    await this.store.ensureDatabase(stream.db);
    await streams.writeAround(async () => {
      const stamper = await streams.openStream(stream);
      const stamped = entries.map((entry) =>
        stamper.stamp(entry, { at: this.clock.now, by: entry.by, device: entry.device }),
      );
      await this.store.putEntries(stream.db, stamped, importContext);
    });
  }

  /** Somebody at a browser who has not signed in. */
  client(device = 'device'): TestClient {
    return new TestClient(
      (request) => this.gateway.handle(request, { address: '192.0.2.1', secure: false }),
      device,
    );
  }

  async signIn(login: string, device = `${login}-device`): Promise<TestClient> {
    const client = this.client(device);
    const answer = await client.signIn(login, PASSWORD);
    if (answer.status !== 200) throw new Error(`${login} cannot sign in: ${answer.status}`);
    return client;
  }

  get dbs(): Promise<string[]> {
    return this.store.listDatabases();
  }
}
