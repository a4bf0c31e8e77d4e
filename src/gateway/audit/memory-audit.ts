import type { Audit, AuditEvent } from './audit.ts';

/** Keeps events in memory, for tests. */
export class MemoryAudit implements Audit {
  readonly events: AuditEvent[] = [];

  async record(event: AuditEvent): Promise<void> {
    this.events.push(event);
  }
}
