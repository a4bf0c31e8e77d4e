import type { Audit } from './audit/audit.ts';
import type { RepeatedEvents } from './audit/repeated-events.ts';
import type { StoredAudit } from './audit/stored-audit.ts';
import type { DeviceRegistry } from './devices/device-registry.ts';
import type { PushPorts } from './exchange/push.ts';
import type { AddressAllowance } from './identity/address-allowance.ts';
import type { LockOut } from './identity/lock-out.ts';
import type { FactorTries } from './identity/second-factor/factor-tries.ts';
import type { SecondFactors } from './identity/second-factor/second-factors.ts';
import type { Tickets } from './identity/second-factor/tickets.ts';
import type { BlanketPermissions } from './permits/blanket-permissions.ts';
import type { Permits } from './permits/permits.ts';
import type { StoredPolicy } from './policy/stored-policy.ts';
import type { SingleSignOn } from './identity/single-sign-on/single-sign-on.ts';
import type { PasswordHasher } from './identity/password.ts';
import type { Sessions } from './identity/sessions.ts';
import type { StoredAccounts } from './identity/stored-accounts.ts';
import type { Secrets } from './secrets/secrets.ts';

/** What the routes and the command line work with. */
export interface GatewayParts extends PushPorts {
  readonly audit: Audit;
  /** For what anybody can cause again and again: denials, refused sign-ins. */
  readonly repeatedEvents: RepeatedEvents;
  /** The chain that `audit` writes, to be read and verified. */
  readonly storedAudit: StoredAudit;
  readonly auditDb: string;
  readonly accounts: StoredAccounts;
  readonly devices: DeviceRegistry;
  readonly policy: StoredPolicy;
  readonly permits: Permits;
  readonly blankets: BlanketPermissions;
  readonly sessions: Sessions;
  readonly hasher: PasswordHasher;
  readonly lockOut: LockOut;
  readonly addressAllowance: AddressAllowance;
  readonly secondFactors: SecondFactors;
  readonly factorTries: FactorTries;
  readonly tickets: Tickets;
  /** The app's own address where it is set; null: whatever a browser asked. */
  readonly publicUrl: string | null;
  /** null: the board has none. */
  readonly singleSignOn: SingleSignOn | null;
  readonly secrets: Secrets;
  readonly version: string;
  /** Called when the gateway closes; gives how to take it back. */
  onClose(listener: () => void): () => void;
}
