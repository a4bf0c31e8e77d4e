import type { ApiResult } from '#device/online-api.ts';
import { withStepUp } from '#features/session/step-up.svelte.ts';
import {
  askAuditExport,
  askAuditPage,
  askAuditScope,
  type AuditFilters,
  type AuditLine,
  type AuditPage,
  type AuditPeople,
  type AuditScope,
} from './audit-api.ts';

export type AuditTrouble = 'offline' | 'signedOut' | 'denied' | 'serverTrouble';
const troubles: ReadonlySet<string> = new Set<AuditTrouble>(['offline', 'signedOut', 'denied']);

/** The log as far as it was read: asked for online, never stored. */
export class AuditLog {
  lines = $state.raw<readonly AuditLine[] | null>(null);
  people = $state.raw<AuditPeople>({});
  scope = $state.raw<AuditScope | null>(null);
  next = $state<number | null>(null);
  busy = $state(false);
  trouble = $state<AuditTrouble | null>(null);
  #filters: AuditFilters = {};
  #question = 0;

  async open(): Promise<void> {
    const [scope] = await Promise.all([askAuditScope(), this.show({})]);
    if (scope.ok) this.scope = scope.value;
  }

  /** Reads from the end of the log. */
  async show(filters: AuditFilters): Promise<void> {
    this.#filters = filters;
    await this.#ask(null);
  }

  /** Goes on where the last page ended. */
  async more(): Promise<void> {
    if (this.next !== null && !this.busy) await this.#ask(this.next);
  }

  /** All that the filters find, after a fresh proof of who asks; null where that was given up or failed. */
  async export(filters: AuditFilters): Promise<AuditPage | null> {
    this.busy = true;
    const result = await withStepUp(() => askAuditExport(filters));
    this.busy = false;
    if (result.ok) return result.value;
    if (result.code !== 'stepUpRequired') this.trouble = troubleOf(result);
    return null;
  }

  async #ask(after: number | null): Promise<void> {
    const question = ++this.#question;
    this.busy = true;
    const result = await askAuditPage(this.#filters, after);
    // A later question has overtaken this one.
    if (question !== this.#question) return;
    this.busy = false;
    this.trouble = result.ok ? null : troubleOf(result);
    if (!result.ok) return;
    const { entries, people, next } = result.value;
    this.lines = after === null ? entries : [...(this.lines ?? []), ...entries];
    this.people = after === null ? people : { ...this.people, ...people };
    this.next = next;
  }
}

function troubleOf(result: ApiResult<unknown> & { ok: false }): AuditTrouble {
  return troubles.has(result.code) ? (result.code as AuditTrouble) : 'serverTrouble';
}
