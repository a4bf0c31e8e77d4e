import type { Clock } from './clock.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { Audit } from './audit/audit.ts';
import { RepeatedEvents } from './audit/repeated-events.ts';
import { PRESET_RETENTION_DAYS } from './audit/retention.ts';
import { StoredAudit } from './audit/stored-audit.ts';
import { sweepAudit } from './audit/sweep-audit.ts';
import type { AuditWitness } from './audit/witness-file.ts';
import { DeviceRegistry } from './devices/device-registry.ts';
import { Pokes } from './exchange/pokes.ts';
import { noSignatures } from './exchange/row-signatures.ts';
import { StampSeal } from './exchange/stamp.ts';
import { Streams } from './exchange/streams.ts';
import { Tray } from './exchange/tray.ts';
import { route } from './http/router.ts';
import type { RequestContext } from './http/request-context.ts';
import { AddressAllowance } from './identity/address-allowance.ts';
import { LockOut } from './identity/lock-out.ts';
import { createPasswordHasher, type PasswordHasher } from './identity/password.ts';
import { FactorTries } from './identity/second-factor/factor-tries.ts';
import { SecondFactors } from './identity/second-factor/second-factors.ts';
import { Tickets } from './identity/second-factor/tickets.ts';
import { Sessions } from './identity/sessions.ts';
import { openSingleSignOn } from './identity/single-sign-on/open-single-sign-on.ts';
import type { SsoConfig } from './identity/single-sign-on/sso-config.ts';
import { StoredAccounts } from './identity/stored-accounts.ts';
import { BlanketPermissions } from './permits/blanket-permissions.ts';
import { Permits } from './permits/permits.ts';
import { StoredPolicy } from './policy/stored-policy.ts';
import type { Log } from './log.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { DocumentStore } from './store/document-store.ts';
import { APP_VERSION } from './version.ts';

export interface GatewayOptions {
  readonly store: DocumentStore;
  readonly secrets: Secrets;
  readonly boardCode: string;
  readonly now: Clock;
  /** What a telephone's clock shows; left out: `now`, which is another time in the practice city. */
  readonly phoneNow?: Clock;
  readonly log: Log;
  /** The app's own address; left out: whatever a browser asked. */
  readonly publicUrl?: string | null;
  /** Left out: nobody signs in with a provider. */
  readonly singleSignOn?: SsoConfig | null;
  /** Left out: an audit database that is set back as a whole goes unnoticed. */
  readonly auditWitness?: AuditWitness;
  /** How long the audit is kept; never less than a year. */
  readonly auditDays?: number;
  /** A cheaper one in tests. */
  readonly hasher?: PasswordHasher;
  /** One that is looked into, in tests; the stored one is there all the same. */
  readonly audit?: Audit;
}

/** The only door to the school's data: a function from request to response, and its parts for the command line. */
export interface Gateway {
  readonly parts: GatewayParts;
  handle(request: Request, context: RequestContext): Promise<Response>;
  /** Ends open event streams, waits for writes, and closes what the gateway opened itself; the store stays open. */
  close(): Promise<void>;
}

const SWEEP_MS = 3_600_000;

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { store, secrets, now, log } = options;
  const db = `accounts-${options.boardCode}`;
  await store.ensureDatabase(db);
  const hasher = options.hasher ?? createPasswordHasher();
  const seal = new StampSeal(secrets.stampKey);
  const auditDb = `audit-${options.boardCode}`;
  const storedAudit = await StoredAudit.open({
    store,
    db: auditDb,
    key: secrets.auditKey,
    now,
    ...(options.auditWitness ? { witness: options.auditWitness } : {}),
  });
  const audit = options.audit ?? storedAudit;
  const closing = new Set<() => void>();
  const accounts = new StoredAccounts({ store, db, hasher, now });
  const parts: GatewayParts = {
    store,
    secrets,
    now,
    log,
    hasher,
    audit,
    auditDb,
    storedAudit,
    repeatedEvents: new RepeatedEvents(audit),
    seal,
    streams: new Streams({ store, seal, now }),
    tray: new Tray({ store, now }),
    signatures: noSignatures,
    pokes: new Pokes(),
    accounts,
    singleSignOn: options.singleSignOn
      ? openSingleSignOn({ config: options.singleSignOn, store, db, secrets, accounts, now })
      : null,
    devices: new DeviceRegistry({ store, db, key: secrets.sessionKey, now }),
    policy: new StoredPolicy({ store, db, now }),
    permits: new Permits({ store, db, now, audit }),
    blankets: new BlanketPermissions({ store, db, now }),
    sessions: new Sessions({ store, db, key: secrets.sessionKey, now }),
    lockOut: new LockOut(now),
    addressAllowance: new AddressAllowance(now),
    secondFactors: new SecondFactors({
      store,
      db,
      key: secrets.factorKey,
      now,
      phoneNow: options.phoneNow ?? now,
    }),
    factorTries: new FactorTries({ store, db, key: secrets.factorKey, now }),
    tickets: new Tickets(now),
    publicUrl: options.publicUrl ?? null,
    version: APP_VERSION,
    onClose(listener) {
      closing.add(listener);
      return () => closing.delete(listener);
    },
  };
  const sweep = setInterval(() => {
    parts.sessions.sweep().catch(() => log.warn('sweepFailed'));
    parts.permits.expireAll().catch(() => log.warn('permitSweepFailed'));
    sweepAudit(storedAudit, now(), options.auditDays ?? PRESET_RETENTION_DAYS).catch(() =>
      log.warn('auditSweepFailed'),
    );
  }, SWEEP_MS);
  sweep.unref();
  return {
    parts,
    handle: (request, context) => route(parts, request, context),
    async close() {
      clearInterval(sweep);
      for (const listener of [...closing]) listener();
      await parts.streams.queue.idle();
      await parts.repeatedEvents.flush().catch(() => log.warn('auditFlushFailed'));
      await storedAudit.idle();
      await hasher.close();
    },
  };
}
