import type { Account } from '../identity/account.ts';
import type { Session } from '../identity/sessions.ts';

/** What the connection says of a request, beside the request itself. */
export interface RequestContext {
  /** Where it comes from: the peer, or what a trusted proxy names. */
  readonly address: string;
  /** Whether the browser's side of the connection is encrypted. */
  readonly secure: boolean;
}

/** Who asks, on routes for people who have signed in. */
export interface SignedIn {
  readonly session: Session;
  readonly account: Account;
  readonly context: RequestContext;
}
