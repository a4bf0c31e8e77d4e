import type { Json } from '../../ledger/canonical.ts';
import type { DraftPort } from '../draft-port.ts';
import type { Draft, DraftResult } from '../drafts.ts';

/** Drafts with no disk and no cipher, for whoever stands above the device. */
export class MemoryDrafts implements DraftPort {
  readonly #drafts = new Map<string, Draft>();
  /** What the next changes are answered with. */
  answer: DraftResult = { ok: true };
  /** Every change that reached it, as `save key` and `drop key`. */
  readonly calls: string[] = [];
  now = 1_000;

  async save(key: string, value: Json): Promise<DraftResult> {
    this.calls.push(`save ${key}`);
    if (this.answer.ok) this.#drafts.set(key, { key, at: this.now, value });
    return this.answer;
  }

  async drop(key: string): Promise<DraftResult> {
    this.calls.push(`drop ${key}`);
    if (this.answer.ok) this.#drafts.delete(key);
    return this.answer;
  }

  async find(key: string): Promise<Draft | null> {
    return this.#drafts.get(key) ?? null;
  }

  async list(): Promise<readonly Draft[]> {
    return [...this.#drafts.values()];
  }
}
