import type { Clock } from './clock.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { MemoryAudit } from './audit/memory-audit.ts';
import { Pokes } from './exchange/pokes.ts';
import { StampSeal } from './exchange/stamp.ts';
import { Streams } from './exchange/streams.ts';
import { Tray } from './exchange/tray.ts';
import { route } from './http/router.ts';
import type { RequestContext } from './http/request-context.ts';
import { LockOut } from './identity/lock-out.ts';
import { createPasswordHasher, type PasswordHasher } from './identity/password.ts';
import { Sessions } from './identity/sessions.ts';
import { StoredAccounts } from './identity/stored-accounts.ts';
import type { Log } from './log.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { DocumentStore } from './store/document-store.ts';
import { APP_VERSION } from './version.ts';

export interface GatewayOptions {
  readonly store: DocumentStore;
  readonly secrets: Secrets;
  readonly boardCode: string;
  readonly now: Clock;
  readonly log: Log;
  /** A cheaper one in tests. */
  readonly hasher?: PasswordHasher;
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
  const closing = new Set<() => void>();
  const parts: GatewayParts = {
    store,
    secrets,
    now,
    log,
    hasher,
    audit: new MemoryAudit(),
    seal,
    streams: new Streams({ store, seal, now }),
    tray: new Tray({ store, now }),
    pokes: new Pokes(),
    accounts: new StoredAccounts({ store, db, hasher, now }),
    sessions: new Sessions({ store, db, key: secrets.sessionKey, now }),
    lockOut: new LockOut(now),
    version: APP_VERSION,
    onClose(listener) {
      closing.add(listener);
      return () => closing.delete(listener);
    },
  };
  const sweep = setInterval(() => {
    parts.sessions.sweep().catch(() => log.warn('sweepFailed'));
  }, SWEEP_MS);
  sweep.unref();
  return {
    parts,
    handle: (request, context) => route(parts, request, context),
    async close() {
      clearInterval(sweep);
      for (const listener of [...closing]) listener();
      await parts.streams.queue.idle();
      await hasher.close();
    },
  };
}
