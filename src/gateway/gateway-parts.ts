import type { Audit } from './audit/audit.ts';
import type { PushPorts } from './exchange/push.ts';
import type { LockOut } from './identity/lock-out.ts';
import type { PasswordHasher } from './identity/password.ts';
import type { Sessions } from './identity/sessions.ts';
import type { StoredAccounts } from './identity/stored-accounts.ts';
import type { Secrets } from './secrets/secrets.ts';

/** What the routes and the command line work with. */
export interface GatewayParts extends PushPorts {
  readonly audit: Audit;
  readonly accounts: StoredAccounts;
  readonly sessions: Sessions;
  readonly hasher: PasswordHasher;
  readonly lockOut: LockOut;
  readonly secrets: Secrets;
  readonly version: string;
  /** Called when the gateway closes; gives how to take it back. */
  onClose(listener: () => void): () => void;
}
