import { auditKinds, type AuditKind } from '#access/audit-kinds.ts';
import { askGateway, type ApiResult } from '#device/online-api.ts';

/** One line of the log, as the gateway gives it. */
export interface AuditLine {
  readonly seq: number;
  readonly at: number;
  readonly kind: AuditKind;
  readonly by: string | null;
  readonly device?: string;
  readonly school?: string;
  readonly target?: string;
  readonly code?: string;
  readonly count?: number;
  readonly happenedAt?: number;
}

export type AuditPeople = Readonly<Record<string, { readonly name: string; readonly login: string }>>;

export interface AuditPage {
  readonly entries: readonly AuditLine[];
  /** null where there is nothing further back. */
  readonly next: number | null;
  readonly people: AuditPeople;
}

export interface AuditScope {
  readonly everything: boolean;
  readonly schools: readonly { readonly code: string; readonly name: string }[];
}

export interface FoundPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
}

/** What the log is narrowed to; a field left out narrows nothing. */
export interface AuditFilters {
  readonly from?: number;
  readonly until?: number;
  readonly kind?: AuditKind;
  readonly person?: string;
  readonly school?: string;
}

export function askAuditPage(filters: AuditFilters, after: number | null): Promise<ApiResult<AuditPage>> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, ...(after === null ? {} : { after }) })) {
    query.set(name, String(value));
  }
  return askGateway('GET', `/api/audit?${query.toString()}`, undefined, parseAuditPage);
}

export function askAuditExport(filters: AuditFilters): Promise<ApiResult<AuditPage>> {
  return askGateway('POST', '/api/audit/export', filters, parseAuditPage);
}

export function askAuditScope(): Promise<ApiResult<AuditScope>> {
  return askGateway('GET', '/api/audit/scope', undefined, (answer) =>
    isRecord(answer) && typeof answer.everything === 'boolean' && Array.isArray(answer.schools)
      ? (answer as unknown as AuditScope)
      : null,
  );
}

export function findAuditPeople(search: string): Promise<ApiResult<readonly FoundPerson[]>> {
  const query = new URLSearchParams({ search });
  return askGateway('GET', `/api/audit/people?${query.toString()}`, undefined, (answer) =>
    isRecord(answer) && Array.isArray(answer.people) ? (answer.people as FoundPerson[]) : null,
  );
}

/** Null where the answer is not the gateway's. A kind that this app does not know yet is left out. */
export function parseAuditPage(answer: unknown): AuditPage | null {
  if (!isRecord(answer) || !Array.isArray(answer.entries) || !isRecord(answer.people)) return null;
  if (answer.next !== null && typeof answer.next !== 'number') return null;
  const known: ReadonlySet<unknown> = new Set(auditKinds);
  const entries = answer.entries.filter(
    (entry) =>
      isRecord(entry) &&
      known.has(entry.kind) &&
      typeof entry.seq === 'number' &&
      typeof entry.at === 'number',
  );
  return { entries, next: answer.next, people: answer.people as AuditPeople };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
