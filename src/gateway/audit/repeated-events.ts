import type { Audit, AuditEvent } from './audit.ts';

const WINDOW_MS = 60_000;
const MAX_OPEN = 5000;

/**
 * For what anybody can cause as often as they like (a refusal, a look into the log): the first is written before its
 * answer, those like it within a minute are counted and written as one with their `count`.
 */
export class RepeatedEvents {
  readonly #audit: Audit;
  readonly #open = new Map<string, { event: AuditEvent; count: number }>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(audit: Audit) {
    this.#audit = audit;
  }

  async record(event: AuditEvent): Promise<void> {
    const { kind, by, device, school, target, code } = event;
    // Who has not signed in may call a device whatever they like.
    const key = JSON.stringify([kind, by, by === null ? null : device, school, target, code]);
    const open = this.#open.get(key);
    if (open) {
      open.count += event.count ?? 1;
      return;
    }
    if (this.#open.size >= MAX_OPEN) await this.flush();
    this.#open.set(key, { event, count: 0 });
    this.#timer ??= startTimer(() => void this.flush().catch(() => undefined));
    try {
      await this.#audit.record(event);
    } catch (error) {
      this.#open.delete(key);
      throw error;
    }
  }

  /** Writes what was counted, and counts anew. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const repeated = [...this.#open.values()].filter(({ count }) => count > 0);
    this.#open.clear();
    await Promise.all(repeated.map(({ event, count }) => this.#audit.record({ ...event, count })));
  }
}

function startTimer(work: () => void): ReturnType<typeof setTimeout> {
  const timer = setTimeout(work, WINDOW_MS);
  timer.unref();
  return timer;
}
