import type { AuditKind } from '../../access/audit-kinds.ts';

export { auditKinds, type AuditKind } from '../../access/audit-kinds.ts';

/** One thing that happened. Ids, codes and counts only: never a name, a mark or a text that somebody wrote. */
export interface AuditEvent {
  readonly kind: AuditKind;
  /** The acting person's id; null where nobody is signed in or the gateway acts by itself. */
  readonly by: string | null;
  readonly device?: string;
  /** The session's id. */
  readonly session?: string;
  /** MEXT code of the school that this concerns; left out where it concerns the board or no school. */
  readonly school?: string;
  /** What was acted upon: a person's, device's, permit's, stream's or entry's id. */
  readonly target?: string;
  /** A code that says which way or why. */
  readonly code?: string;
  readonly count?: number;
  /** When it happened where that is not now: a device that was offline tells later. Epoch milliseconds. */
  readonly happenedAt?: number;
}

/** The append-only access log (監査証跡). */
export interface Audit {
  /** Resolves once the event is durable: what must be audited happens only then. */
  record(event: AuditEvent): Promise<void>;
}
